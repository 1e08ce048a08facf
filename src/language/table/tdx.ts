import type { StatementSpec } from './syntax';
import { gpa, PAGE_SIZE, VCPU } from './vocabulary';

/** The statements of TDX alone; `psc` and `fault` serve it too. */

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
      'Where no page is there, KVM brings one first. KVM maps private memory as 4K, so `2M` ends with ' +
      'PAGE_SIZE_MISMATCH. A guest that accesses a pending page is lost: KVM gives the VM up. A page that KVM zaps ' +
      'is lost with its contents, and what comes there next is pending again.',
    example: 'accept vcpu 0 gpa 0x80000000 size 4K',
    systemCall: '',
    instruction: 'TDG.MEM.PAGE.ACCEPT',
    kernelFunction: 'tdx_handle_ept_violation',
    manual: GUEST_ABI,
  },
] as const satisfies readonly StatementSpec[];
