/** Beginning and ending an invalidation, under mmu_lock held for writing; the event tells the counters. */

import type { VariantOf } from '../knobs';
import type { Machine } from '../machine';
import { begin, end } from '../model/invalidation';
import type { MmuInvalidation } from '../state';
import { warnOnce } from './warn';

/** Whether the end of an invalidation misses a range; `mmu` is that before it. */
const MISSES_RANGE: Readonly<Record<VariantOf<'range-assert'>, (mmu: MmuInvalidation) => boolean>> = {
  always: ({ range }) => range === null,
  nested: ({ range, inProgress }) => range === null && inProgress > 1,
};

/** kvm_mmu_invalidate_begin(): one invalidation more in progress. */
export function beginInvalidation(machine: Machine): undefined {
  machine.setVm({ mmu: begin(machine.vm.mmu) });
  tell(machine, 'begin');
}

/**
 * kvm_mmu_invalidate_end(): one less, and mmu_invalidate_seq + 1, so that faults notice. WARN_ON_ONCE if no range was
 * added since the beginning.
 */
export function endInvalidation(machine: Machine): undefined {
  const misses = MISSES_RANGE[machine.kernel.choices['range-assert']];
  if (misses(machine.vm.mmu))
    warnOnce(machine, 'WARN_ON_ONCE: an invalidation ends to which no range was added');
  machine.setVm({ mmu: end(machine.vm.mmu) });
  tell(machine, 'end');
}

function tell(machine: Machine, phase: 'begin' | 'end'): void {
  const { seq, inProgress } = machine.vm.mmu;
  machine.emit({ type: 'invalidate', phase, seq, inProgress });
}
