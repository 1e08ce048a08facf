/** Whether the scenarios reach every step that has no reason to be unreached. */
import { type KernelCounts, type ProfileCoverage, profileCoverage } from '../../src/outcome';
import { RELEASED_KERNELS } from '../../src/simulator';
import type { Unreached } from './unreached';

/** Coverage of the profiles of released kernels by the scenarios that choose them without knobs. */
export function releasedCoverage(counts: readonly KernelCounts[]): readonly ProfileCoverage[] {
  return profileCoverage(
    counts.filter(
      ({ kernel, knobs }) => RELEASED_KERNELS.includes(kernel) && Object.keys(knobs).length === 0,
    ),
  );
}

/** A step, as `linux-6.12 tdx_map_gpa MG1`. */
function named(kernel: string, { procedure, label }: { readonly procedure: string; readonly label: string }) {
  return `${kernel} ${procedure} ${label}`;
}

export interface Judgement {
  /** Steps that are not reached and have no reason. */
  readonly missing: readonly string[];
  /** Steps that have a reason but are reached, or do not exist. */
  readonly needless: readonly string[];
}

export function judge(profiles: readonly ProfileCoverage[], unreached: readonly Unreached[]): Judgement {
  const missing = profiles.flatMap((profile) => profile.missing.map((step) => named(profile.kernel, step)));
  const excused = unreached.flatMap(({ kernel, procedure, labels }) =>
    labels.map((label) => named(kernel, { procedure, label })),
  );
  return {
    missing: missing.filter((step) => !excused.includes(step)),
    needless: excused.filter((step) => !missing.includes(step)),
  };
}
