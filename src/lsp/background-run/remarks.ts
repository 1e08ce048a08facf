import {
  type CompiledStatement,
  type ExpectationKind,
  type Expectations,
  explainFailure,
  explainRefusal,
  type ObservedOutcome,
  type Program,
} from '../../language';
import {
  type Around,
  checkedAgainst,
  type FailedExpectation,
  newlyStale,
  staleText,
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
import { failedExpectationMessage, shortened } from '../failed-expectation';

/** A runtime diagnostic of a statement that ran. */
export interface Remark {
  readonly kind: 'refused' | 'livelock' | 'warn' | 'stale' | 'failed-expectation' | 'suspended' | 'missed';
  /** Index of the statement in the program, from 0. */
  readonly index: number;
  readonly message: string;
  /** Why KVM refuses the call; null for other kinds, and if the call fails after its checks. */
  readonly reason: RefusedEvent['reason'] | null;
  /** The errno of the call; null for other kinds. */
  readonly errno: Errno | null;
  /** The failed expectation; null for other kinds. */
  readonly failed: FailedExpectation | null;
  /** The slots it concerns, each with the statement that created or moved it. */
  readonly slots: readonly Origin[];
  /** The files it concerns, by name. */
  readonly files: readonly string[];
}

/** The index of the statement that created or moved a slot. */
export interface Origin {
  readonly slot: number;
  readonly index: number;
}

/** A statement that ran, with its outcome. */
export interface Performed extends Around {
  readonly statement: CompiledStatement;
  readonly events: readonly TracedEvent[];
  readonly expectations: () => ObservedOutcome;
}

const PLAIN = { reason: null, errno: null, failed: null, slots: [], files: [] } as const;

/** The errno of a failed call, with the refusal that caused it if there was one; null if the call succeeded. */
function failureOf(events: readonly TracedEvent[]): { errno: Errno; refused: RefusedEvent | null } | null {
  const result = events.findLast((event) => event.type === 'return')?.result ?? 'ok';
  if (result === 'ok') return null;
  const refusals = events.filter((event) => event.type === 'refused');
  return { errno: result, refused: refusals.findLast(({ errno }) => errno === result) ?? null };
}

/** The statements that created or moved the slots with these ids. */
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

/** Expectations that name gfns but no slot. */
const OF_GFNS = [
  'mapped',
  'rewrote',
  'mmio',
  'stale',
  'attributes',
  'unaccepted',
] as const satisfies ExpectationKind[];

/** The ids of the slots that expectations concern. */
function slotsIn(expectations: Expectations, before: VmState): readonly number[] {
  const named = [...(expectations.zapped ?? []).map(({ slot }) => slot), ...(expectations.skipped ?? [])];
  const ranges: readonly Range[] = OF_GFNS.flatMap((kind) => expectations[kind] ?? []);
  const touched = ranges.map(({ start }) => slotAt(before, start)?.id ?? null);
  return [...named, ...touched].filter((id) => id !== null);
}

function filesIn({ freed = [], allocated = [] }: Expectations): readonly string[] {
  return [...freed, ...allocated].map(({ file }) => file);
}

/** The failed expectations of a statement. */
function failedExpectationRemarks(index: number, performed: Performed, origins: readonly Origin[]): Remark[] {
  const { statement, expectations } = performed;
  const before = vmBefore(performed);
  return checkedAgainst(statement, expectations()).failed.map((failed): Remark => {
    const sides = [failed.missing, failed.extra];
    return {
      ...PLAIN,
      kind: 'failed-expectation',
      index,
      message: failedExpectationMessage(failed),
      failed,
      slots: originsOf(
        sides.flatMap((side) => slotsIn(side, before)),
        origins,
      ),
      files: [...new Set(sides.flatMap(filesIn))],
    };
  });
}

/** Reports a deadlock, a resumed call that has returned, and an `until` that was not reached. */
function courseRemarks(index: number, { statement: { course }, events, after }: Performed): Remark[] {
  const suspended = suspensionOf(events);
  if (suspended?.why === 'deadlock') {
    return [{ ...PLAIN, kind: 'livelock', index, message: suspensionPhrase(suspended, after) }];
  }
  if (suspended?.why === 'returned') {
    const message = `\`${course.title}\` has already returned: there is no call to resume`;
    return [{ ...PLAIN, kind: 'missed', index, message }];
  }
  if (suspended !== null || course.until === null) return [];
  const message = `the call returns without reaching ${course.until}, so it does not suspend`;
  return [{ ...PLAIN, kind: 'missed', index, message }];
}

/** The calls that are still suspended at the end of a scenario. */
export function leftStanding({ statements }: Program, { tasks }: State): Remark[] {
  return tasks
    .filter(({ suspended }) => suspended !== 'deadlock')
    .flatMap(({ title }): Remark[] => {
      const index = statements.findLastIndex(({ course }) => course.title === title && !course.continues);
      const hint = statements[index]?.course.named === true ? `: \`continue ${title}\` resumes it` : '';
      const message = `the call is still suspended at the end of the scenario${hint}`;
      return index < 0 ? [] : [{ ...PLAIN, kind: 'suspended', index, message }];
    });
}

type News = Pick<Remark, 'kind' | 'message'>;

type Reader<T extends Type> = (event: Extract<Event, { readonly type: T }>) => News;
type Type = Event['type'];

/** An event that causes no runtime diagnostic, and why. */
const nothing = (_why: string) => null;

const AS_IT_SHOULD = nothing('kernels normally do this');
const WITH_RESULT = nothing('the diagnostic of the result includes it (courseRemarks, refusalRemark)');

/** The runtime diagnostic of each type of event. */
const NEWS: { readonly [T in Type]: Reader<T> | null } = {
  warn: ({ text }) => ({ kind: 'warn', message: text }),
  oops: ({ text }) => ({ kind: 'warn', message: `the kernel stops: ${text}` }),
  livelock: () => ({ kind: 'livelock', message: 'the kernel would retry forever: the call never returns' }),
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

function noted(index: number, events: readonly TracedEvent[]): Remark[] {
  return events.flatMap((event): Remark[] => {
    const news = newsOf(event);
    return news === null ? [] : [{ ...PLAIN, ...news, index }];
  });
}

/** The mappings that became stale, of which a bug may leave hundreds at once. */
function staleRemarks(index: number, performed: Performed): Remark[] {
  const stale = newlyStale(performed);
  if (stale.length === 0) return [];
  return [{ ...PLAIN, kind: 'stale', index, message: `STALE ${shortened(stale.map(staleText).join(', '))}` }];
}

/**
 * What a statement did besides its expectations, if they say nothing about it. A result, written or implied, says whether
 * the call is refused, ends and suspends.
 */
function unmentionedRemarks(index: number, performed: Performed, expected: Expectations): Remark[] {
  const { events } = performed;
  return [
    ...(expected.warn === undefined
      ? noted(
          index,
          events.filter(({ type }) => type === 'warn'),
        )
      : []),
    ...(expected.stale === undefined ? staleRemarks(index, performed) : []),
    ...(expected.result === undefined && suspensionOf(events) === null
      ? courseRemarks(index, performed)
      : []),
  ];
}

/** The runtime diagnostics of a statement that ran. `origins` are those of the slots before it. */
export function remarksOn(index: number, performed: Performed, origins: readonly Origin[]): Remark[] {
  const { statement, events } = performed;
  if (statement.expected !== null) {
    return [
      ...failedExpectationRemarks(index, performed, origins),
      ...unmentionedRemarks(index, performed, statement.expected),
    ];
  }
  // Only what need not hold in every order is expected: the explorer decides.
  if (statement.quantified.length > 0) return [];
  return [
    ...noted(index, events),
    ...staleRemarks(index, performed),
    ...courseRemarks(index, performed),
    ...refusalRemark(index, statement, events, origins),
  ];
}

/** The slots that a statement created or moved. */
export function originsIn(index: number, events: readonly TracedEvent[]): Origin[] {
  return events.flatMap((event) =>
    event.type === 'slot' && event.change !== 'deleted' ? [{ slot: event.slot, index }] : [],
  );
}
