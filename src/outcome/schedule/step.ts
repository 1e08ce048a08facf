/** What one step of a call did, in phrases. */
import {
  type Call,
  type LockHolder,
  nextStep,
  type Slot,
  type State,
  type Task,
  type TracedEvent,
  vmOf,
} from '../../simulator';
import { type Around, aroundCall } from '../affected-vm';
import { describe } from '../text/describe';
import { leftBehindParts, staleParts } from '../text/left-behind';
import { hex } from '../text/notation';
import type { PartKind } from '../text/part';
import type { HeldLock, ScheduleStep, ScheduleStop, StepPhrase } from './schedule';

/** A call that is running. */
export interface RunningCall {
  /** Its task in the schedule. */
  readonly task: number;
  readonly call: Call;
  /** The state in which it began. */
  readonly begun: State;
}

/** A step that ran. */
export interface RanStep {
  /** The task of the simulator before the step. */
  readonly task: Task;
  readonly before: State;
  readonly after: State;
  readonly events: readonly TracedEvent[];
}

/** Name of the lock, with its object if there are several. */
function nameOf({ lock }: LockHolder, { files, vms }: State): string {
  const fileName = (id: number) => files.find((file) => file.id === id)?.name ?? String(id);
  switch (lock.kind) {
    case 'invalidate_lock':
      return `${lock.kind} of ${fileName(lock.file)}`;
    case 'folio_lock':
      return `${lock.kind} of ${fileName(lock.file)} page ${hex(lock.page)}`;
    case 'mmap_lock':
      return `${lock.kind} of slot ${lock.memory}`;
    case 'vcpu':
      return `vCPU ${lock.vcpu}`;
    default:
      return `${lock.kind === 'srcu' ? 'SRCU' : lock.kind}${vms.length > 1 ? ` of VM ${lock.vm}` : ''}`;
  }
}

function heldBy(state: State, task: number): readonly HeldLock[] {
  return state.locks
    .filter((held) => held.task === task)
    .map((held) => ({ text: nameOf(held, state), mode: held.mode }));
}

/** Locks that are taken for reading or for writing; the others are always exclusive. */
const SHARABLE = /^(?:mmu_lock|invalidate_lock|mmap_lock)/;

/** What is written for taking and for dropping something that is held. */
function verbsOf(name: string): readonly [takes: string, drops: string] {
  if (name.startsWith('SRCU')) return ['enters', 'leaves'];
  return name.startsWith('mn_active') ? ['increments', 'decrements'] : ['takes', 'drops'];
}

function takenPhrase({ text, mode }: HeldLock): StepPhrase {
  const how = SHARABLE.test(text) ? ` (${mode})` : '';
  return { text: `${verbsOf(text)[0]} ${text}${how}`, kind: 'lock', wrong: false };
}

/** Without the object of the lock: the task holds few. */
function droppedPhrase({ text }: HeldLock): StepPhrase {
  return { text: `${verbsOf(text)[1]} ${text.replace(/ of .*/, '')}`, kind: 'lock', wrong: false };
}

/** The locks of the first list that the second lacks. */
function without(locks: readonly HeldLock[], others: readonly HeldLock[]): readonly HeldLock[] {
  const left = [...others];
  return locks.filter(({ text, mode }) => {
    const at = left.findIndex((other) => other.text === text && other.mode === mode);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** The beginning and the end of invalidations: bookkeeping, but a fault retries because of it. */
function invalidationPhrases(events: readonly TracedEvent[]): readonly StepPhrase[] {
  return events.flatMap((event): StepPhrase[] => {
    if (event.type !== 'invalidate') return [];
    const { phase, inProgress } = event;
    const others = phase === 'begin' ? inProgress - 1 : inProgress;
    const more = others > 0 ? `; ${others} more in progress` : '';
    return [{ text: `invalidation ${phase}s${more}`, kind: 'invalidation', wrong: false }];
  });
}

/** A slot that is being deleted or moved is published as INVALID first, which no event reports: faults retry because of it. */
function invalidSlots({ before, after, vmId }: Around): readonly StepPhrase[] {
  const had = before.vms[vmId]?.slots ?? [];
  const slots = after.vms[vmId]?.slots ?? [];
  if (slots === had) return [];
  const isNew = ({ id, invalid }: Slot) => invalid && !had.some((slot) => slot.id === id && slot.invalid);
  return slots.filter(isNew).map(({ id }) => ({ text: `slot ${id} INVALID`, kind: 'slots', wrong: false }));
}

/** Parts that say how the call ended, not what it changed. */
const ENDINGS: ReadonlySet<PartKind> = new Set(['result', 'quiet', 'course']);

/** What the call returns; null if the step does not end it. */
function returnPhrase(events: readonly TracedEvent[], ending: string | undefined): StepPhrase | null {
  const returned = events.find((event) => event.type === 'return');
  if (returned === undefined) return null;
  return { text: `returns ${ending ?? returned.result}`, kind: 'returns', wrong: false };
}

function phrasesOf(
  { call, begun }: RunningCall,
  { task, before, after, events: all }: RanStep,
): readonly StepPhrase[] {
  const events = all.filter(({ type }) => type !== 'suspended' && type !== 'livelock');
  const returns = events.some(({ type }) => type === 'return');
  const around = aroundCall(call, before, after, task.vmId);
  const { parts } = describe({ call, expected: null }, events, around, returns);
  const unfinished = returns ? [] : staleParts(around).map((part) => ({ ...part, kind: 'stale' as const }));
  const isNew = vmOf(after, around.vmId) !== undefined && around.vmId < begun.vms.length;
  const left =
    returns && isNew
      ? leftBehindParts({ ...around, before: begun }).map((part) => ({
          ...part,
          kind: 'left-behind' as const,
        }))
      : [];
  const told = parts.filter(({ kind }) => !ENDINGS.has(kind) && kind !== 'left-behind');
  const ending = parts.find(({ kind }) => kind === 'result')?.text;
  const end = returnPhrase(events, ending);
  return [
    ...invalidationPhrases(events),
    ...invalidSlots(around),
    ...[...told, ...unfinished, ...left].map(({ text, kind, verdict }) => ({
      text,
      kind,
      wrong: verdict !== null,
    })),
    ...(end === null ? [] : [end]),
  ];
}

/** The entry for a call that was found to loop; null if the events do not report that. */
export function livelockStop(task: number, events: readonly TracedEvent[]): ScheduleStop | null {
  if (!events.some(({ type }) => type === 'livelock')) return null;
  return { kind: 'stop', task, text: 'livelock: KVM would retry forever', wrong: true };
}

/** The step as an entry of a schedule. */
export function scheduleStep(running: RunningCall, ran: RanStep): ScheduleStep {
  const { task, before, after } = ran;
  const [had, held] = [heldBy(before, task.id), heldBy(after, task.id)];
  const locks = [...without(held, had).map(takenPhrase), ...without(had, held).map(droppedPhrase)];
  return {
    kind: 'step',
    task: running.task,
    ...nextStep(before, task),
    phrases: [...locks, ...phrasesOf(running, ran)],
    held,
  };
}
