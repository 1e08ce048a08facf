/** The host's own memory management, and its CPU. */
import type { KnobSpec } from './knob';

export const HOST_KNOBS = [
  {
    name: 'huge-zero-write',
    doc: 'What a write to userspace memory does if the huge zero page is mapped there.',
    variants: [
      { name: 'split', doc: 'The host splits the mapping and allocates one 4 KiB page.' },
      { name: 'huge-page', doc: 'The host allocates a huge page.' },
    ],
  },
  {
    name: 'discarded-table',
    doc: 'What the host does with a page table after all of its 2 MiB were discarded.',
    variants: [
      { name: 'keep', doc: 'Keeps it, so that no huge page can be mapped there.' },
      { name: 'free', doc: 'Frees it (PT_RECLAIM).' },
    ],
  },
  {
    name: 'phys-bits',
    doc: 'Width of guest physical addresses on the host; a slot must end below it.',
    variants: [
      { name: 'bits-40', doc: '40 bits, 1 TiB: the emulated CPU of the recordings.' },
      { name: 'bits-48', doc: '48 bits, 256 TiB: a server.' },
    ],
  },
] as const satisfies readonly KnobSpec[];
