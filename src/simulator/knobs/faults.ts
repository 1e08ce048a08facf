/** Faults, prefaults and the SPTEs they write. */
import type { KnobSpec } from './knob';

export const FAULT_KNOBS = [
  {
    name: 'rewritten-dirty',
    doc: 'The dirty bit of a leaf that replaces a writable leaf or an MMIO SPTE.',
    variants: [
      { name: 'clear', doc: 'Left clear.' },
      { name: 'set', doc: 'Set with the writable bit, as for any other leaf.' },
    ],
  },
  {
    name: 'existing-leaf',
    doc: 'What a fault does if the leaf already allows the access.',
    variants: [
      { name: 'recompute', doc: 'Recomputes the leaf and writes it if it differs.' },
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
    doc: 'What a prefault does if the root of the vCPU is obsolete.',
    variants: [
      {
        name: 'keep',
        doc: 'Keeps the root, so that its fault is stale forever (6.11 to 6.14: kvm_mmu_reload() ignores obsolete roots).',
      },
      {
        name: 'reload',
        doc: 'Loads a valid root before its first attempt to map a page. If the root becomes obsolete after that, it is kept, and the retries never end (6.15 to 7.3).',
      },
      {
        name: 'each-attempt',
        doc: 'Loads a valid root before each attempt (queued in autumn 2026, after 7.3).',
      },
    ],
  },
  {
    name: 'prefault-before-launch',
    doc: 'Whether a SEV-SNP guest can be prefaulted before its launch is finished.',
    variants: [
      { name: 'refused', doc: 'No: EOPNOTSUPP.' },
      {
        name: 'allowed',
        doc: 'Yes: it makes pages private, and LAUNCH_UPDATE then finds them assigned (2024, before 6.11 was released).',
      },
    ],
  },
  {
    name: 'prefault-shared-root',
    doc: 'The root in which a prefault maps shared memory of a TDX guest.',
    variants: [
      { name: 'direct', doc: 'The root that shared accesses walk.' },
      {
        name: 'mirror',
        doc: 'The root of private memory: KVM chose the root by the address, which did not include the shared bit (2025).',
      },
    ],
  },
  {
    name: 'prefault-deleted-slot',
    doc: 'What a prefault does in a slot that is being deleted.',
    variants: [
      { name: 'retry', doc: 'Retries while the deletion waits for it.' },
      { name: 'eagain', doc: 'Returns EAGAIN.' },
    ],
  },
] as const satisfies readonly KnobSpec[];
