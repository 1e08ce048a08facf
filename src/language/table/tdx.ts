import type { StatementSpec } from './syntax';
import { gpa, PAGE_SIZE, VCPU } from './vocabulary';

/** The statements that only TDX has; `psc` and `fault` work on TDX VMs, too. */

const GUEST_ABI = {
  title: 'Linux, Intel Trust Domain Extensions',
  url: 'https://docs.kernel.org/arch/x86/tdx.html',
};

export const TDX_STATEMENTS = [
  {
    keyword: 'accept',
    required: [VCPU, gpa(), PAGE_SIZE],
    options: [],
    doc: 'A TDX guest accepts a private page, which is pending until then.',
    details:
      'If no page is mapped, KVM maps one first. KVM maps private memory as 4K, so `2M` returns ' +
      'PAGE_SIZE_MISMATCH. If the guest accesses a pending page, KVM marks the VM as dead. When KVM zaps a page, its ' +
      'contents are lost, and the next page at that gfn is pending again.',
    example: 'accept vcpu 0 gpa 0x80000000 size 4K',
    systemCall: '',
    instruction: 'TDG.MEM.PAGE.ACCEPT',
    kernelFunction: 'tdx_handle_ept_violation',
    manual: GUEST_ABI,
  },
] as const satisfies readonly StatementSpec[];
