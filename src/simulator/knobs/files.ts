/** guest_memfd files and the slots bound to them. */
import type { KnobSpec } from './knob';

export const FILE_KNOBS = [
  {
    name: 'gmem-flags',
    doc: 'Flags that KVM_CREATE_GUEST_MEMFD accepts.',
    variants: [
      { name: 'none', doc: 'None.' },
      { name: 'mmap', doc: 'MMAP, and INIT_SHARED on a VM without private memory.' },
    ],
  },
  {
    name: 'gmem-slots',
    doc: 'Which VMs may bind a memslot to a guest_memfd.',
    variants: [
      { name: 'private-vms', doc: 'VM types with private memory.' },
      { name: 'every-vm', doc: 'Every VM type.' },
    ],
  },
  {
    name: 'gmem-bind',
    doc: 'When KVM_SET_USER_MEMORY_REGION2 binds a new slot to its file.',
    variants: [
      {
        name: 'early',
        doc: 'With the checks of the descriptor, before the slot is prepared; an overlap returns EINVAL.',
      },
      { name: 'late', doc: 'After the slot is prepared; an overlap returns EEXIST.' },
    ],
  },
  {
    name: 'gmem-only-slots',
    doc: 'Where a slot gets memory for shared faults if userspace can mmap its file.',
    variants: [
      { name: 'off', doc: "From the slot's userspace memory." },
      { name: 'on', doc: 'From the file, as for private faults.' },
    ],
  },
  {
    name: 'punch-truncate',
    doc: 'Which pages a hole removes from the file.',
    variants: [
      { name: 'exact', doc: 'Its pages.' },
      {
        name: 'byte-beyond',
        doc: 'Its pages, and it zeroes the first byte of the next page: the code passed an exclusive end where an inclusive one is expected (before 22 May 2023).',
      },
      {
        name: 'none',
        doc: 'None: mappings are zapped and the call returns 0, but the pages stay (September 2023, lost in a rebase).',
      },
    ],
  },
  {
    name: 'partial-truncate',
    doc: 'What truncation does with a page or 2M folio that it covers only in part.',
    variants: [
      { name: 'untouched', doc: 'Nothing: the file is marked AS_INACCESSIBLE.' },
      {
        name: 'zeroed',
        doc: 'Zeroes that part, as for any other file: the host writes to a page that a guest may own (before 2024).',
      },
    ],
  },
  {
    name: 'huge-binding',
    doc: 'How a slot is bound to a file with 2M folios if its gfns and file pages differ modulo 2 MiB.',
    variants: [
      { name: 'mapped-4k', doc: 'Bound, and mapped as 4K.' },
      {
        name: 'refused',
        doc: 'Not bound: EINVAL for any slot of such a file unless its offset and size are multiples of 2M (before September 2023).',
      },
      {
        name: 'mapped-2m',
        doc: 'Bound, and mapped as 2M with gfn and pfn rounded down, which maps the wrong pages. No kernel does this; it shows why the check is needed.',
      },
    ],
  },
  {
    name: 'bind-reference',
    doc: 'What happens to the file reference taken for a binding if the offset is refused.',
    variants: [
      { name: 'dropped', doc: 'It is dropped.' },
      {
        name: 'leaked',
        doc: 'It leaks if the offset is negative: the file is never released (2023).',
      },
    ],
  },
  {
    name: 'readonly-gmem',
    doc: 'Whether a read-only slot can have a guest_memfd.',
    variants: [
      { name: 'refused', doc: 'No: EINVAL.' },
      {
        name: 'bound',
        doc: 'Yes; KVM can neither map nor emulate a private write to it (before 6.8 was released).',
      },
    ],
  },
  {
    name: 'gmem-poison',
    doc: 'What a memory failure in a page of a guest_memfd does.',
    variants: [
      { name: 'zapped', doc: 'KVM zaps its mappings, and faults on it fail with EHWPOISON.' },
      {
        name: 'signalled',
        doc: 'The VMM gets a SIGBUS whose address comes from the file index used as a gfn; the guest keeps the page (2023, before 6.8).',
      },
    ],
  },
] as const satisfies readonly KnobSpec[];
