/**
 * A figure of a schedule as plain data: a column for each task, and rows from top to bottom in the order of the steps.
 * It contains no bigint and no function, so it can be sent as JSON.
 */
import type { LaneWord } from '../lane-words';

/** A step, by its place in the kernel. */
export interface StepName {
  readonly procedure: string;
  readonly label: string;
}

/** A task makes a call. */
export interface CallRow {
  readonly kind: 'call';
  /** Index of the task. */
  readonly task: number;
  /** The statement as written. */
  readonly text: string;
}

/** A change of the state, which all tasks see. */
export interface StateChange {
  readonly text: string;
  /** What it does, as in figures of a state; null if they have no word for it. */
  readonly word: LaneWord | null;
}

export interface StepRow extends StepName {
  readonly kind: 'step';
  readonly task: number;
  /** What it did in its own task: locks, retries, what the call returns. */
  readonly own: readonly string[];
  /** What it changed for all tasks. */
  readonly changes: readonly StateChange[];
  /** Whether no kernel should do this. */
  readonly wrong: boolean;
}

/** Consecutive steps of a call that are not drawn one by one. */
export interface FoldRow {
  readonly kind: 'fold';
  readonly task: number;
  readonly steps: readonly StepName[];
  /** `7 steps`. */
  readonly text: string;
}

/** A call stops, though it has not returned. */
export interface SwitchRow {
  readonly kind: 'switch';
  readonly task: number;
  /** The task that runs next; null if none does. */
  readonly to: number | null;
  /** `before TP5`, `waits for mmu_lock, held by vmm`. */
  readonly text: string;
  readonly wrong: boolean;
}

export type ScheduleRow = CallRow | StepRow | FoldRow | SwitchRow;

/** A lock that a task holds from one row to another. */
export interface LockBar {
  /** `mmu_lock`, `folio_lock of A page 0x0`. */
  readonly lock: string;
  readonly mode: 'read' | 'write';
  /** Rows in which it is taken and dropped, from 0; `to` is null if it is never dropped. */
  readonly from: number;
  readonly to: number | null;
}

export interface ScheduleTask {
  readonly name: string;
  /** In the order in which they are taken. */
  readonly locks: readonly LockBar[];
}

export interface Schedule {
  /** `schedule of vcpu0 and vmm`. */
  readonly title: string;
  /** Its source location and what it ran on: `line 16`, `linux-7.3`… */
  readonly facts: readonly string[];
  /** What the order shows; empty for one that the scenario spells out. */
  readonly shows: readonly string[];
  readonly tasks: readonly ScheduleTask[];
  readonly rows: readonly ScheduleRow[];
}

/** Most tasks of a drawing. */
export const MOST_TASKS = 4;
