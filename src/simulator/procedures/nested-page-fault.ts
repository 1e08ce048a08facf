/** From the exit of the CPU to KVM's fault handler. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import {
  errorCodeOf,
  type FaultCause,
  NO_CAUSE,
  PFERR_GUEST_ENC,
  PFERR_GUEST_RMP,
  PFERR_PRESENT,
  PFERR_PRIVATE_ACCESS,
  PFERR_RSVD,
  PFERR_WRITE,
} from '../model/error-code';
import { cacheMmio, isCurrent, isInMmioCache } from '../model/mmio';
import { leafAt } from '../model/page-table';
import { rootKind, validRoot } from '../model/roots';
import { isPrivate, slotAt } from '../model/state-parts';
import { call, choose, procedure, returns, type Step, step } from '../procedure';
import { pageOf } from '../units';
import { hasProtectedState } from '../vm';
import { type FaultResult, NO_FAULT } from './page-fault';
import { sevHandleRmpFault } from './rmp-fault';
import { tdpMmuPageFault } from './tdp-page-fault';

interface ExitLocals {
  vcpu: number;
  gpa: bigint;
  /** Why the CPU faulted; KVM sees only the error code built from it. */
  cause: FaultCause;
  errorCode: bigint;
}

interface MmuFaultLocals extends ExitLocals {
  result: FaultResult;
}

/** What the vCPU does next: enter the guest again, emulate the access, or fail. */
export type Handled = 'enter' | 'mmio' | Errno;

const isRsvd = (errorCode: bigint) => (errorCode & PFERR_RSVD) !== 0n;
const isPrivateAccess = (errorCode: bigint) => (errorCode & PFERR_PRIVATE_ACCESS) !== 0n;

/** Sets or clears the bit of the error code in which KVM records that the access is private. */
function judge(locals: { errorCode: bigint }, judged: boolean): undefined {
  locals.errorCode = judged
    ? locals.errorCode | PFERR_PRIVATE_ACCESS
    : locals.errorCode & ~PFERR_PRIVATE_ACCESS;
}

/** kvm_mmu_fault_is_private() of mid 2023: tests a bit of the error code, if the slot has a guest_memfd. */
function byMask(machine: Machine, { gpa, cause, errorCode }: ExitLocals, inverted: boolean): boolean {
  const gfn = pageOf(gpa);
  const slot = slotAt(machine.vm, gfn);
  if (slot === undefined || slot.gmem === null) return false;
  if (machine.vm.type === 'sw-protected') return isPrivate(machine.vm, gfn);
  // On TDX the bit is part of the address, and set for shared memory.
  const set = machine.vm.type === 'tdx' ? !cause.private : (errorCode & PFERR_GUEST_ENC) !== 0n;
  return set !== inverted;
}

export const mmuPageFault = procedure<MmuFaultLocals>({
  name: 'kvm_mmu_page_fault',
  source: 'arch/x86/kvm/mmu/mmu.c',
  about: 'Decides whether the access is private and whether it is MMIO, and handles other faults.',
  locals: { vcpu: 0, gpa: 0n, cause: NO_CAUSE, errorCode: 0n, result: { ret: 'RETRY', goal: 1 } },
  steps: [
    step('NP5', 'without a valid root, enter the guest again to load one', (machine, { vcpu }) =>
      validRoot(machine.vm, vcpu) === undefined ? returns('enter' satisfies Handled) : undefined,
    ),
    choose('error-code', {
      'bits-64': [],
      'bits-32': [
        step('NP6c', 'pass on only the low 32 bits of the error code', (_, locals) => {
          locals.errorCode &= 0xffff_ffffn;
          return undefined;
        }),
      ],
    }),
    choose('private-fault', {
      'by-type': [
        step(
          'NP6',
          "software-protected VM: the access is private if the gfn's attribute is, but never with a reserved bit",
          (machine, locals) => {
            if (machine.vm.type !== 'sw-protected') return undefined;
            return judge(locals, !isRsvd(locals.errorCode) && isPrivate(machine.vm, pageOf(locals.gpa)));
          },
        ),
      ],
      mask: [
        step(
          'NP6',
          'private if the slot has a guest_memfd and the bit is set, in the error code (on TDX, in the address)',
          (machine, locals) => judge(locals, byMask(machine, locals, false)),
        ),
      ],
      'inverted-mask': [
        step(
          'NP6',
          'private if the slot has a guest_memfd and the bit is clear, in the error code (on TDX, in the address)',
          (machine, locals) => judge(locals, byMask(machine, locals, true)),
        ),
      ],
    }),
    step(
      'NP7',
      "reserved bit: EFAULT if the access is private; MMIO if the MMIO SPTE, or the vCPU's MMIO cache, has the current generation and no update of the memslots is in progress",
      (machine, locals) => {
        if (!isRsvd(locals.errorCode)) return undefined;
        if (isPrivateAccess(locals.errorCode)) {
          machine.emit({ type: 'warn', text: 'a private access with a reserved bit: KVM_RUN fails' });
          return returns('EFAULT' satisfies Handled);
        }
        const { vcpu } = locals;
        const gfn = pageOf(locals.gpa);
        if (isInMmioCache(machine.vm, vcpu, gfn)) return returns('mmio' satisfies Handled);
        const root = validRoot(machine.vm, vcpu);
        const leaf = root === undefined ? undefined : leafAt(root, gfn)?.value;
        if (leaf?.kind !== 'mmio') return returns('enter' satisfies Handled);
        if (!isCurrent(machine.vm, leaf)) return undefined;
        machine.vm = cacheMmio(machine.vm, vcpu, gfn);
        return returns('mmio' satisfies Handled);
      },
    ),
    step('NP8', 'look up the slot of the gfn; handle the fault', (machine, { vcpu, gpa, errorCode }) => {
      const gfn = pageOf(gpa);
      const has = (bit: bigint) => (errorCode & bit) !== 0n;
      const judged = isPrivateAccess(errorCode);
      return call(
        tdpMmuPageFault,
        {
          ...{ ...NO_FAULT, vcpu, gfn, end: gfn + 1 },
          ...{ write: has(PFERR_WRITE), present: has(PFERR_PRESENT), rsvd: isRsvd(errorCode) },
          ...{ private: judged, root: rootKind(machine.vm, judged) },
          memslot: slotAt(machine.vm, gfn) ?? null,
        },
        'result',
      );
    }),
    step(
      'NP10',
      'fixed, spurious or retry: enter the guest; emulate: MMIO, or enter the guest if KVM cannot emulate; otherwise fail with the errno',
      (machine, { result }) => {
        switch (result.ret) {
          case 'EMULATE':
            // The guest accesses the MMIO SPTE that was just installed, and gets #VC or #VE.
            return returns((hasProtectedState(machine.vm.type) ? 'enter' : 'mmio') satisfies Handled);
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

interface NpfLocals extends ExitLocals {
  handled: Handled;
}

/** Handles an RMP violation, if `meant` accepts the outcome of the fault. */
function rmpFaultStep(text: string, meant: (handled: Handled) => boolean): Step<NpfLocals> {
  return step('NP11', text, (_, { vcpu, gpa, errorCode, handled }) => {
    const wanted = meant(handled) && (errorCode & PFERR_GUEST_RMP) !== 0n;
    return wanted ? call(sevHandleRmpFault, { vcpu, gfn: pageOf(gpa) }) : undefined;
  });
}

/** Returns a Handled. */
export const npfInterception = procedure<NpfLocals>({
  name: 'npf_interception',
  source: 'arch/x86/kvm/svm/svm.c',
  about: 'The CPU left the guest with a nested page fault (SVM exit code 0x400; on TDX, an EPT violation).',
  locals: { vcpu: 0, gpa: 0n, cause: NO_CAUSE, errorCode: 0n, handled: 'enter' },
  steps: [
    step(
      'NP0',
      'TDX: EIO for a private page that the guest has not accepted; the VM is dead (tdx_handle_ept_violation)',
      (machine, { cause, gpa }) => {
        if (!cause.pending) return undefined;
        machine.setVm({ dead: true });
        const text = `the guest accessed gfn 0x${pageOf(gpa).toString(16)} before it accepted it: the VM is dead`;
        machine.emit({ type: 'warn', text });
        return returns('EIO' satisfies Handled);
      },
    ),
    step('NP1', 'read the address and the 64-bit error code', (machine, locals) => {
      locals.errorCode = errorCodeOf(locals.cause, machine.vm.type);
      return undefined;
    }),
    step(
      'NP3',
      'SEV-SNP: private if the C-bit is set; TDX: private if the shared bit of the address is clear',
      (machine, locals) => {
        const { type } = machine.vm;
        if (type === 'sev-snp') return judge(locals, (locals.errorCode & PFERR_GUEST_ENC) !== 0n);
        return type === 'tdx' ? judge(locals, locals.cause.private) : undefined;
      },
    ),
    step('NP4', 'trace kvm_page_fault; handle it', (machine, { vcpu, gpa, cause, errorCode }) => {
      machine.emit({ type: 'fault', vcpu, gpa, errorCode });
      return call(mmuPageFault, { vcpu, gpa, cause, errorCode }, 'handled');
    }),
    choose('rmp-fault-when', {
      reentering: [
        rmpFaultStep(
          'before the guest is entered again: if the RMP forbade the access, handle the RMP fault',
          (handled) => handled === 'enter',
        ),
      ],
      'failing-too': [
        rmpFaultStep(
          'if the RMP forbade the access, handle the RMP fault, unless it was MMIO',
          (handled) => handled !== 'mmio',
        ),
      ],
    }),
    step('NP12', 'return', (_, { handled }) => returns(handled)),
  ],
});
