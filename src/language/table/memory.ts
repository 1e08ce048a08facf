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
  default: 'KVM_X86_DEFAULT_VM: no private memory, all of it is mapped from userspace.',
  'sw-protected': 'KVM_X86_SW_PROTECTED_VM: private memory without hardware protection.',
  'sev-snp': 'KVM_X86_SNP_VM: the C-bit of an access says whether it is private; the RMP guards it.',
  tdx: 'KVM_X86_TDX_VM: the shared bit of the guest physical address says what an access is.',
};

/** VM types; the names are what follows KVM_X86_ in the kernel, as one would say them. */
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
        doc: 'Replaces one mechanism of the kernel by a variant of it. May be repeated.',
        repeated: true,
      },
    ],
    doc: 'The kernel whose semantics are simulated.',
    details: 'First in the file. Without it, the kernel is `linux-7.3`.',
    example: 'kernel linux-7.3',
    systemCall: '',
    kernelFunction: '',
    manual: { title: 'KVM API', url: KVM_API },
  },
  {
    keyword: 'vm',
    required: [argument('vm', null, 'the type of the VM', 'sw-protected')],
    options: [
      group('The number of vCPUs, 1 without it.', argument('count', 'vcpus', 'the number of vCPUs', '2')),
    ],
    doc: 'The VM: its type and its number of vCPUs.',
    details:
      'The first comes before any system call; without it, the VM is `default` with one vCPU. Every further ' +
      '`vm` creates another VM, which the statements after it are for. Slots and vCPUs belong to a VM, names ' +
      'of files to the scenario.',
    example: 'vm sw-protected vcpus 2',
    systemCall: 'KVM_CREATE_VM',
    kernelFunction: 'kvm_create_vm',
    manual: api('KVM_CREATE_VM'),
  },
  {
    keyword: 'switch',
    required: [argument('vm-number', 'vm', "the VM's number", '0')],
    options: [],
    doc: 'Goes back to an earlier VM: the statements after it are for that one.',
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
      flag('init-shared', 'GUEST_MEMFD_FLAG_INIT_SHARED: the memory of the file starts as shared.'),
      flag('huge', 'Pages come as 2 MiB folios where they can, which no upstream kernel does yet.'),
    ],
    doc: 'Creates a guest_memfd file and gives it a name.',
    details: 'When the call fails, the name stands for a bad descriptor: later uses give `EBADF`.',
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
        'Binds the slot to a guest_memfd file, from this offset on.',
        argument('file', 'gmem', "the guest_memfd file's name", 'A'),
        offset('the offset in the file at which the slot is bound'),
      ),
      flag('readonly', 'KVM_MEM_READONLY: guest writes exit to userspace.'),
      flag('thp', 'MADV_HUGEPAGE on fresh userspace memory.'),
    ],
    doc: 'Creates a memslot, or updates the one that has this id.',
    details:
      'An id that is not in use gets fresh userspace memory: private, anonymous, starting on a 2 MiB ' +
      'boundary, the size rounded up to a page, `MADV_NOHUGEPAGE`, with `thp` `MADV_HUGEPAGE`. An id in use ' +
      'keeps its memory and passes its address again.',
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
    details: "After success the slot's userspace memory is unmapped.",
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
    details: "The same call with the slot's own size, flags and memory.",
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
        doc: 'The access fetches an instruction: of `sev-snp` and `tdx` guests, from private memory only.',
      }),
      gpa(),
    ],
    options: [
      oneOf(
        'as',
        'What the guest takes the page for; without it, what the attribute of the gfn says. A fetch is private.',
        { word: 'private', doc: 'With the C-bit on `sev-snp`, without the shared bit on `tdx`.' },
        { word: 'shared', doc: 'Without the C-bit on `sev-snp`, with the shared bit on `tdx`.' },
      ),
      AT_VMPL,
      VALUE,
    ],
    doc: 'A vCPU reads, writes or executes four bytes of guest memory.',
    details:
      'What happens follows from what is mapped. The four bytes lie in one page. `private` and `shared` are ' +
      'for `sev-snp` and `tdx`: on other VMs the memory attributes decide. What was written with `value` stays in the ' +
      'page until the page is freed, and a read expectations it: `=> read 0x1234`.',
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
    details: 'Called again until nothing is left or it fails.',
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
    doc: 'Changes the size of a guest_memfd file.',
    details: '',
    example: 'truncate A size 1M',
    systemCall: 'ftruncate',
    kernelFunction: 'kvm_gmem_setattr',
    manual: man('ftruncate'),
  },
  {
    keyword: 'close',
    required: [FILE],
    options: [],
    doc: 'Closes the descriptor of a guest_memfd file, its last reference.',
    details: 'Later uses of the name give `EBADF`.',
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
      'The host poisons the page: it loses its mappings, stays in the file, and private faults on it end with ' +
      '`EHWPOISON`, until a hole frees it. `memory_failure()` returns `EBUSY`, since guest_memfd keeps the page. ' +
      '`EFAULT` if no page is allocated.',
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
    details: '`madvise(MADV_DONTNEED)`; KVM hears of it through its MMU notifier.',
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
    doc: "The host reads or writes one byte: the VMM, of a slot's userspace memory, or the kernel, of a file's page.",
    details:
      'With `slot`, the VMM process touches its own mapping. With the name of a file, the kernel writes to the ' +
      "page at that offset through its direct map, which the RMP refuses where the page is a guest's, or where the " +
      'direct map has it in one mapping with one that is; a read is never refused, so there is only `write`. With ' +
      '`value`, four bytes are written, which lie in one page.',
    example: 'host write slot 0 offset 1M',
    systemCall: '',
    kernelFunction: 'handle_mm_fault',
    manual: api('KVM_SET_USER_MEMORY_REGION2'),
  },
] as const satisfies readonly StatementSpec[];
