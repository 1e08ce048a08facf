import {
  type AllExpectations,
  type CompiledStatement,
  type ExpectationKind,
  type Expectations,
  explainFailure,
  explainRefusal,
  type Program,
} from '../../language';
import {
  type Around,
  checkedAgainst,
  type FailedExpectation,
  suspensionOf,
  suspensionPhrase,
  vmBefore,
} from '../../outcome';
import {
  type Errno,
  type Event,
  type Range,
  type RefusedEvent,
  type State,
  slotAt,
  type TracedEvent,
  type VmState,
} from '../../simulator';
import { failedExpectationText } from '../failed-expectation';

/** What the writer of a scenario should know about a statement that ran. */
export interface Remark {
  readonly kind: 'refused' | 'livelock' | 'warn' | 'failed-expectation' | 'suspended' | 'missed';
  /** Which statement of the program, from 0. */
  readonly index: number;
  readonly message: string;
  /** Why KVM refuses; null for the other kinds, and where the call meets an obstacle on its way. */
  readonly reason: RefusedEvent['reason'] | null;
  /** What the call ends with; null for the other kinds. */
  readonly errno: Errno | null;
  /** The expectation that is not so; null for the other kinds. */
  readonly failed: FailedExpectation | null;
  /** The slots that it is about, each with the statement that gave it its place. */
  readonly slots: readonly Origin[];
  /** The files that it is about, by name. */
  readonly files: readonly string[];
}

/** A statement, by its index, that gave a slot its place. */
export interface Origin {
  readonly slot: number;
  readonly index: number;
}

/** A statement that ran, with what it did. */
export interface Performed extends Around {
  readonly statement: CompiledStatement;
  readonly events: readonly TracedEvent[];
  readonly expectations: () => AllExpectations;
}

const PLAIN = { reason: null, errno: null, failed: null, slots: [], files: [] } as const;

/** What the call returned if it failed, with the refusal that led to it if there was one. */
function failureOf(events: readonly TracedEvent[]): { errno: Errno; refused: RefusedEvent | null } | null {
  const result = events.findLast((event) => event.type === 'return')?.result ?? 'ok';
  if (result === 'ok') return null;
  const refusals = events.filter((event) => event.type === 'refused');
  return { errno: result, refused: refusals.findLast(({ errno }) => errno === result) ?? null };
}

/** The statements that gave slots their places, of the slots of these ids. */
function originsOf(slots: Iterable<number>, origins: readonly Origin[]): readonly Origin[] {
  return [...new Set(slots)].flatMap((id) => origins.findLast(({ slot }) => slot === id) ?? []);
}

function refusalRemark(
  index: number,
  { call }: CompiledStatement,
  events: readonly TracedEvent[],
  origins: readonly Origin[],
): Remark[] {
  const failure = failureOf(events);
  if (failure === null) return [];
  const { errno, refused } = failure;
  if (refused === null) {
    const message = explainFailure(call, errno);
    return message === null ? [] : [{ ...PLAIN, kind: 'refused', index, message, errno }];
  }
  const { reason, otherSlot } = refused;
  const slots = otherSlot === undefined ? [] : originsOf([otherSlot], origins);
  const message = explainRefusal(call, errno, refused);
  return [{ ...PLAIN, kind: 'refused', index, message, reason, errno, slots }];
}

/** Expectations of gfns without the slot's id. */
const OF_GFNS = [
  'mapped',
  'rewrote',
  'mmio',
  'stale',
  'attributes',
  'unaccepted',
] as const satisfies ExpectationKind[];

/** The slots that expects are about, by id. */
function slotsIn(expectations: Expectations, before: VmState): readonly number[] {
  const named = [...(expectations.zapped ?? []).map(({ slot }) => slot), ...(expectations.skipped ?? [])];
  const ranges: readonly Range[] = OF_GFNS.flatMap((kind) => expectations[kind] ?? []);
  const touched = ranges.map(({ start }) => slotAt(before, start)?.id ?? null);
  return [...named, ...touched].filter((id) => id !== null);
}

function filesIn({ freed = [], allocated = [] }: Expectations): readonly string[] {
  return [...freed, ...allocated].map(({ file }) => file);
}

/** Expectations that are not so. */
function failedExpectationRemarks(index: number, performed: Performed, origins: readonly Origin[]): Remark[] {
  const { statement, expectations } = performed;
  const before = vmBefore(performed);
  return checkedAgainst(statement, expectations()).failed.map((failed): Remark => {
    const sides = [failed.missing, failed.extra];
    return {
      ...PLAIN,
      kind: 'failed-expectation',
      index,
      message: failedExpectationText(failed),
      failed,
      slots: originsOf(
        sides.flatMap((side) => slotsIn(side, before)),
        origins,
      ),
      files: [...new Set(sides.flatMap(filesIn))],
    };
  });
}

/** What a call does not do among others, and was asked to. */
function courseRemarks(index: number, { statement: { course }, events, after }: Performed): Remark[] {
  const suspended = suspensionOf(events);
  if (suspended?.why === 'deadlock') {
    return [{ ...PLAIN, kind: 'livelock', index, message: suspensionPhrase(suspended, after) }];
  }
  if (suspended?.why === 'returned') {
    const message = `\`${course.title}\` has returned before: there is nothing to resume`;
    return [{ ...PLAIN, kind: 'missed', index, message }];
  }
  if (suspended !== null || course.until === null) return [];
  const message = `the call returns without coming to ${course.until}: it does not suspend`;
  return [{ ...PLAIN, kind: 'missed', index, message }];
}

/** The calls that are suspended where a scenario ends: what it says of them is not the whole story. */
export function leftStanding({ statements }: Program, { tasks }: State): Remark[] {
  return tasks
    .filter(({ suspended }) => suspended !== 'deadlock')
    .flatMap(({ title }): Remark[] => {
      const index = statements.findLastIndex(({ course }) => course.title === title && !course.continues);
      const goesOn = statements[index]?.course.named === true ? `: \`continue ${title}\` resumes it` : '';
      const message = `the call is suspended at the end of the scenario${goesOn}`;
      return index < 0 ? [] : [{ ...PLAIN, kind: 'suspended', index, message }];
    });
}

type News = Pick<Remark, 'kind' | 'message'>;

type Reader<T extends Type> = (event: Extract<Event, { readonly type: T }>) => News;
type Type = Event['type'];

/** An event that is no runtime diagnostic by itself, and why. */
const nothing = (_why: string) => null;

const AS_IT_SHOULD = nothing('a kernel does this');
const WITH_RESULT = nothing('the diagnostic of how the call ends has it (courseRemarks, refusalRemark)');

/** What each type of event is in an editor, where the scenario expects nothing of the statement. */
const NEWS: { readonly [T in Type]: Reader<T> | null } = {
  warn: ({ text }) => ({ kind: 'warn', message: text }),
  oops: ({ text }) => ({ kind: 'warn', message: `the kernel stops: ${text}` }),
  livelock: () => ({ kind: 'livelock', message: 'the kernel would retry for ever: the call never returns' }),
  refused: WITH_RESULT,
  return: WITH_RESULT,
  suspended: WITH_RESULT,
  'byte-zeroed': nothing('the inline text has it'),
  'slot-skipped': nothing('the inline text has it'),
  sptes: AS_IT_SHOULD,
  zap: AS_IT_SHOULD,
  'zap-all': AS_IT_SHOULD,
  flush: AS_IT_SHOULD,
  fault: AS_IT_SHOULD,
  exit: AS_IT_SHOULD,
  invalidate: AS_IT_SHOULD,
  retry: AS_IT_SHOULD,
  'gmem-allocated': AS_IT_SHOULD,
  'gmem-freed': AS_IT_SHOULD,
  poisoned: AS_IT_SHOULD,
  sigbus: AS_IT_SHOULD,
  attributes: AS_IT_SHOULD,
  notifier: AS_IT_SHOULD,
  'host-pages': AS_IT_SHOULD,
  slot: AS_IT_SHOULD,
  rmp: AS_IT_SHOULD,
  'direct-map-split': AS_IT_SHOULD,
  instruction: AS_IT_SHOULD,
  'guest-exception': AS_IT_SHOULD,
  unaccepted: AS_IT_SHOULD,
  read: AS_IT_SHOULD,
};

function newsOf(event: Event): News | null {
  return (NEWS[event.type] as Reader<Type> | null)?.(event) ?? null;
}

/** Remarks on a statement that ran. `origins` are those of the slots before it. */
export function remarksOn(index: number, performed: Performed, origins: readonly Origin[]): Remark[] {
  const { statement, events } = performed;
  // What is expected needs no warning: whoever wrote the scenario knows.
  if (statement.expected !== null) return failedExpectationRemarks(index, performed, origins);
  const noted = events.flatMap((event): Remark[] => {
    const news = newsOf(event);
    return news === null ? [] : [{ ...PLAIN, ...news, index }];
  });
  return [...noted, ...courseRemarks(index, performed), ...refusalRemark(index, statement, events, origins)];
}

/** The slots that a statement gave their place. */
export function originsIn(index: number, events: readonly TracedEvent[]): Origin[] {
  return events.flatMap((event) =>
    event.type === 'slot' && event.change !== 'deleted' ? [{ slot: event.slot, index }] : [],
  );
}
