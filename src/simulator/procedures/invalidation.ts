/** Beginning and ending an invalidation, with mmu_lock held for writing; the event reports the counters. */

import type { VariantOf } from '../knobs';
import type { Machine } from '../machine';
import { begin, end } from '../model/invalidation';
import type { MmuInvalidation } from '../state';
import { warnOnce } from './warn';

/** Whether the end of an invalidation warns about a missing range; `mmu` is the value before the end. */
const MISSES_RANGE: Readonly<Record<VariantOf<'range-assert'>, (mmu: MmuInvalidation) => boolean>> = {
  always: ({ range }) => range === null,
  nested: ({ range, inProgress }) => range === null && inProgress > 1,
};

/** kvm_mmu_invalidate_begin(): increments mmu_invalidate_in_progress. */
export function beginInvalidation(machine: Machine): undefined {
  machine.setVm({ mmu: begin(machine.vm.mmu) });
  tell(machine, 'begin');
}

/**
 * kvm_mmu_invalidate_end(): decrements mmu_invalidate_in_progress and increments mmu_invalidate_seq, so that faults detect
 * it. WARN_ON_ONCE if no range was added since the beginning.
 */
export function endInvalidation(machine: Machine): undefined {
  const misses = MISSES_RANGE[machine.kernel.choices['range-assert']];
  if (misses(machine.vm.mmu)) warnOnce(machine, 'WARN_ON_ONCE: an invalidation ends without a range');
  machine.setVm({ mmu: end(machine.vm.mmu) });
  tell(machine, 'end');
}

function tell(machine: Machine, phase: 'begin' | 'end'): void {
  const { seq, inProgress } = machine.vm.mmu;
  machine.emit({ type: 'invalidate', phase, seq, inProgress });
}
