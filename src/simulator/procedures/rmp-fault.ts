/** What KVM does when the RMP forbade a guest's access: smash a 2M entry that the guest uses as 4K. */
import type { Errno } from '../errno';
import { addRange } from '../model/invalidation';
import { isPrivate, slotAt } from '../model/state-parts';
import { call, goto, procedure, returns, step } from '../procedure';
import { lookup, psmash } from '../rmp/host-instructions';
import { smashedRun } from '../rmp/pages';
import { type GmemPage, gmemGetPfn } from './gmem-pages';
import { beginInvalidation, endInvalidation } from './invalidation';
import { mmuLock } from './locks';
import { applyRmp } from './rmp-pages';
import { unmapGfnRange } from './unmap';

interface RmpFaultLocals {
  vcpu: number;
  gfn: number;
  page: GmemPage | Errno | null;
}

export const zapGfnRange = procedure<{ start: number; end: number; slot: number; flush: boolean }>({
  name: 'kvm_zap_gfn_range',
  source: 'arch/x86/kvm/mmu/mmu.c',
  about: 'Zaps gfns [start, end) in one hold of mmu_lock, and has faults under way start again.',
  locals: { start: 0, end: 0, slot: 0, flush: false },
  steps: [
    step('ZG1', 'take mmu_lock; count an invalidation in progress', beginInvalidation, {
      takes: mmuLock('write'),
    }),
    step('ZG2', 'add the gfns to its range, and zap them', (machine, { start, end, slot }) => {
      machine.set({ mmu: addRange(machine.state.mmu, { start, end }) });
      return call(unmapGfnRange, { slot, start, end, filter: 'both' }, 'flush');
    }),
    step(
      'ZG3',
      'flush the TLBs of all vCPUs if a leaf went; end the invalidation; drop mmu_lock',
      (machine, { flush }) => {
        if (flush) machine.emit({ type: 'flush' });
        endInvalidation(machine);
        return returns();
      },
      { drops: mmuLock('write') },
    ),
  ],
});

export const sevHandleRmpFault = procedure<RmpFaultLocals>({
  name: 'sev_handle_rmp_fault',
  source: 'arch/x86/kvm/svm/sev.c',
  about:
    'Smashes the 2M entry of a page that the guest uses as 4K, and zaps the mapping so that it comes back as 4K.',
  locals: { vcpu: 0, gfn: 0, page: null },
  steps: [
    step('RF1', 'return if the gfn is not private, or its slot has no guest_memfd', (machine, { gfn }) => {
      const slot = slotAt(machine.state, gfn);
      if (isPrivate(machine.state, gfn) && slot?.gmem) return undefined;
      machine.emit({
        type: 'warn',
        text: `an RMP fault at gfn 0x${gfn.toString(16)}, which is not private or has no guest_memfd`,
      });
      return returns();
    }),
    step('RF3', 'get the page', (machine, { gfn }) => {
      const slot = slotAt(machine.state, gfn);
      return slot === undefined ? returns() : call(gmemGetPfn, { slot: slot.id, gfn, end: gfn + 1 }, 'page');
    }),
    step(
      'RF4',
      'return if there is none, or it is not assigned, or its entry is 4K: another vCPU was here',
      (machine, locals) => {
        const { page, gfn } = locals;
        if (page === null || typeof page === 'string') return returns();
        const { assigned, level } = lookup(machine.state.rmp, gfn + page.frame);
        return assigned && level === 2 ? undefined : returns();
      },
    ),
    step('RF6', 'PSMASH the 2 MiB around it', (machine, { gfn, page }) => {
      if (page === null || typeof page === 'string') return goto('RF8');
      const pfn = gfn + page.frame;
      const start = pfn - (pfn % 512);
      const { result, rmp } = psmash(machine.state.rmp, start);
      machine.emit({ type: 'instruction', name: 'PSMASH', result, detail: null });
      if (result === 'SUCCESS') {
        applyRmp(machine, { rmp, runs: [smashedRun(start)] });
      }
      return undefined;
    }),
    step('RF7', 'zap gfns [gfn, gfn + 512): the 2M leaf goes whole', (machine, { gfn }) =>
      call(zapGfnRange, { start: gfn, end: gfn + 512, slot: slotAt(machine.state, gfn)?.id ?? 0 }),
    ),
    step('RF8', 'return: the guest tries again', () => returns()),
  ],
});
