/** From the exit of the CPU to KVM's fault handler. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { errorCodeOf } from '../model/error-code';
import { leafAt } from '../model/page-table';
import { validRoot } from '../model/roots';
import { isPrivate, putVcpu, vcpuOf } from '../model/state-parts';
import { call, procedure, returns, step } from '../procedure';
import { pageOf } from '../units';
import { hasPrivateMemory } from '../vm';
import { type FaultResult, NO_FAULT } from './page-fault';
import { tdpMmuPageFault } from './tdp-page-fault';

interface ExitLocals {
  vcpu: number;
  gpa: bigint;
  write: boolean;
  present: boolean;
  rsvd: boolean;
}

interface MmuFaultLocals extends ExitLocals {
  private: boolean;
  result: FaultResult;
}

/** What the vCPU does next: enter the guest again, emulate the access, or fail. */
export type Handled = 'enter' | 'mmio' | Errno;

/** Whether the vCPU knows that there is no memslot at the gfn, without asking the page tables. */
function inMmioCache(machine: Machine, vcpu: number, gfn: number): boolean {
  const cache = vcpuOf(machine.state, vcpu).mmioCache;
  return cache?.gfn === gfn && cache.generation === machine.state.generation;
}

export const mmuPageFault = procedure<MmuFaultLocals>({
  name: 'kvm_mmu_page_fault',
  source: 'arch/x86/kvm/mmu/mmu.c',
  about: 'Decides whether the access is private and whether it is MMIO; has other faults handled.',
  locals: {
    vcpu: 0,
    gpa: 0n,
    write: false,
    present: false,
    rsvd: false,
    private: false,
    result: { ret: 'RETRY', goal: 1 },
  },
  steps: [
    step('NP5', 'without a valid root, enter the guest again to load one', (machine, { vcpu }) =>
      validRoot(machine.state, vcpu) === undefined ? returns('enter' satisfies Handled) : undefined,
    ),
    step(
      'NP6',
      "software-protected VM: the access is private if the gfn's attribute is, but never for a reserved bit",
      (machine, locals) => {
        const asked = hasPrivateMemory(machine.state.setup.vm) && !locals.rsvd;
        locals.private = asked && isPrivate(machine.state, pageOf(locals.gpa));
        return undefined;
      },
    ),
    step(
      'NP7',
      'reserved bit: MMIO if the MMIO SPTE, or the vCPU, knows the current memslots',
      (machine, locals) => {
        if (!locals.rsvd) return undefined;
        const { vcpu } = locals;
        const gfn = pageOf(locals.gpa);
        if (inMmioCache(machine, vcpu, gfn)) return returns('mmio' satisfies Handled);
        const root = validRoot(machine.state, vcpu);
        const leaf = root === undefined ? undefined : leafAt(root, gfn)?.value;
        if (leaf?.kind !== 'mmio') return returns('enter' satisfies Handled);
        const { generation } = machine.state;
        if (leaf.generation !== generation) return undefined;
        machine.state = putVcpu(machine.state, vcpu, { mmioCache: { gfn, generation } });
        return returns('mmio' satisfies Handled);
      },
    ),
    step('NP8', 'handle the fault', (_, locals) => {
      const gfn = pageOf(locals.gpa);
      const { vcpu, write, present, rsvd } = locals;
      const fault = { ...NO_FAULT, vcpu, gfn, end: gfn + 1, write, present, rsvd, private: locals.private };
      return call(tdpMmuPageFault, fault, 'result');
    }),
    step(
      'NP10',
      'fixed, spurious or retry: enter the guest; emulate: MMIO; else fail with the errno',
      (_, { result }) => {
        switch (result.ret) {
          case 'EMULATE':
            return returns('mmio' satisfies Handled);
          case 'FIXED':
          case 'SPURIOUS':
          case 'RETRY':
            return returns('enter' satisfies Handled);
          default:
            return returns(result.ret satisfies Handled);
        }
      },
    ),
  ],
});

/** Returns a Handled. */
export const npfInterception = procedure<ExitLocals & { handled: Handled }>({
  name: 'npf_interception',
  source: 'arch/x86/kvm/svm/svm.c',
  about: 'The CPU left the guest with a nested page fault (SVM exit code 0x400).',
  locals: { vcpu: 0, gpa: 0n, write: false, present: false, rsvd: false, handled: 'enter' },
  steps: [
    step('NP1', 'read the address and the error code; trace kvm_page_fault; handle it', (machine, locals) => {
      const { vcpu, gpa, write, present, rsvd } = locals;
      machine.emit({ type: 'fault', vcpu, gpa, errorCode: errorCodeOf(locals) });
      return call(mmuPageFault, { vcpu, gpa, write, present, rsvd }, 'handled');
    }),
    step('NP11', 'return', (_, { handled }) => returns(handled)),
  ],
});
