/** Which calls wait for which: deadlocks, and whether another call can make progress. */
import type { Waiter } from './events';
import type { NonEmpty } from './known';
import type { Wait } from './procedure';
import type { State } from './state';
import { taskOf, waitOf } from './step-task';

/** The titles of tasks, without duplicates. */
export function titlesOf(state: State, ids: readonly number[]): readonly string[] {
  return [...new Set(ids)].map((id) => taskOf(state, id).title);
}

/** What a call waits for, if it is blocked or deadlocked; null for a call that can run or is suspended otherwise. */
function begunWait(state: State, id: number): Wait | null {
  const { suspended } = taskOf(state, id);
  return suspended === 'blocked' || suspended === 'deadlock' ? waitOf(state, id) : null;
}

/** A chain of waiting calls from `wait` back to the task `id`; null if there is none. */
function wayBack(state: State, id: number, wait: Wait, seen: Set<number>): readonly Waiter[] | null {
  for (const holder of wait.holders) {
    if (holder === id) return [];
    if (seen.has(holder)) continue;
    seen.add(holder);
    const next = begunWait(state, holder);
    if (next === null) continue;
    const way = wayBack(state, id, next, seen);
    if (way !== null) return [{ title: taskOf(state, holder).title, lock: next.lock }, ...way];
  }
  return null;
}

/** The cycle of waiting calls, starting with the task `id`, which waits for `wait`; null if there is no cycle. */
export function cycleThrough(state: State, id: number, wait: Wait): NonEmpty<Waiter> | null {
  const way = wayBack(state, id, wait, new Set());
  return way === null ? null : [{ title: taskOf(state, id).title, lock: wait.lock }, ...way];
}

/** Whether a call cannot run until the task `id` makes progress, or is itself deadlocked or retrying. */
function isStuckBehind(state: State, other: number, id: number): boolean {
  const { suspended } = taskOf(state, other);
  if (suspended === 'deadlock' || suspended === 'retries') return true;
  const wait = begunWait(state, other);
  return wait !== null && (wait.holders.includes(id) || wayBack(state, id, wait, new Set()) !== null);
}

/** Titles of the suspended calls that can run even if the task `id` makes no progress. */
export function othersCanGoOn(state: State, id: number): readonly string[] {
  const others = state.tasks.map((task) => task.id).filter((other) => other !== id);
  return titlesOf(
    state,
    others.filter((other) => !isStuckBehind(state, other, id)),
  );
}
