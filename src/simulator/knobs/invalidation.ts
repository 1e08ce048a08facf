/** Zapping for a hole, a conversion or a deleted slot, and how faults detect it. */
import type { KnobSpec } from './knob';

export const INVALIDATION_KNOBS = [
  {
    name: 'range-math',
    doc: 'How a file range is translated to gfns of a slot that is bound at a non-zero offset.',
    variants: [
      { name: 'clamp', doc: 'Clamp to the binding, then subtract its offset: exact (upstream since 6.8).' },
      {
        name: 'shifted',
        doc: 'Clamp, but do not subtract the offset: the gfns are too high by that offset.',
      },
      {
        name: 'warn-and-skip',
        doc: 'Subtract without clamping, and skip a slot that the hole covers only partly (22 May 2023).',
      },
    ],
  },
  {
    name: 'gmem-invalidate',
    doc: 'When a guest_memfd invalidation takes mmu_lock and raises mmu_invalidate_in_progress.',
    variants: [
      { name: 'when-bound', doc: 'At the first slot bound to the range: begin and end are balanced.' },
      {
        name: 'always',
        doc: 'Begin does so before it looks for slots, but end only if there is one: unbalanced without a slot.',
      },
    ],
  },
  {
    name: 'zap-filter',
    doc: 'Which leaf entries an invalidation zaps on a VM whose private and shared mappings share a root.',
    variants: [
      { name: 'all', doc: 'Every leaf of the gfns, private or shared.' },
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
      { name: 'off', doc: 'No: its mappings outlive it, and dangle when their pages are freed later.' },
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
        doc: 'Every VM zaps what the slot maps: the VMM disabled KVM_X86_QUIRK_SLOT_ZAP_ALL (since 6.12).',
      },
      {
        name: 'all-roots',
        doc: 'Every VM frees all its roots (before 6.12); on TDX also the root of private memory, which no kernel does.',
      },
    ],
  },
  {
    name: 'retry-check',
    doc: 'Whether a fault compares mmu_invalidate_seq before it installs its SPTE.',
    variants: [
      { name: 'on', doc: 'Yes: a fault that raced with an invalidation retries.' },
      { name: 'off', doc: 'No: it maps the page it looked up, even if that page was freed.' },
    ],
  },
  {
    name: 'convert-slots',
    doc: 'In which slots a conversion zaps mappings and tracks huge pages with mixed attributes.',
    variants: [
      { name: 'all', doc: 'Every slot that contains any of the gfns.' },
      {
        name: 'with-gmem',
        doc: 'Only slots with a guest_memfd: other slots keep their mappings although the gfns are private (before September 2023).',
      },
    ],
  },
  {
    name: 'convert-range',
    doc: 'For which gfns faults cannot install mappings until a conversion has stored the attributes.',
    variants: [
      {
        name: 'added',
        doc: 'Those of the conversion, and the surrounding huge pages that become mixed (6.15, and in 6.12).',
      },
      { name: 'gfns-only', doc: 'Those of the conversion.' },
      {
        name: 'with-gmem',
        doc: 'Those in a slot with a guest_memfd: for other gfns the invalidation has no range (before September 2023).',
      },
    ],
  },
  {
    name: 'range-assert',
    doc: 'When ending an invalidation that has no range triggers a WARN_ON_ONCE.',
    variants: [
      { name: 'always', doc: 'Always.' },
      {
        name: 'nested',
        doc: 'Only while another invalidation is in progress, which is rare (before September 2023).',
      },
    ],
  },
] as const satisfies readonly KnobSpec[];
