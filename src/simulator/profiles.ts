/**
 * Kernels as data. A knob is a point where kernels differ; each of its variants replaces one step (or a
 * few) of a procedure. A profile names a variant for every knob; a scenario may then turn single knobs.
 */

import type { VmType } from './calls';

interface Variant {
  readonly name: string;
  readonly doc: string;
}

interface KnobSpec {
  readonly name: string;
  readonly doc: string;
  readonly variants: readonly Variant[];
}

export const KNOBS = [
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
    name: 'convert-range',
    doc: 'Which gfns a conversion keeps faults from mapping until the attributes are stored.',
    variants: [
      {
        name: 'added',
        doc: 'Those of the conversion, and the huge pages around them that are about to be mixed (6.15, and in 6.12).',
      },
      { name: 'gfns-only', doc: 'Those of the conversion.' },
    ],
  },
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
    name: 'prefault-deleted-slot',
    doc: 'A prefault that meets a slot being deleted.',
    variants: [
      { name: 'retry', doc: 'Retries, while the deletion waits for it.' },
      { name: 'eagain', doc: 'Ends with EAGAIN.' },
    ],
  },
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
    name: 'gmem-prepare',
    doc: 'When get_pfn makes a page private in the RMP.',
    variants: [
      { name: 'once', doc: 'With the zeroing: uptodate means prepared. A 2M folio gets one entry.' },
      { name: 'each-time', doc: 'On every call, where the RMP does not have it so, and always as 4K.' },
    ],
  },
  {
    name: 'gmem-populate',
    doc: 'How LAUNCH_UPDATE fills pages.',
    variants: [
      {
        name: 'one-lock',
        doc: 'Under one hold of the invalidate lock, the contents copied in between; EEXIST for a page that is uptodate.',
      },
      {
        name: 'lock-per-page',
        doc: 'With the source page pinned first, which has to be there and aligned; EINVAL for size 0.',
      },
    ],
  },
  {
    name: 'direct-map',
    doc: 'What an RMPUPDATE of 4K does to the direct map, by which the kernel itself writes to memory.',
    variants: [
      {
        name: 'split',
        doc: 'The 2 MiB around it are mapped as 4K, for good: the other pages stay writable.',
      },
      {
        name: 'keep',
        doc: 'Nothing: one page of a guest forbids the host the 2 MiB. No kernel does that; it shows what the split is for.',
      },
    ],
  },
  {
    name: 'rmp-conversion',
    doc: 'Which call makes the pages of a guest_memfd private in the RMP.',
    variants: [
      { name: 'at-fault', doc: 'The fault that needs the page, before mmu_lock: RMPUPDATE may sleep.' },
      {
        name: 'at-fallocate',
        doc: 'The allocation too, for pages that a slot is bound to (6.10 release candidates).',
      },
    ],
  },
  {
    name: 'private-fault',
    doc: 'Who decides that a fault is private.',
    variants: [
      {
        name: 'by-type',
        doc: 'The type of the VM: C-bit in the error code, shared bit of the address, or attribute.',
      },
      {
        name: 'mask',
        doc: 'A mask on the error code; never where no slot, or none with a file, is (mid 2023).',
      },
      { name: 'inverted-mask', doc: 'The same mask, but set means shared: what works for a shared bit.' },
    ],
  },
  {
    name: 'error-code',
    doc: 'How much of the error code reaches the fault handler.',
    variants: [
      { name: 'bits-64', doc: 'All 64 bits.' },
      { name: 'bits-32', doc: 'The low 32: the bit that says private is lost (before 2024).' },
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

export type Knob = (typeof KNOBS)[number]['name'];
export type VariantOf<K extends Knob> = Extract<
  (typeof KNOBS)[number],
  { name: K }
>['variants'][number]['name'];
export type Choices = { readonly [K in Knob]: VariantOf<K> };

export interface Profile {
  readonly name: string;
  readonly title: string;
  readonly choices: Choices;
  /** Types of VMs that came later: what they add is simulated as the kernel that brought it has it. */
  readonly lacks: readonly VmType[];
}

const LINUX_7_3: Choices = {
  'range-math': 'clamp',
  'gmem-invalidate': 'when-bound',
  'zap-filter': 'all',
  'unbind-zap': 'on',
  'slot-zap': 'by-type',
  'retry-check': 'on',
  'convert-range': 'added',
  'gmem-flags': 'mmap',
  'gmem-slots': 'every-vm',
  'gmem-bind': 'late',
  'gmem-only-slots': 'on',
  'rewritten-dirty': 'set',
  'existing-leaf': 'spurious',
  'removed-table': 'child-first',
  'prefault-root': 'reload',
  'prefault-deleted-slot': 'eagain',
  'huge-zero-write': 'huge-page',
  'discarded-table': 'free',
  'gmem-prepare': 'each-time',
  'gmem-populate': 'lock-per-page',
  'direct-map': 'split',
  'rmp-conversion': 'at-fault',
  'private-fault': 'by-type',
  'error-code': 'bits-64',
  'phys-bits': 'bits-40',
};

const LINUX_6_12: Choices = {
  ...LINUX_7_3,
  'gmem-flags': 'none',
  'gmem-slots': 'private-vms',
  'gmem-bind': 'early',
  'gmem-only-slots': 'off',
  'rewritten-dirty': 'clear',
  'existing-leaf': 'recompute',
  'removed-table': 'parent-first',
  'prefault-root': 'keep',
  'prefault-deleted-slot': 'retry',
  'huge-zero-write': 'split',
  'discarded-table': 'keep',
  'gmem-prepare': 'once',
  'gmem-populate': 'one-lock',
};

export const DEFAULT_KERNEL = 'linux-7.3';

export const PROFILES: readonly Profile[] = [
  { name: 'linux-7.3', title: 'Linux 7.3', choices: LINUX_7_3, lacks: [] },
  { name: 'linux-6.12', title: 'Linux 6.12', choices: LINUX_6_12, lacks: ['tdx'] },
  {
    name: 'rfc-2023-05',
    title: 'guest_memfd series before 22 May 2023, on 6.12',
    choices: { ...LINUX_6_12, 'range-math': 'shifted', 'gmem-invalidate': 'always' },
    lacks: ['tdx'],
  },
  {
    name: 'mail-2023-05-22',
    title: 'The code of the mail of 22 May 2023, on 6.12',
    choices: { ...LINUX_6_12, 'range-math': 'warn-and-skip', 'gmem-invalidate': 'always' },
    lacks: ['tdx'],
  },
];

/**
 * The choices of a profile with some knobs turned.
 * @throws Error where the kernel, a knob or a variant has no such name; the language checks them first.
 */
export function choicesOf(kernel: string, knobs: Readonly<Record<string, string>>): Choices {
  const profile = PROFILES.find(({ name }) => name === kernel);
  if (profile === undefined) throw new Error(`no kernel is called ${kernel}`);
  for (const [name, variant] of Object.entries(knobs)) {
    const knob: KnobSpec | undefined = KNOBS.find((spec) => spec.name === name);
    if (!knob?.variants.some((candidate) => candidate.name === variant)) {
      throw new Error(`no knob ${name} has the variant ${variant}`);
    }
  }
  return { ...profile.choices, ...knobs };
}
