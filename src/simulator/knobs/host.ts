/** The host's own memory management, and its CPU. */
import type { KnobSpec } from './knob';

export const HOST_KNOBS = [
  {
    name: 'huge-zero-write',
    doc: 'A write to userspace memory where the huge zero page is mapped.',
    variants: [
      { name: 'split', doc: 'The host splits it and gives one 4 KiB page.' },
      { name: 'huge-page', doc: 'The host puts a whole huge page there.' },
    ],
  },
  {
    name: 'discarded-table',
    doc: 'A page table of the host whose 2 MiB were discarded whole.',
    variants: [
      { name: 'keep', doc: 'Stays, so that no huge page can come there.' },
      { name: 'free', doc: 'Is freed (PT_RECLAIM).' },
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
