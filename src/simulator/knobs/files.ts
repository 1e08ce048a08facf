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
] as const satisfies readonly KnobSpec[];
