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

const PRIVATE: WordDoc<'private'> = { word: 'private', doc: "The page becomes a guest's." };
const SHARED: WordDoc<'shared'> = { word: 'shared', doc: "The page becomes the hypervisor's." };

export const SNP_STATEMENTS = [
  {
    keyword: 'launch-update',
    required: [gpa(), size('the size of the range')],
    options: [
      oneOf(
        'type',
        'What the pages hold, `normal` without it.',
        { word: 'normal', doc: 'Contents that the VMM gives, encrypted and measured.' },
        { word: 'zero', doc: 'Zeros, measured.' },
        { word: 'unmeasured', doc: 'Contents that the VMM gives, encrypted and not measured.' },
        { word: 'secrets', doc: 'The page in which the firmware leaves its secrets for the guest.' },
        { word: 'cpuid', doc: 'The CPUID values of the guest, which the firmware checks.' },
      ),
      group(
        'Where the VMM has the contents; without it, in some page-aligned buffer. 0 stands for NULL.',
        argument('source', 'source', "the address of the contents, in the VMM's memory", '0x7f0000000000'),
      ),
    ],
    doc: 'Makes a range of guest memory part of what the guest starts with.',
    details:
      'The firmware encrypts and measures the pages, and they are validated for the guest. Before `launch-finish`.',
    example: 'launch-update gpa 0x80000000 size 64K zero',
    systemCall: 'KVM_SEV_SNP_LAUNCH_UPDATE',
    kernelFunction: 'snp_launch_update',
    manual: sevApi('KVM_SEV_SNP_LAUNCH_UPDATE'),
  },
  {
    keyword: 'launch-finish',
    required: [],
    options: [],
    doc: 'Ends the launch of the guest: its vCPUs may run.',
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
        { word: 'private', doc: 'The guest asks for private pages, which it then has to validate.' },
        { word: 'shared', doc: 'The guest gives the pages back, to share them with the host.' },
      ),
    ],
    options: [
      oneOf(
        'answer',
        'How the VMM answers what it does not convert. Without it, the VMM converts all that it is asked for.',
        { word: 'refused', doc: 'With an error: the guest knows that its request failed.' },
        { word: 'later', doc: 'With success; `convert` statements do the conversion later.' },
      ),
      group(
        'How much the VMM converts, from the start of the range on; nothing with `refused` or `later` alone.',
        argument('converts', 'converts', 'the size of what the VMM converts', '4K'),
      ),
    ],
    doc: 'The guest asks for pages to be private or shared, and the VMM answers.',
    details:
      'The vCPU leaves for userspace with KVM_EXIT_HYPERCALL, KVM_HC_MAP_GPA_RANGE, and the VMM converts the pages. ' +
      'On `sev-snp` the request is a VMGEXIT with up to 253 entries, of 2M where the range has an aligned 2M, else of ' +
      '4K; there is an exit for neighbours of one size. On `tdx` it is `TDVMCALL<MapGPA>`, with an exit for each ' +
      '2 MiB; `gpa` is without the shared bit. On other VMs it is the hypercall itself, with one exit.',
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
        { word: 'rescind', doc: 'The guest takes that back.' },
      ),
    ],
    options: [AT_VMPL],
    doc: 'The guest accepts a page as its own, or takes that back.',
    details:
      'Where its size is not that of the RMP entry, it faults with GUEST_SIZEM for KVM to smash the entry, or ' +
      'returns FAIL_SIZEMISMATCH. At another VMPL than 0 it returns FAIL_PERMISSION.',
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
      flag('vmsa', 'The page becomes a VMSA: the saved registers of a vCPU. VMPL 0 alone decides that.'),
      AT_VMPL,
    ],
    doc: 'The guest gives a lower privilege level permissions to a page.',
    details:
      'The letters, in this order: `r` read, `w` write, `u` execute in user mode, `s` execute in supervisor mode.',
    example: 'rmpadjust vcpu 0 gpa 0x80000000 size 4K vmpl 1 permissions rw',
    systemCall: '',
    instruction: 'RMPADJUST',
    kernelFunction: 'sev_handle_rmp_fault',
    manual: APM,
  },
  {
    keyword: 'rmpquery',
    required: [VCPU, gpa(), vmpl('the VMPL whose permissions are asked for')],
    options: [AT_VMPL],
    doc: 'The guest asks which permissions a privilege level has to a page, and of what size the RMP has it.',
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
        'The address at which the guest owns the page, and the guest: with `private`, and only then.',
        gpa(),
        argument('asid', 'asid', "the guest's ASID; 0 is the host and its firmware", '1'),
      ),
      flag('immutable', 'The entry cannot be changed until the firmware says so: with `private` only.'),
    ],
    doc: 'The host writes the RMP entry of a page of a guest_memfd file.',
    details:
      'With `gpa` and `asid` for `private`, without them for `shared`. It does what a host should not do by ' +
      'itself: KVM keeps the RMP in step with its own faults and conversions.',
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
    doc: 'The host makes 512 RMP entries of 4K out of one of 2M.',
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
