import type { VmType } from '../../simulator';
import type { StatementSpec, WordDoc } from './syntax';
import {
  AT_VMPL,
  api,
  argument,
  choice,
  definition,
  FILE,
  flag,
  gpa,
  group,
  KVM_API,
  man,
  offset,
  oneOf,
  SLOT,
  size,
  VALUE,
  VCPU,
} from './vocabulary';

/** The statements of every VM: files, memslots, conversions, accesses. */

const VM_TYPE_DOCS: Readonly<Record<VmType, string>> = {
  default: 'KVM_X86_DEFAULT_VM: no private memory; all guest memory is mapped from userspace.',
  'sw-protected': 'KVM_X86_SW_PROTECTED_VM: private memory without hardware protection.',
  'sev-snp':
    'KVM_X86_SNP_VM: the C-bit of an access says whether it is private; the RMP protects private pages.',
  tdx: 'KVM_X86_TDX_VM: the shared bit of the guest physical address says whether an access is shared.',
};

/** VM types, named after the kernel's KVM_X86_*_VM constants. */
export const VM_TYPES: readonly WordDoc[] = Object.entries(VM_TYPE_DOCS).map(([word, doc]) => ({
  word,
  doc,
}));

export function isVmType(text: string): text is VmType {
  return Object.hasOwn(VM_TYPE_DOCS, text);
}

const READ: WordDoc<'read'> = { word: 'read', doc: 'The access reads.' };
const WRITE: WordDoc<'write'> = { word: 'write', doc: 'The access writes.' };

export const MEMORY_STATEMENTS = [
  {
    keyword: 'kernel',
    required: [argument('kernel', null, "the kernel's name", 'linux-7.3')],
    options: [
      {
        kind: 'group',
        parts: [
          argument('knob', 'with', "a knob's name", 'retry-check'),
          argument('variant', null, "the knob's variant", 'off'),
        ],
        doc: 'Selects another variant of one mechanism of the kernel. May be repeated.',
        repeated: true,
      },
    ],
    doc: 'The kernel whose semantics are simulated.',
    details: 'Must come first in the file. The default is `linux-7.3`.',
    example: 'kernel linux-7.3',
    systemCall: '',
    kernelFunction: '',
    manual: { title: 'KVM API', url: KVM_API },
  },
  {
    keyword: 'vm',
    required: [argument('vm', null, 'the type of the VM', 'sw-protected')],
    options: [
      group('The number of vCPUs; 1 by default.', argument('count', 'vcpus', 'the number of vCPUs', '2')),
    ],
    doc: 'Creates a VM, with its type and number of vCPUs.',
    details:
      'The first `vm` comes before any system call; without it, the VM is `default` with one vCPU. Each further ' +
      '`vm` creates another VM, and the statements after it apply to that VM. Slots and vCPUs belong to a VM; ' +
      'the names of files belong to the scenario.',
    example: 'vm sw-protected vcpus 2',
    systemCall: 'KVM_CREATE_VM',
    kernelFunction: 'kvm_create_vm',
    manual: api('KVM_CREATE_VM'),
  },
  {
    keyword: 'switch',
    required: [argument('vm-number', 'vm', "the VM's number", '0')],
    options: [],
    doc: 'Switches to an earlier VM: the statements after it apply to that VM.',
    details: 'VMs are numbered from 0, in the order in which they are created.',
    example: 'switch vm 0',
    systemCall: '',
    kernelFunction: '',
    manual: api('KVM_CREATE_VM'),
  },
  {
    keyword: 'gmem',
    required: [definition(FILE), size("the file's size")],
    options: [
      flag('mmap', 'GUEST_MEMFD_FLAG_MMAP: userspace may map the file.'),
      flag('init-shared', 'GUEST_MEMFD_FLAG_INIT_SHARED: the memory of the file is initially shared.'),
      flag('huge', 'Pages are allocated as 2 MiB folios if possible; no upstream kernel does this yet.'),
    ],
    doc: 'Creates a guest_memfd file and gives it a name.',
    details: 'If the call fails, the name refers to a bad descriptor: later uses return `EBADF`.',
    example: 'gmem A size 4M',
    systemCall: 'KVM_CREATE_GUEST_MEMFD',
    kernelFunction: 'kvm_gmem_create',
    manual: api('KVM_CREATE_GUEST_MEMFD'),
  },
  {
    keyword: 'slot',
    required: [
      definition(argument('slot', null, "the slot's id", '0')),
      gpa("the slot's guest physical address"),
      size("the slot's size"),
    ],
    options: [
      group(
        'Binds the slot to a guest_memfd file, starting at this offset.',
        argument('file', 'gmem', "the guest_memfd file's name", 'A'),
        offset('the offset in the file at which the slot is bound'),
      ),
      flag('readonly', 'KVM_MEM_READONLY: guest writes exit to userspace.'),
      flag('thp', 'MADV_HUGEPAGE on fresh userspace memory.'),
    ],
    doc: 'Creates a memslot, or updates the one with this id.',
    details:
      'A new slot gets fresh userspace memory: a private, anonymous mapping that starts on a 2 MiB boundary, ' +
      'with the size rounded up to a page, and with `MADV_NOHUGEPAGE`, or `MADV_HUGEPAGE` if `thp` is given. An ' +
      'update keeps the memory of the slot and passes the same address again.',
    example: 'slot 0 gpa 0x80000000 size 2M gmem A offset 0',
    systemCall: 'KVM_SET_USER_MEMORY_REGION2',
    kernelFunction: 'kvm_set_memory_region',
    manual: api('KVM_SET_USER_MEMORY_REGION2'),
  },
  {
    keyword: 'delete',
    required: [SLOT],
    options: [],
    doc: 'Deletes a memslot: the same call with size 0.',
    details: "If the call succeeds, the slot's userspace memory is unmapped.",
    example: 'delete slot 0',
    systemCall: 'KVM_SET_USER_MEMORY_REGION2',
    kernelFunction: 'kvm_set_memory_region',
    manual: api('KVM_SET_USER_MEMORY_REGION2'),
  },
  {
    keyword: 'move',
    required: [SLOT, gpa("the slot's new guest physical address")],
    options: [],
    doc: 'Moves a memslot to another guest physical address.',
    details: "The same call, with the slot's current size, flags and memory.",
    example: 'move slot 0 gpa 0x90000000',
    systemCall: 'KVM_SET_USER_MEMORY_REGION2',
    kernelFunction: 'kvm_set_memory_region',
    manual: api('KVM_SET_USER_MEMORY_REGION2'),
  },
  {
    keyword: 'convert',
    required: [
      gpa(),
      size('the size of the range'),
      choice(
        'to',
        '`private` or `shared`',
        { word: 'private', doc: 'Sets KVM_MEMORY_ATTRIBUTE_PRIVATE.' },
        { word: 'shared', doc: 'Clears KVM_MEMORY_ATTRIBUTE_PRIVATE.' },
      ),
    ],
    options: [],
    doc: 'Converts a range of guest memory to private or to shared.',
    details: '',
    example: 'convert gpa 0x80000000 size 2M private',
    systemCall: 'KVM_SET_MEMORY_ATTRIBUTES',
    kernelFunction: 'kvm_vm_ioctl_set_mem_attributes',
    manual: api('KVM_SET_MEMORY_ATTRIBUTES'),
  },
  {
    keyword: 'fault',
    required: [
      VCPU,
      choice('access', '`read`, `write` or `exec`', READ, WRITE, {
        word: 'exec',
        doc: 'The access fetches an instruction; `sev-snp` and `tdx` guests fetch only from private memory.',
      }),
      gpa(),
    ],
    options: [
      oneOf(
        'as',
        'How the guest accesses the page; by default, as the attribute of the gfn says. A fetch is private.',
        { word: 'private', doc: 'With the C-bit on `sev-snp`, without the shared bit on `tdx`.' },
        { word: 'shared', doc: 'Without the C-bit on `sev-snp`, with the shared bit on `tdx`.' },
      ),
      AT_VMPL,
      VALUE,
    ],
    doc: 'A vCPU reads, writes or executes four bytes of guest memory.',
    details:
      'The outcome depends on what is mapped. The four bytes must lie in one page. `private` and `shared` apply ' +
      'only to `sev-snp` and `tdx`; on other VM types the memory attributes decide. A value written with `value` ' +
      'stays in the page until the page is freed. To check what a read returns, expect it: `=> read 0x1234`.',
    example: 'fault vcpu 0 write gpa 0x80000000',
    systemCall: 'KVM_RUN',
    kernelFunction: 'kvm_tdp_page_fault',
    manual: api('KVM_RUN'),
  },
  {
    keyword: 'prefault',
    required: [VCPU, gpa(), size('the size of the range')],
    options: [],
    doc: 'Maps a range of guest memory before the guest touches it.',
    details: 'The call is repeated until nothing is left or it fails.',
    example: 'prefault vcpu 0 gpa 0x80000000 size 16K',
    systemCall: 'KVM_PRE_FAULT_MEMORY',
    kernelFunction: 'kvm_vcpu_pre_fault_memory',
    manual: api('KVM_PRE_FAULT_MEMORY'),
  },
  {
    keyword: 'allocate',
    required: [FILE, offset('the offset in the file'), size('the size of the range')],
    options: [],
    doc: 'Allocates the pages of a range of a guest_memfd file.',
    details: '`fallocate(FALLOC_FL_KEEP_SIZE)`.',
    example: 'allocate A offset 0 size 1M',
    systemCall: 'fallocate',
    kernelFunction: 'kvm_gmem_allocate',
    manual: man('fallocate'),
  },
  {
    keyword: 'punch',
    required: [FILE, offset('the offset in the file'), size('the size of the hole')],
    options: [],
    doc: 'Punches a hole in a guest_memfd file: its pages are freed, its mappings zapped.',
    details: '`fallocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)`.',
    example: 'punch A offset 0x1ff000 size 12K',
    systemCall: 'fallocate',
    kernelFunction: 'kvm_gmem_punch_hole',
    manual: man('fallocate'),
  },
  {
    keyword: 'truncate',
    required: [FILE, size("the file's new size")],
    options: [],
    doc: 'Tries to change the size of a guest_memfd file.',
    details: 'KVM refuses this with `EINVAL`: the size is fixed when the file is created.',
    example: 'truncate A size 1M',
    systemCall: 'ftruncate',
    kernelFunction: 'kvm_gmem_setattr',
    manual: man('ftruncate'),
  },
  {
    keyword: 'close',
    required: [FILE],
    options: [],
    doc: 'Closes the descriptor of a guest_memfd file. If no other call uses the file, this releases it.',
    details: 'Later uses of the name return `EBADF`.',
    example: 'close A',
    systemCall: 'close',
    kernelFunction: 'kvm_gmem_release',
    manual: man('close'),
  },
  {
    keyword: 'poison',
    required: [FILE, offset('the offset in the file')],
    options: [],
    doc: 'The hardware reports an uncorrected memory error in a page of a guest_memfd file.',
    details:
      'The host poisons the page: its mappings are zapped, it stays in the file, and private faults on it fail ' +
      'with `EHWPOISON` until a hole frees it. `memory_failure()` returns `EBUSY`, because guest_memfd keeps the page. ' +
      'If no page is allocated at the offset, the outcome is `EFAULT`.',
    example: 'poison A offset 0',
    systemCall: '',
    kernelFunction: 'kvm_gmem_error_folio',
    manual: { title: 'hwpoison', url: 'https://docs.kernel.org/mm/hwpoison.html' },
  },
  {
    keyword: 'discard',
    required: [SLOT, offset("the offset in the slot's userspace memory"), size('the size of the range')],
    options: [],
    doc: "Discards pages of a slot's userspace memory.",
    details: '`madvise(MADV_DONTNEED)`; the MMU notifier informs KVM.',
    example: 'discard slot 0 offset 4K size 4K',
    systemCall: 'madvise',
    kernelFunction: 'kvm_mmu_notifier_invalidate_range_start',
    manual: man('madvise'),
  },
  {
    keyword: 'host',
    required: [
      choice('access', '`read` or `write`', READ, WRITE),
      {
        kind: 'either',
        labelled: SLOT,
        bare: { ...FILE, what: "`slot` and its id, or the guest_memfd file's name" },
      },
      offset("the offset in the slot's userspace memory, or in the file"),
    ],
    options: [VALUE],
    doc: "The host reads or writes one byte: the VMM in a slot's userspace memory, or the kernel in a page of a file.",
    details:
      'With `slot`, the VMM accesses its own mapping. With the name of a file, the kernel writes to the page at ' +
      'that offset through its direct map. The RMP refuses the write if the page is assigned to a guest, or if one ' +
      'mapping of the direct map covers it together with such a page. Reads are never refused, so a file allows ' +
      'only `write`. With `value`, four bytes are written, which must lie in one page.',
    example: 'host write slot 0 offset 1M',
    systemCall: '',
    kernelFunction: 'handle_mm_fault',
    manual: api('KVM_SET_USER_MEMORY_REGION2'),
  },
] as const satisfies readonly StatementSpec[];
