/** Zapping: for a hole, for a conversion, for a slot that goes; and how faults notice. */
import type { KnobSpec } from './knob';

export const INVALIDATION_KNOBS = [
  {
    name: 'range-math',
    doc: 'How a range of the file becomes gfns of a slot bound at a non-zero offset.',
    variants: [
      { name: 'clamp', doc: 'Clamp to the binding, then subtract its offset: exact (upstream since 6.8).' },
      { name: 'shifted', doc: 'Clamp, but never subtract the offset: the range is too high by it.' },
      {
        name: 'warn-and-skip',
        doc: 'Subtract without clamping, and skip a slot that the hole covers only in part (22 May 2023).',
      },
    ],
  },
  {
    name: 'gmem-invalidate',
    doc: 'When a guest_memfd invalidation takes mmu_lock and raises mmu_invalidate_in_progress.',
    variants: [
      { name: 'when-bound', doc: 'At the first slot bound to the range; begin and end are balanced.' },
      { name: 'always', doc: 'Before looking for slots, while the end still needs one: unbalanced without.' },
    ],
  },
  {
    name: 'zap-filter',
    doc: 'Which leaf entries an invalidation zaps on a VM whose private and shared mappings share a root.',
    variants: [
      { name: 'all', doc: 'Every leaf of the gfns, whatever it maps.' },
      {
        name: 'matching',
        doc: 'Only leaves of the kind that changed: private for a hole, shared for a notifier.',
      },
    ],
  },
  {
    name: 'unbind-zap',
    doc: 'Whether deleting a slot zaps what it maps before it is unbound from its file.',
    variants: [
      { name: 'on', doc: 'Yes: its leaves, or all roots on a default VM.' },
      { name: 'off', doc: 'No: its mappings outlive it, and those of pages freed later dangle.' },
    ],
  },
  {
    name: 'slot-zap',
    doc: 'What deleting or moving a slot zaps.',
    variants: [
      {
        name: 'by-type',
        doc: 'A default VM frees all its roots; others zap what the slot maps (since 6.12).',
      },
      {
        name: 'slot-only',
        doc: 'Every VM zaps what the slot maps: the VMM has turned off KVM_X86_QUIRK_SLOT_ZAP_ALL (since 6.12).',
      },
      {
        name: 'all-roots',
        doc: 'Every VM frees all its roots, as they all did before; on TDX the one of private memory too, which no kernel does.',
      },
    ],
  },
  {
    name: 'retry-check',
    doc: 'Whether a fault compares mmu_invalidate_seq before it installs its SPTE.',
    variants: [
      { name: 'on', doc: 'A fault that raced with an invalidation starts again.' },
      { name: 'off', doc: 'It installs what it looked up, even if that page is gone.' },
    ],
  },
  {
    name: 'convert-slots',
    doc: 'Which slots a conversion zaps, and keeps account of the huge pages of that it leaves mixed.',
    variants: [
      { name: 'all', doc: 'Every slot that has some of the gfns.' },
      {
        name: 'with-gmem',
        doc: 'Those with a guest_memfd: what others map stays, though the gfns are private (before September 2023).',
      },
    ],
  },
  {
    name: 'convert-range',
    doc: 'Which gfns a conversion keeps faults from mapping until the attributes are stored.',
    variants: [
      {
        name: 'added',
        doc: 'Those of the conversion, and the huge pages around them that are about to be mixed (6.15, and in 6.12).',
      },
      { name: 'gfns-only', doc: 'Those of the conversion.' },
      {
        name: 'with-gmem',
        doc: 'Those that are in a slot with a guest_memfd: others have an invalidation without a range (before September 2023).',
      },
    ],
  },
  {
    name: 'range-assert',
    doc: 'When the end of an invalidation to which no range was added is a WARN_ON_ONCE.',
    variants: [
      { name: 'always', doc: 'Always.' },
      {
        name: 'nested',
        doc: 'Only while another invalidation is in progress, which is hardly ever (before September 2023).',
      },
    ],
  },
] as const satisfies readonly KnobSpec[];
