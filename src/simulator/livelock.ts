/** Whether a call has come back to where it was: then it goes round. */
import { sameState } from './hash';
import type { Locals, State, Task } from './state';

/**
 * The values that a step left, with sequence numbers as they matter to a fault: the count at hand (0), or an earlier
 * one (-1). A snapshot that is stale stays so.
 */
function relative(values: Locals, seq: number): Locals {
  const entries = Object.entries(values).map(([name, value]) => {
    if (name === 'seq' && typeof value === 'number') return [name, Math.max(-1, value - seq)];
    const nested = typeof value === 'object' && value !== null && 'seq' in value;
    return [name, nested ? relative(value as Locals, seq) : value];
  });
  return Object.fromEntries(entries);
}

/** The state as faults see it: how often something was invalidated matters to them only since they began. */
function uncounted(state: State): State {
  const { seq } = state.mmu;
  const stackOf = ({ stack }: Task) =>
    stack.map((frame) => ({ ...frame, locals: relative(frame.locals, seq) }));
  // The counts that a call for another VM remembers are that VM's, and do not change meanwhile.
  const isHere = ({ vmId }: Task) => vmId === state.vmId;
  const tasks = state.tasks.map((task) => (isHere(task) ? { ...task, stack: stackOf(task) } : task));
  return { ...state, mmu: { ...state.mmu, seq: 0 }, tasks };
}

/** Whether every task is at the same step of the same procedures. */
function samePlace(a: State, b: State): boolean {
  const sameStack = ({ stack }: Task, other: Task | undefined) =>
    stack.length === other?.stack.length &&
    stack.every(({ procedure, step }, at) => {
      const frame = other.stack[at]!;
      return procedure === frame.procedure && step === frame.step;
    });
  return a.tasks.length === b.tasks.length && a.tasks.every((task, at) => sameStack(task, b.tasks[at]));
}

/** Whether what follows after `state` is what followed after `earlier`. */
export function isRepeated(state: State, earlier: State): boolean {
  if (state.mmu.seq === earlier.mmu.seq) return sameState(state, earlier);
  return samePlace(state, earlier) && sameState(uncounted(state), uncounted(earlier));
}
