import type { ArgumentPart, StatementSpec, WordDoc } from './syntax';
import {
  AT_VMPL,
  argument,
  choice,
  FILE,
  flag,
  gpa,
  group,
  offset,
  oneOf,
  PAGE_SIZE,
  size,
  VCPU,
} from './vocabulary';

/** The statements of SEV-SNP: launch, the guest's instructions and requests, the host's instructions. */

const SEV_API = 'https://docs.kernel.org/virt/kvm/x86/amd-memory-encryption.html';
const AMD = 'https://www.amd.com/content/dam/amd/en/documents';
const APM = {
  title: "AMD64 Architecture Programmer's Manual, volume 3",
  url: `${AMD}/processor-tech-docs/programmer-references/24594.pdf`,
};
const GHCB = {
  title: 'SEV-ES Guest-Hypervisor Communication Block Standardization',
  url: `${AMD}/epyc-technical-docs/specifications/56421.pdf`,
};

function sevApi(command: string) {
  return { title: `KVM API, ${command}`, url: `${SEV_API}#${command.toLowerCase().replaceAll('_', '-')}` };
}

function vmpl(what: string): ArgumentPart<'vmpl'> {
  return argument('vmpl', 'vmpl', what, '1');
}

const PRIVATE: WordDoc<'private'> = { word: 'private', doc: 'Assigns the page to a guest.' };
const SHARED: WordDoc<'shared'> = { word: 'shared', doc: 'Returns the page to the hypervisor.' };

export const SNP_STATEMENTS = [
  {
    keyword: 'launch-update',
    required: [gpa(), size('the size of the range')],
    options: [
      oneOf(
        'type',
        'What the pages contain; `normal` by default.',
        { word: 'normal', doc: 'Contents provided by the VMM, encrypted and measured.' },
        { word: 'zero', doc: 'Zeros, measured.' },
        { word: 'unmeasured', doc: 'Contents provided by the VMM, encrypted but not measured.' },
        { word: 'secrets', doc: 'The page in which the firmware stores its secrets for the guest.' },
        { word: 'cpuid', doc: 'The CPUID values of the guest, which the firmware checks.' },
      ),
      group(
        'The address of the contents; by default, some page-aligned buffer. 0 means NULL.',
        argument('source', 'source', "the address of the contents, in the VMM's memory", '0x7f0000000000'),
      ),
    ],
    doc: 'Adds a range of guest memory to the initial memory of the guest.',
    details:
      'The firmware encrypts and measures the pages, and validates them for the guest. Only before `launch-finish`.',
    example: 'launch-update gpa 0x80000000 size 64K zero',
    systemCall: 'KVM_SEV_SNP_LAUNCH_UPDATE',
    kernelFunction: 'snp_launch_update',
    manual: sevApi('KVM_SEV_SNP_LAUNCH_UPDATE'),
  },
  {
    keyword: 'launch-finish',
    required: [],
    options: [],
    doc: 'Finishes the launch of the guest, so that its vCPUs can run.',
    details: '',
    example: 'launch-finish',
    systemCall: 'KVM_SEV_SNP_LAUNCH_FINISH',
    kernelFunction: 'snp_launch_finish',
    manual: sevApi('KVM_SEV_SNP_LAUNCH_FINISH'),
  },
  {
    keyword: 'psc',
    required: [
      VCPU,
      gpa(),
      size('the size of the range'),
      choice(
        'to',
        '`private` or `shared`',
        { word: 'private', doc: 'The guest requests private pages, which it must then validate.' },
        { word: 'shared', doc: 'The guest requests shared pages, to share them with the host.' },
      ),
    ],
    options: [
      oneOf(
        'answer',
        'How the VMM answers if it does not convert the whole range. Without it, the VMM converts the whole range.',
        { word: 'refused', doc: 'It returns an error, so the guest knows that its request failed.' },
        { word: 'later', doc: 'It returns success; later `convert` statements do the conversion.' },
      ),
      group(
        'How much the VMM converts, from the start of the range. With `refused` or `later` alone, it converts nothing.',
        argument('converts', 'converts', 'the size of what the VMM converts', '4K'),
      ),
    ],
    doc: 'The guest requests that pages become private or shared, and the VMM answers.',
    details:
      'The vCPU exits to userspace with KVM_EXIT_HYPERCALL and KVM_HC_MAP_GPA_RANGE, and the VMM converts the pages. ' +
      'On `sev-snp` the request is a VMGEXIT with up to 253 entries, of 2M where the range contains an aligned 2M, ' +
      'otherwise of 4K; consecutive entries of one size cause one exit. On `tdx` it is `TDVMCALL<MapGPA>`, with one ' +
      'exit per 2 MiB; `gpa` does not include the shared bit. On other VMs it is the hypercall itself, with one exit.',
    example: 'psc vcpu 0 gpa 0x80000000 size 2M private',
    systemCall: 'KVM_SET_MEMORY_ATTRIBUTES',
    instruction: 'VMGEXIT',
    kernelFunction: 'snp_begin_psc',
    manual: GHCB,
  },
  {
    keyword: 'pvalidate',
    required: [
      VCPU,
      gpa(),
      PAGE_SIZE,
      choice(
        'action',
        '`validate` or `rescind`',
        { word: 'validate', doc: 'The guest accepts the page as its own.' },
        { word: 'rescind', doc: 'The guest rescinds the validation.' },
      ),
    ],
    options: [AT_VMPL],
    doc: 'The guest validates a page, that is, accepts it as its own, or rescinds the validation.',
    details:
      'If the page size differs from that of the RMP entry, the instruction faults with GUEST_SIZEM, so that KVM ' +
      'smashes the entry, or returns FAIL_SIZEMISMATCH. At a VMPL other than 0 it returns FAIL_PERMISSION.',
    example: 'pvalidate vcpu 0 gpa 0x80000000 size 4K validate',
    systemCall: '',
    instruction: 'PVALIDATE',
    kernelFunction: 'sev_handle_rmp_fault',
    manual: APM,
  },
  {
    keyword: 'rmpadjust',
    required: [
      VCPU,
      gpa(),
      PAGE_SIZE,
      vmpl('the VMPL whose permissions change'),
      argument('permissions', 'permissions', 'the permissions, letters of `rwus` or `none`', 'rw'),
    ],
    options: [
      flag('vmsa', 'The page becomes a VMSA, the saved registers of a vCPU. Only VMPL 0 can do this.'),
      AT_VMPL,
    ],
    doc: 'The guest sets the permissions of a less privileged VMPL on a page.',
    details:
      'The letters are, in this order: `r` read, `w` write, `u` execute in user mode, `s` execute in supervisor mode.',
    example: 'rmpadjust vcpu 0 gpa 0x80000000 size 4K vmpl 1 permissions rw',
    systemCall: '',
    instruction: 'RMPADJUST',
    kernelFunction: 'sev_handle_rmp_fault',
    manual: APM,
  },
  {
    keyword: 'rmpquery',
    required: [VCPU, gpa(), vmpl('the VMPL whose permissions are queried')],
    options: [AT_VMPL],
    doc: 'The guest queries the permissions of a VMPL on a page, and the page size in the RMP.',
    details: '',
    example: 'rmpquery vcpu 0 gpa 0x80000000 vmpl 1',
    systemCall: '',
    instruction: 'RMPQUERY',
    kernelFunction: 'sev_handle_rmp_fault',
    manual: APM,
  },
  {
    keyword: 'rmpupdate',
    required: [
      FILE,
      offset('the offset in the file'),
      PAGE_SIZE,
      choice('to', '`private` or `shared`', PRIVATE, SHARED),
    ],
    options: [
      group(
        'The address at which the guest owns the page, and the guest. Required with `private`, invalid with `shared`.',
        gpa(),
        argument('asid', 'asid', "the guest's ASID; 0 is the host and its firmware", '1'),
      ),
      flag('immutable', 'The entry cannot be changed until the firmware allows it. Only with `private`.'),
    ],
    doc: 'The host writes the RMP entry of a page of a guest_memfd file.',
    details:
      'This simulates a misbehaving host: KVM itself updates the RMP when it handles faults and conversions.',
    example: 'rmpupdate A offset 0 size 4K private gpa 0x80000000 asid 1',
    systemCall: '',
    instruction: 'RMPUPDATE',
    kernelFunction: 'rmpupdate',
    manual: APM,
  },
  {
    keyword: 'psmash',
    required: [FILE, offset('the offset in the file')],
    options: [],
    doc: 'The host splits a 2M RMP entry into 512 entries of 4K.',
    details: '',
    example: 'psmash A offset 0',
    systemCall: '',
    instruction: 'PSMASH',
    kernelFunction: 'psmash',
    manual: APM,
  },
  {
    keyword: 'rmpread',
    required: [FILE, offset('the offset in the file')],
    options: [],
    doc: 'The host reads the RMP entry of a page of a guest_memfd file.',
    details: '',
    example: 'rmpread A offset 0',
    systemCall: '',
    instruction: 'RMPREAD',
    kernelFunction: 'snp_lookup_rmpentry',
    manual: APM,
  },
] as const satisfies readonly StatementSpec[];
