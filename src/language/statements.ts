import type { ArgumentPart, ChoicePart, GroupPart, Role, StatementSpec, WordDoc } from './syntax';

/**
 * The table of statements. It is the only place where the language is described: what is added here
 * is parsed, completed, hovered, highlighted and documented.
 */

export type Keyword =
  | 'kernel'
  | 'vm'
  | 'gmem'
  | 'slot'
  | 'delete'
  | 'move'
  | 'convert'
  | 'fault'
  | 'prefault'
  | 'allocate'
  | 'punch'
  | 'truncate'
  | 'close'
  | 'discard'
  | 'host';

function argument(role: Role, label: string | null, what: string, value: string): ArgumentPart {
  const example = label === null ? value : `${label} ${value}`;
  return { kind: 'argument', name: role, role, label, what, example, defines: false };
}

function definition(part: ArgumentPart): ArgumentPart {
  return { ...part, defines: true };
}

function group(doc: string, ...parts: ArgumentPart[]): GroupPart {
  return { kind: 'group', parts, doc, repeated: false };
}

function choice(name: string, what: string, ...words: WordDoc[]): ChoicePart {
  return { kind: 'choice', name, what, words };
}

const KVM_API = 'https://docs.kernel.org/virt/kvm/api.html';
const MAN2 = 'https://man7.org/linux/man-pages/man2';

function api(ioctl: string) {
  return { title: `KVM API, ${ioctl}`, url: `${KVM_API}#${ioctl.toLowerCase().replaceAll('_', '-')}` };
}

function man(page: string) {
  return { title: `${page}(2)`, url: `${MAN2}/${page}.2.html` };
}

const FILE = argument('file', null, "the guest_memfd file's name", 'A');
const SLOT = argument('slot', 'slot', "the slot's id", '0');
const VCPU = argument('vcpu', 'vcpu', 'the vCPU', '0');

function gpa(what = 'the guest physical address'): ArgumentPart {
  return argument('gpa', 'gpa', what, '0x80000000');
}

function size(what: string, value = '2M'): ArgumentPart {
  return argument('size', 'size', what, value);
}

function offset(what: string, value = '0'): ArgumentPart {
  return argument('offset', 'offset', what, value);
}

/** VM types; the names are what follows KVM_X86_ in the kernel, as one would say them. */
export const VM_TYPES: readonly WordDoc[] = [
  { word: 'default', doc: 'KVM_X86_DEFAULT_VM: no private memory, all of it is mapped from userspace.' },
  { word: 'sw-protected', doc: 'KVM_X86_SW_PROTECTED_VM: private memory without hardware protection.' },
];

const ACCESS = choice(
  'access',
  '`read` or `write`',
  { word: 'read', doc: 'The access reads.' },
  { word: 'write', doc: 'The access writes.' },
);

const TABLE: readonly StatementSpec<Keyword>[] = [
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
    required: [argument('vm', null, 'the type of the VM, `default` or `sw-protected`', 'sw-protected')],
    options: [
      group('The number of vCPUs, 1 without it.', argument('count', 'vcpus', 'the number of vCPUs', '2')),
    ],
    doc: 'The VM: its type and its number of vCPUs.',
    details: 'Before any system call. Without it, the VM is `default` with one vCPU.',
    example: 'vm sw-protected vcpus 2',
    systemCall: 'KVM_CREATE_VM',
    kernelFunction: 'kvm_create_vm',
    manual: api('KVM_CREATE_VM'),
  },
  {
    keyword: 'gmem',
    required: [definition(FILE), size("the file's size")],
    options: [
      { kind: 'flag', word: 'mmap', doc: 'GUEST_MEMFD_FLAG_MMAP: userspace may map the file.' },
      {
        kind: 'flag',
        word: 'init-shared',
        doc: 'GUEST_MEMFD_FLAG_INIT_SHARED: the memory of the file starts as shared.',
      },
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
      definition({ ...argument('slot', null, "the slot's id", '0') }),
      gpa("the slot's guest physical address"),
      size("the slot's size"),
    ],
    options: [
      group(
        'Binds the slot to a guest_memfd file, from this offset on.',
        argument('file', 'gmem', "the guest_memfd file's name", 'A'),
        offset('the offset in the file at which the slot is bound'),
      ),
      { kind: 'flag', word: 'readonly', doc: 'KVM_MEM_READONLY: guest writes exit to userspace.' },
      { kind: 'flag', word: 'thp', doc: 'MADV_HUGEPAGE on fresh userspace memory.' },
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
    required: [VCPU, ACCESS, gpa()],
    options: [],
    doc: 'A vCPU reads or writes four bytes of guest memory.',
    details: 'What happens follows from what is mapped. The four bytes lie in one page.',
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
    required: [ACCESS, SLOT, offset("the offset in the slot's userspace memory")],
    options: [],
    doc: "The VMM process reads or writes one byte of a slot's userspace memory.",
    details: '',
    example: 'host write slot 0 offset 1M',
    systemCall: '',
    kernelFunction: 'handle_mm_fault',
    manual: api('KVM_SET_USER_MEMORY_REGION2'),
  },
];

/** All statements, in the order of the reference. */
export const STATEMENTS: readonly StatementSpec<Keyword>[] = TABLE;

const BY_KEYWORD: ReadonlyMap<string, StatementSpec<Keyword>> = new Map(
  TABLE.map((spec) => [spec.keyword, spec]),
);

/** The statement that starts with this word. */
export function statementSpec(word: string): StatementSpec<Keyword> | undefined {
  return BY_KEYWORD.get(word);
}

function labels(): Set<string> {
  const words = new Set<string>();
  for (const spec of TABLE) {
    const groups = spec.options.flatMap((option) => (option.kind === 'group' ? option.parts : []));
    for (const part of [...spec.required, ...groups]) {
      if (part.kind === 'argument' && part.label !== null) words.add(part.label);
    }
  }
  return words;
}

/** Words in front of an argument: `gpa`, `size`, `offset`, `vcpu`… */
export const LABELS: ReadonlySet<string> = labels();

/** Words that go on with a statement: labels, choices and flags. A line may start with one of them. */
export const CONTINUATION_WORDS: ReadonlySet<string> = new Set([
  ...LABELS,
  ...TABLE.flatMap((spec) =>
    spec.required.flatMap((part) => (part.kind === 'choice' ? part.words.map((w) => w.word) : [])),
  ),
  ...TABLE.flatMap((spec) => spec.options.flatMap((part) => (part.kind === 'flag' ? [part.word] : []))),
]);

/** Whether a word has a place of its own in statements, so that it cannot name a file. */
export function isReserved(word: string): boolean {
  return BY_KEYWORD.has(word) || LABELS.has(word);
}
