/** Calls whose steps alternate, as a list of what happens: the basis of figures of a schedule. */
import type { PartKind } from '../text/part';

/** What a step did, in a few words. */
export interface StepPhrase {
  readonly text: string;
  /** The part of the inline text with these words; the others are not in it. */
  readonly kind: PartKind | 'lock' | 'invalidation' | 'returns';
  /** Whether no kernel should do this. */
  readonly wrong: boolean;
}

/** A lock that a task holds. */
export interface HeldLock {
  /** `mmu_lock`, `folio_lock of A page 0x0`. */
  readonly text: string;
  readonly mode: 'read' | 'write';
}

/** A step of a call. */
export interface ScheduleStep {
  readonly kind: 'step';
  readonly task: number;
  readonly procedure: string;
  readonly label: string;
  readonly phrases: readonly StepPhrase[];
  /** The locks that the task holds after the step, in the order in which it took them. */
  readonly held: readonly HeldLock[];
}

/** A task makes a call. */
export interface ScheduleCall {
  readonly kind: 'call';
  readonly task: number;
  /** The statement as written. */
  readonly text: string;
}

/** A call does not go on for now, or forever: another task runs, or none can. */
export interface ScheduleStop {
  readonly kind: 'stop';
  readonly task: number;
  /** `before TP5`, `waits for mmu_lock, held by vmm`. */
  readonly text: string;
  readonly wrong: boolean;
}

export type ScheduleEntry = ScheduleCall | ScheduleStep | ScheduleStop;

/** An order of the steps of several tasks. */
export interface ScheduleTrace {
  /** The names of the tasks. */
  readonly tasks: readonly string[];
  readonly entries: readonly ScheduleEntry[];
}
