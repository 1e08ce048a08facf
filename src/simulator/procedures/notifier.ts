/** The mmu_notifier: the VMM's own memory changes, so KVM zaps the guest's mappings of it. */
import { addRange } from '../model/invalidation';
import { slotById } from '../model/state-parts';
import { call, goto, procedure, returns, step } from '../procedure';
import type { Range } from '../ranges';
import { beginInvalidation, endInvalidation } from './invalidation';
import { activeNotifier, mmuLock } from './locks';
import { unmapGfnRange } from './unmap';

/** Pages [start, end) of the memory that was mapped for slot id `memory`. */
interface NotifierLocals extends Range {
  memory: number;
  flush: boolean;
}

export const invalidateRangeStart = procedure<NotifierLocals>({
  name: 'kvm_mmu_notifier_invalidate_range_start',
  source: 'virt/kvm/kvm_main.c',
  about:
    "Zaps the gfns of the slot's userspace pages [start, end), and keeps faults from mapping them again.",
  locals: { memory: 0, start: 0, end: 0, flush: false },
  steps: [
    step(
      'N1',
      'increment mn_active_invalidate_count: memslots are not swapped until the notifier ends',
      (machine, { memory, start, end }) => {
        machine.emit({ type: 'notifier', slot: memory, start, end });
        return undefined;
      },
      { takes: activeNotifier },
    ),
    step('N2', 'return if no slot uses the memory', (machine, { memory, start }) => {
      const slot = slotById(machine.vm, memory);
      return slot === undefined || start >= slot.pages ? returns() : undefined;
    }),
    step('N3', 'take mmu_lock and increment mmu_invalidate_in_progress', beginInvalidation, {
      takes: mmuLock('write'),
    }),
    step(
      'N4',
      'gfns = base_gfn + page, clamped to the slot; add them to the range and zap them',
      (machine, locals) => {
        const slot = slotById(machine.vm, locals.memory);
        if (slot === undefined) return goto('N5');
        const gfns = {
          start: slot.baseGfn + locals.start,
          end: slot.baseGfn + Math.min(locals.end, slot.pages),
        };
        machine.setVm({ mmu: addRange(machine.vm.mmu, gfns) });
        return call(unmapGfnRange, { slot: slot.id, ...gfns, filter: 'shared' }, 'flush');
      },
    ),
    step(
      'N5',
      'flush the TLBs of all vCPUs if a leaf was zapped; drop mmu_lock',
      (machine, { flush }) => {
        if (flush) machine.emit({ type: 'flush' });
        return returns();
      },
      { drops: mmuLock('write') },
    ),
  ],
});

export const invalidateRangeEnd = procedure<{ memory: number; start: number; end: number }>({
  name: 'kvm_mmu_notifier_invalidate_range_end',
  source: 'virt/kvm/kvm_main.c',
  about: 'The memory has changed: faults may map it again; faults that began before must retry.',
  locals: { memory: 0, start: 0, end: 0 },
  steps: [
    step('N6', 'if no slot uses the memory, go to N8', (machine, { memory, start }) => {
      const slot = slotById(machine.vm, memory);
      return slot === undefined || start >= slot.pages ? goto('N8') : undefined;
    }),
    step(
      'N7',
      'under mmu_lock: increment mmu_invalidate_seq, decrement mmu_invalidate_in_progress',
      endInvalidation,
      {
        takes: mmuLock('write'),
        drops: mmuLock('write'),
      },
    ),
    step('N8', 'decrement mn_active_invalidate_count', () => returns(), { drops: activeNotifier }),
  ],
});
