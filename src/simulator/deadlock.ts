/** Which calls wait for which: whether one can go on at all, and who is to blame where it cannot. */
import type { Waiter } from './events';
import type { NonEmpty } from './known';
import type { Wait } from './procedure';
import type { State } from './state';
import { taskOf, waitOf } from './step-task';

/** The titles of tasks, each once. */
export function titlesOf(state: State, ids: readonly number[]): readonly string[] {
  return [...new Set(ids)].map((id) => taskOf(state, id).title);
}

/** What a call waits for that has begun to; null for one that can go on, or stands where its statement said. */
function begunWait(state: State, id: number): Wait | null {
  const { suspended } = taskOf(state, id);
  return suspended === 'blocked' || suspended === 'deadlock' ? waitOf(state, id) : null;
}

/** A way along which calls wait from `wait` back to the task `id`; null where there is none. */
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

/** The calls that wait for each other, from the task `id` that waits for `wait` on; null where there is no such cycle. */
export function cycleThrough(state: State, id: number, wait: Wait): NonEmpty<Waiter> | null {
  const way = wayBack(state, id, wait, new Set());
  return way === null ? null : [{ title: taskOf(state, id).title, lock: wait.lock }, ...way];
}

/** Whether a call is suspended until the task `id` has gone on, which itself does not. */
function isStuckBehind(state: State, other: number, id: number): boolean {
  const { suspended } = taskOf(state, other);
  if (suspended === 'deadlock' || suspended === 'retries') return true;
  const wait = begunWait(state, other);
  return wait !== null && (wait.holders.includes(id) || wayBack(state, id, wait, new Set()) !== null);
}

/** Titles of the calls that are suspended and could go on, whatever the task `id` does. */
export function othersCanGoOn(state: State, id: number): readonly string[] {
  const others = state.tasks.map((task) => task.id).filter((other) => other !== id);
  return titlesOf(
    state,
    others.filter((other) => !isStuckBehind(state, other, id)),
  );
}
