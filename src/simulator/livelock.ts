/** Whether a call has come back to where it was: then it goes round. */
import { sameState } from './hash';
import { vmOf } from './model/vms';
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
  const stackOf = ({ stack }: Task) =>
    stack.map((frame) => ({ ...frame, locals: relative(frame.locals, vmOf(state, frame.vmId).mmu.seq) }));
  const tasks = state.tasks.map((task) => ({ ...task, stack: stackOf(task) }));
  const vms = state.vms.map((vm) => ({ ...vm, mmu: { ...vm.mmu, seq: 0 } }));
  return { ...state, vms, tasks };
}

/** Whether no invalidation ended between two states. */
function sameCounts(a: State, b: State): boolean {
  return (
    a.vms === b.vms ||
    (a.vms.length === b.vms.length && a.vms.every((vm, at) => vm.mmu.seq === b.vms[at]?.mmu.seq))
  );
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
  if (sameCounts(state, earlier)) return sameState(state, earlier);
  return samePlace(state, earlier) && sameState(uncounted(state), uncounted(earlier));
}
