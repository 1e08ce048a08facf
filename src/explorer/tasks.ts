/** The part of a task in a row: which of its calls it is at, the frames of that call, and the outcomes of its calls. */

import type { Task } from '../simulator';
import { contentOf } from './interned';
import type { Outcome } from './outcome';
import type { RaceTask } from './race';

export interface Progress {
  /** Index of the call that is running or comes next; the number of calls if it has made all of them. */
  readonly call: number;
  /** The frames of the running call; null if it has not begun. */
  readonly stack: Task['stack'] | null;
  /** What the running call has done so far. */
  readonly outcome: Outcome;
  /** The outcomes of the calls that have returned, of the present round if the task repeats them. */
  readonly returned: readonly Outcome[];
}

/** Whether the task has nothing left to do; a task that repeats its calls may stop between two rounds. */
export function isDone({ calls, repeats }: RaceTask, { call, stack }: Progress): boolean {
  return repeats ? call === 0 && stack === null : call === calls.length;
}

/** Whether the task can do nothing more. */
export function isOver({ calls }: RaceTask, { call }: Progress): boolean {
  return call === calls.length;
}

/** Where a task is, as far as it depends on that which steps it can still run. */
export function pathOf(task: number, { call, stack }: Progress): string {
  return contentOf([task, call, ...(stack ?? []).flatMap(({ procedure, step }) => [procedure, step])]);
}
