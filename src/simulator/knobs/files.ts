/** guest_memfd files and the slots that are bound to them. */
import type { KnobSpec } from './knob';

export const FILE_KNOBS = [
  {
    name: 'gmem-flags',
    doc: 'Flags that KVM_CREATE_GUEST_MEMFD accepts.',
    variants: [
      { name: 'none', doc: 'None.' },
      { name: 'mmap', doc: 'MMAP; INIT_SHARED as well on a VM without private memory.' },
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
    doc: 'When creating a slot enters it in the bindings of its file.',
    variants: [
      {
        name: 'early',
        doc: 'With the checks of the descriptor, before the slot is prepared; overlap EINVAL.',
      },
      { name: 'late', doc: 'After the slot is prepared; overlap EEXIST.' },
    ],
  },
  {
    name: 'gmem-only-slots',
    doc: 'Where shared faults of a slot go whose file can be mapped by userspace.',
    variants: [
      { name: 'off', doc: "To the slot's userspace memory." },
      { name: 'on', doc: 'To the file, as private ones do.' },
    ],
  },
  {
    name: 'punch-truncate',
    doc: 'What a hole takes out of the file.',
    variants: [
      { name: 'exact', doc: 'Its pages.' },
      {
        name: 'byte-beyond',
        doc: 'Its pages, and the first byte of the next: the end was given as if it were exclusive (before 22 May 2023).',
      },
      {
        name: 'none',
        doc: 'Nothing: mappings are zapped, 0 is returned, and the pages stay (September 2023, lost in a rebase).',
      },
    ],
  },
  {
    name: 'partial-truncate',
    doc: 'What truncation does with a page, or a 2M folio, that it covers in part.',
    variants: [
      { name: 'untouched', doc: 'Nothing: the file is marked AS_INACCESSIBLE.' },
      {
        name: 'zeroed',
        doc: "Zeroes that part, as for any other file: the host writes to a page that may be a guest's (before 2024).",
      },
    ],
  },
  {
    name: 'huge-binding',
    doc: 'A slot whose gfns and file pages differ modulo 2 MiB, on a file with 2M folios.',
    variants: [
      { name: 'mapped-4k', doc: 'Is bound, and mapped as 4K.' },
      {
        name: 'refused',
        doc: 'EINVAL for any slot of such a file whose offset and size are not multiples of 2M (before September 2023).',
      },
      {
        name: 'mapped-2m',
        doc: 'Is bound, and mapped as 2M, gfn and pfn rounded down: to other pages. No kernel does that; it shows what the check is for.',
      },
    ],
  },
  {
    name: 'bind-reference',
    doc: 'The reference to the file that binding takes, where the offset is refused.',
    variants: [
      { name: 'dropped', doc: 'Is dropped.' },
      {
        name: 'leaked',
        doc: 'Is kept for an offset that is negative: the file is never released (2023).',
      },
    ],
  },
  {
    name: 'readonly-gmem',
    doc: 'A slot that is read-only and has a guest_memfd.',
    variants: [
      { name: 'refused', doc: 'EINVAL.' },
      {
        name: 'bound',
        doc: 'Is bound; a private write to it can be neither mapped nor emulated (before 6.8 was released).',
      },
    ],
  },
  {
    name: 'gmem-poison',
    doc: 'What a memory failure in a page of a guest_memfd does.',
    variants: [
      { name: 'zapped', doc: 'Its mappings are zapped, and faults on it end with EHWPOISON.' },
      {
        name: 'signalled',
        doc: 'The VMM gets a SIGBUS, at the index in the file as if it were a gfn; the guest keeps the page (2023, before 6.8).',
      },
    ],
  },
] as const satisfies readonly KnobSpec[];
