/** KVM's handling of an RMP violation by a guest: it smashes a 2M entry that the guest uses as 4K. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { addRange } from '../model/invalidation';
import { isPrivate, slotAt } from '../model/state-parts';
import { type Control, call, goto, procedure, returns, step } from '../procedure';
import { lookup } from '../rmp/host-instructions';
import type { Slot } from '../state';
import { type GmemPage, gmemGetPfn } from './gmem-pages';
import { beginInvalidation, endInvalidation } from './invalidation';
import { mmuLock } from './locks';
import { smash } from './rmpupdate';
import { unmapGfnRange } from './unmap';

interface RmpFaultLocals {
  vcpu: number;
  gfn: number;
  memslot: Slot | null;
  page: GmemPage | Errno | null;
}

export const zapGfnRange = procedure<{ start: number; end: number; flush: boolean }>({
  name: 'kvm_zap_gfn_range',
  source: 'arch/x86/kvm/mmu/mmu.c',
  about: 'Zaps gfns [start, end), regardless of slots; faults in progress must retry.',
  locals: { start: 0, end: 0, flush: false },
  steps: [
    step('ZG1', 'take mmu_lock and increment mmu_invalidate_in_progress', beginInvalidation, {
      takes: mmuLock('write'),
    }),
    step(
      'ZG2',
      'add the gfns to the range of the invalidation, and zap them, regardless of slots',
      (machine, { start, end }) => {
        machine.setVm({ mmu: addRange(machine.vm.mmu, { start, end }) });
        return call(unmapGfnRange, { slot: null, start, end, filter: 'both' }, 'flush');
      },
    ),
    step(
      'ZG3',
      'flush the TLBs of all vCPUs if a leaf was zapped; end the invalidation; drop mmu_lock',
      (machine, { flush }) => {
        if (flush) machine.emit({ type: 'flush' });
        endInvalidation(machine);
        return returns();
      },
      { drops: mmuLock('write') },
    ),
  ],
});

/** The kernel's pr_warn_ratelimited(), with the gfn. */
function warn(machine: Machine, { gfn }: RmpFaultLocals, what: string): Control {
  machine.emit({ type: 'warn', text: `an RMP fault at gfn 0x${gfn.toString(16)}: ${what}` });
  return returns();
}

function hasPage({ page }: RmpFaultLocals): boolean {
  return page !== null && typeof page !== 'string';
}

/** pfn of the page that RF3 got; RF3e returns if there is none. */
function pfnOf({ gfn, page }: RmpFaultLocals): number {
  if (page === null || typeof page === 'string') throw new Error('RF3 got no page');
  return gfn + page.frame;
}

export const sevHandleRmpFault = procedure<RmpFaultLocals>({
  name: 'sev_handle_rmp_fault',
  source: 'arch/x86/kvm/svm/sev.c',
  about:
    'Smashes the 2M entry of a page that the guest uses as 4K, and zaps the mapping so that it is mapped again as 4K.',
  locals: { vcpu: 0, gfn: 0, memslot: null, page: null },
  steps: [
    step('RF1', 'if the gfn is not private, warn and return', (machine, locals) =>
      isPrivate(machine.vm, locals.gfn) ? undefined : warn(machine, locals, 'it is not private'),
    ),
    step('RF2', 'look up its slot; if that has no guest_memfd, warn and return', (machine, locals) => {
      locals.memslot = slotAt(machine.vm, locals.gfn) ?? null;
      return locals.memslot?.gmem ? undefined : warn(machine, locals, 'its slot has no guest_memfd');
    }),
    step('RF3', 'get the page', (_, { memslot, gfn }) =>
      call(gmemGetPfn, { memslot, gfn, end: gfn + 1 }, 'page'),
    ),
    step('RF3e', 'if there is none, warn and return', (machine, locals) =>
      hasPage(locals) ? undefined : warn(machine, locals, 'no page is behind it'),
    ),
    step('RF4', 'if it is not assigned, warn and return', (machine, locals) =>
      lookup(machine.state.rmp, pfnOf(locals)).assigned
        ? undefined
        : warn(machine, locals, 'its page is not assigned'),
    ),
    step(
      'RF5',
      'if its entry is 4K, there is nothing to smash: another vCPU smashed it, or KVM cannot fix the fault; go to RF8',
      (machine, locals) => (lookup(machine.state.rmp, pfnOf(locals)).level === 1 ? goto('RF8') : undefined),
    ),
    step('RF6', 'PSMASH the 2 MiB around it; if that succeeded, go to RF7', (machine, locals) =>
      smash(machine, pfnOf(locals)) === 'SUCCESS' ? goto('RF7') : undefined,
    ),
    step(
      'RF6l',
      'look up the page again: if it is now assigned as 4K, go to RF8; otherwise warn',
      (machine, locals) => {
        const { assigned, level } = lookup(machine.state.rmp, pfnOf(locals));
        if (assigned && level === 1) return goto('RF8');
        warn(machine, locals, 'its RMP entry cannot be split');
        return undefined;
      },
    ),
    step('RF7', 'zap gfns [gfn, gfn + 512), which zaps the whole 2M leaf', (_, { gfn }) =>
      call(zapGfnRange, { start: gfn, end: gfn + 512 }),
    ),
    step('RF8', 'trace kvm_rmp_fault, put the page; return: the guest retries the access', () => returns()),
  ],
});
