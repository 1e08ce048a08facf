/** Faults, prefaults and the SPTEs that they write. */
import type { KnobSpec } from './knob';

export const FAULT_KNOBS = [
  {
    name: 'rewritten-dirty',
    doc: 'The dirty bit of a leaf written over a writable leaf or an MMIO SPTE.',
    variants: [
      { name: 'clear', doc: 'Left clear.' },
      { name: 'set', doc: 'Set with the writable bit, as for any other leaf.' },
    ],
  },
  {
    name: 'existing-leaf',
    doc: 'What a fault does on a leaf that already allows the access.',
    variants: [
      { name: 'recompute', doc: 'Computes the leaf anew and writes it if it differs.' },
      { name: 'spurious', doc: 'Nothing.' },
    ],
  },
  {
    name: 'removed-table',
    doc: 'The order in which the removal of a page table is reported.',
    variants: [
      { name: 'parent-first', doc: 'The entry that pointed to it, then its own entries.' },
      { name: 'child-first', doc: 'Its own entries, then the entry that pointed to it.' },
    ],
  },
  {
    name: 'prefault-root',
    doc: 'A prefault by a vCPU whose root was invalidated since it last ran.',
    variants: [
      { name: 'keep', doc: 'Keeps it, and finds its fault stale for ever.' },
      { name: 'reload', doc: 'Loads a valid root first.' },
    ],
  },
  {
    name: 'prefault-before-launch',
    doc: 'A prefault of a SEV-SNP guest that is not launched yet.',
    variants: [
      { name: 'refused', doc: 'EOPNOTSUPP.' },
      {
        name: 'allowed',
        doc: 'Makes pages private that LAUNCH_UPDATE then finds taken (2024, before 6.11 was released).',
      },
    ],
  },
  {
    name: 'prefault-shared-root',
    doc: 'The root into which a prefault maps shared memory of a TDX guest.',
    variants: [
      { name: 'direct', doc: 'The one that shared accesses walk.' },
      {
        name: 'mirror',
        doc: 'The one of private memory: the root was picked by the address, and the shared bit was not in it (2025).',
      },
    ],
  },
  {
    name: 'prefault-deleted-slot',
    doc: 'A prefault that meets a slot being deleted.',
    variants: [
      { name: 'retry', doc: 'Retries, while the deletion waits for it.' },
      { name: 'eagain', doc: 'Ends with EAGAIN.' },
    ],
  },
] as const satisfies readonly KnobSpec[];
