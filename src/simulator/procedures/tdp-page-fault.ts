/** A fault on the TDP page tables, from the lookup of the page to the SPTE. */
import { lacksRange, staleReason } from '../model/invalidation';
import { mappedAt } from '../model/page-table';
import { validRoot } from '../model/roots';
import { isPrivate } from '../model/state-parts';
import { call, choose, goto, procedure, returns, step } from '../procedure';
import { type FaultinResult, faultinPfn } from './faultin';
import { mmuLock } from './locks';
import { type FaultResult, faultOf, NO_FAULT, type PageFault } from './page-fault';
import { tdpMmuMap } from './tdp-map';
import { warnOnce } from './warn';

interface TdpFaultLocals extends PageFault {
  faultin: FaultinResult | null;
  result: FaultResult;
}

const NO_RANGE = 'an invalidation without a range is in progress';
const retry: FaultResult = { ret: 'RETRY', goal: 1 };

/** Returns a FaultResult. */
export const tdpMmuPageFault = procedure<TdpFaultLocals>({
  name: 'kvm_tdp_mmu_page_fault',
  source: 'arch/x86/kvm/mmu/mmu.c',
  about: 'Gets the page, and maps it under mmu_lock unless an invalidation interfered.',
  locals: { ...NO_FAULT, faultin: null, result: retry },
  steps: [
    step('TP2', 'fast path: SPURIOUS if a write finds that the leaf is now writable', (machine, locals) => {
      const { gfn, vcpu, write, present, rsvd } = locals;
      if (rsvd || !write || !present || locals.private !== isPrivate(machine.vm, gfn)) return undefined;
      if (locals.root === 'mirror') return undefined;
      const root = validRoot(machine.vm, vcpu);
      const writable = root !== undefined && mappedAt(root, gfn)?.writable === true;
      return writable ? returns({ ret: 'SPURIOUS', goal: 1 } satisfies FaultResult) : undefined;
    }),
    step('TP4', 'find the page', (_, locals) => call(faultinPfn, faultOf(locals), 'faultin')),
    step('TP4r', 'return unless a page was found, or that there is no slot', (_, { faultin }) => {
      const found = faultin?.found ?? 'RETRY';
      if (found === 'noslot' || typeof found === 'object') return undefined;
      return returns({ ret: found, goal: 1 } satisfies FaultResult);
    }),
    step('TP5', 'take mmu_lock, shared', () => undefined, { takes: mmuLock('read') }),
    step('TP6', "retry if the vCPU's root is obsolete", (machine, locals) => {
      if (validRoot(machine.vm, locals.vcpu, locals.root) !== undefined) return undefined;
      const { vcpu, gfn } = locals;
      machine.emit({ type: 'retry', vcpu, gfn, why: "the vCPU's root is obsolete" });
      return goto('TP8');
    }),
    choose('retry-check', {
      on: [
        step(
          'TP6s',
          'retry if an invalidation of the gfn is in progress, or one ended since FA1; WARN_ON_ONCE and retry if one has no range',
          (machine, locals) => {
            const { faultin, gfn, vcpu } = locals;
            if (faultin === null || faultin.found === 'noslot') return undefined;
            const { mmu } = machine.vm;
            if (lacksRange(mmu)) warnOnce(machine, `WARN_ON_ONCE: ${NO_RANGE}`);
            const why = lacksRange(mmu) ? NO_RANGE : staleReason(mmu, faultin.seq, gfn);
            if (why === null) return undefined;
            machine.emit({ type: 'retry', vcpu, gfn, why });
            return goto('TP8');
          },
        ),
      ],
      off: [],
    }),
    step('TP7', 'map it', (_, locals) => {
      const found = locals.faultin?.found;
      const page = typeof found === 'object' ? found : 'noslot';
      return call(tdpMmuMap, { ...faultOf(locals), page }, 'result');
    }),
    step('TP8', 'drop mmu_lock', (_, { result }) => returns(result), { drops: mmuLock('read') }),
  ],
});
