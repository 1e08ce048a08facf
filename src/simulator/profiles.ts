/**
 * Kernels as data. A profile names a variant for every knob (knobs/); a scenario can override single knobs.
 */

import type { VmType } from './calls';
import { KNOBS, type Knob, type VariantOf } from './knobs';
import type { KnobSpec } from './knobs/knob';

export type Choices = { readonly [K in Knob]: VariantOf<K> };

export interface Profile {
  readonly name: string;
  readonly title: string;
  readonly choices: Choices;
  /** VM types that this kernel does not support yet; they are simulated as in the kernel that introduced them. */
  readonly lacks: readonly VmType[];
}

const LINUX_7_3: Choices = {
  'range-math': 'clamp',
  'gmem-invalidate': 'when-bound',
  'zap-filter': 'all',
  'unbind-zap': 'on',
  'slot-zap': 'by-type',
  'retry-check': 'on',
  'convert-slots': 'all',
  'convert-range': 'added',
  'range-assert': 'always',
  'gmem-flags': 'mmap',
  'gmem-slots': 'every-vm',
  'gmem-bind': 'late',
  'gmem-only-slots': 'on',
  'punch-truncate': 'exact',
  'partial-truncate': 'untouched',
  'huge-binding': 'mapped-4k',
  'bind-reference': 'dropped',
  'readonly-gmem': 'refused',
  'gmem-poison': 'zapped',
  'rewritten-dirty': 'set',
  'existing-leaf': 'spurious',
  'removed-table': 'child-first',
  'prefault-root': 'reload',
  'prefault-before-launch': 'refused',
  'prefault-shared-root': 'direct',
  'prefault-deleted-slot': 'eagain',
  'huge-zero-write': 'huge-page',
  'discarded-table': 'free',
  'gmem-prepare': 'each-time',
  'gmem-populate': 'lock-per-page',
  'direct-map': 'split',
  'rmp-conversion': 'at-fault',
  'rmp-reset': 'at-free',
  'rmp-fault-when': 'reentering',
  'readonly-protected': 'refused',
  'reclaim-lookup': 'quiet',
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

/** What both versions of the guest_memfd series of May 2023 have in common. */
const SERIES_OF_2023: Choices = {
  ...LINUX_6_12,
  'gmem-invalidate': 'always',
  'convert-slots': 'with-gmem',
  'convert-range': 'with-gmem',
  'range-assert': 'nested',
  'partial-truncate': 'zeroed',
  'huge-binding': 'refused',
  'gmem-poison': 'signalled',
  'readonly-gmem': 'bound',
};

export const DEFAULT_KERNEL = 'linux-7.3';

const ALL = [
  { name: 'linux-7.3', title: 'Linux 7.3', choices: LINUX_7_3, lacks: [] },
  { name: 'linux-6.12', title: 'Linux 6.12', choices: LINUX_6_12, lacks: ['tdx'] },
  {
    name: 'rfc-2023-05',
    title: 'guest_memfd series before 22 May 2023, on 6.12',
    choices: { ...SERIES_OF_2023, 'range-math': 'shifted', 'punch-truncate': 'byte-beyond' },
    lacks: ['tdx'],
  },
  {
    name: 'mail-2023-05-22',
    title: 'The code of the mail of 22 May 2023, on 6.12',
    choices: { ...SERIES_OF_2023, 'range-math': 'warn-and-skip' },
    lacks: ['tdx'],
  },
] as const satisfies readonly Profile[];

export const PROFILES: readonly Profile[] = ALL;

export type KernelName = (typeof ALL)[number]['name'];

/** Names of the profiles of kernel releases; the other profiles are those of patch series. */
export const RELEASED_KERNELS: readonly string[] = PROFILES.map(({ name }) => name).filter((name) =>
  name.startsWith('linux-'),
);

/**
 * The choices of a profile with some knobs overridden.
 * @throws Error if the kernel, a knob or a variant does not exist; the language checks the names first.
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
