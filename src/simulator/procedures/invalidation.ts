/** Beginning and ending an invalidation, under mmu_lock held for writing; the event tells the counters. */
import type { Machine } from '../machine';
import { begin, end } from '../model/invalidation';

/** kvm_mmu_invalidate_begin(): one invalidation more in progress. */
export function beginInvalidation(machine: Machine): undefined {
  machine.set({ mmu: begin(machine.state.mmu) });
  tell(machine, 'begin');
}

/** kvm_mmu_invalidate_end(): one less, and mmu_invalidate_seq + 1, so that faults notice. */
export function endInvalidation(machine: Machine): undefined {
  machine.set({ mmu: end(machine.state.mmu) });
  tell(machine, 'end');
}

function tell(machine: Machine, phase: 'begin' | 'end'): void {
  const { seq, inProgress } = machine.state.mmu;
  machine.emit({ type: 'invalidate', phase, seq, inProgress });
}
