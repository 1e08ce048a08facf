/** Detects that a call has returned to an earlier state, and would loop forever. */

import { elementAt } from './known';
import { mapSnapshots } from './model/invalidation';
import { sameState } from './same-state';
import type { State, Task, VmState } from './state';

/**
 * The tasks with their snapshots of mmu_invalidate_seq reduced to what a fault compares: current (0) or stale (-1). A stale
 * snapshot stays stale.
 */
function relative(tasks: readonly Task[], vms: readonly VmState[]): readonly Task[] {
  return mapSnapshots(tasks, (snapshot) => {
    const { vm, seq } = snapshot;
    return vm === null ? snapshot : { ...snapshot, seq: Math.max(-1, seq - elementAt(vms, vm).mmu.seq) };
  });
}

/**
 * The state without the absolute value of mmu_invalidate_seq: a fault depends only on the invalidations since its
 * snapshot. The counts of other VMs do not change in the meantime.
 */
function uncounted(state: State): State {
  const vms = state.vms.map((vm) => ({ ...vm, mmu: { ...vm.mmu, seq: 0 } }));
  return { ...state, vms, tasks: relative(state.tasks, state.vms) };
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
      const frame = other.stack[at];
      return procedure === frame?.procedure && step === frame.step;
    });
  return a.tasks.length === b.tasks.length && a.tasks.every((task, at) => sameStack(task, b.tasks[at]));
}

/** Whether `state` is followed by the same steps as `earlier`. */
export function isRepeated(state: State, earlier: State): boolean {
  // Asked after each step, and nearly always the answer.
  if (!samePlace(state, earlier)) return false;
  return sameCounts(state, earlier)
    ? sameState(state, earlier)
    : sameState(uncounted(state), uncounted(earlier));
}
