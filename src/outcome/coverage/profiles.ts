/** Which of the steps of each profile scenarios reached. */
import type { KernelChoice } from '../../language';
import { kernelOf, type Listing, PROCEDURES, type Setup, type Step } from '../../simulator';
import { type KernelCounts, mergedCounts } from './counts';

/** A step of a listing, and how often it ran. */
interface CoveredStep {
  readonly label: string;
  /** What it does, in one line. */
  readonly text: string;
  readonly count: number;
}

/** A procedure with the variants of a kernel. */
export interface CoveredListing {
  /** The kernel that it is a listing of. */
  readonly setup: Setup;
  readonly procedure: string;
  readonly steps: readonly CoveredStep[];
}

interface MissingStep {
  readonly procedure: string;
  readonly label: string;
  readonly text: string;
}

/** The coverage of a profile: of all scenarios that chose it, with knobs or without. */
export interface ProfileCoverage {
  readonly kernel: string;
  /** Number of steps. A step of a variant that no scenario chose is not one of them. */
  readonly steps: number;
  /** Number of steps that ran. */
  readonly reached: number;
  /** The others, in the order of the listings. */
  readonly missing: readonly MissingStep[];
  /** A procedure has a further listing for each choice of knobs that changes its steps. */
  readonly listings: readonly CoveredListing[];
}

/** A setup to look up listings with. */
export function setupOfKernel({ kernel, knobs }: KernelChoice): Setup {
  return { kernel, knobs, vm: 'sw-protected', vcpus: 1 };
}

function sameSteps(a: Listing, b: Listing): boolean {
  return a.steps.length === b.steps.length && a.steps.every((step, at) => step === b.steps[at]);
}

/** Steps are the same objects in all listings that contain them, so a step has one count in a profile. */
function countsByStep(
  counts: readonly KernelCounts[],
  setups: readonly Setup[],
): ReadonlyMap<object, number> {
  const sums = new Map<object, number>();
  for (const [at, { steps }] of counts.entries()) {
    const { procedure } = kernelOf(setups[at] as Setup);
    for (const { procedure: name, label, count } of steps) {
      const listing = procedure(name);
      const step = listing.steps[listing.labels.get(label) ?? -1];
      if (step !== undefined) sums.set(step, (sums.get(step) ?? 0) + count);
    }
  }
  return sums;
}

interface OwnListing {
  readonly setup: Setup;
  readonly listing: Listing;
}

/** The listings of a procedure that differ. */
function listingsOf(name: string, setups: readonly Setup[]): readonly OwnListing[] {
  const found: OwnListing[] = [];
  for (const setup of setups) {
    const listing = kernelOf(setup).procedure(name);
    if (!found.some((other) => sameSteps(other.listing, listing))) found.push({ setup, listing });
  }
  return found;
}

function coverageOf(kernel: string, counts: readonly KernelCounts[]): ProfileCoverage {
  const setups = counts.map(setupOfKernel);
  const sums = countsByStep(counts, setups);
  const listings = [...PROCEDURES.keys()].flatMap((name) => listingsOf(name, setups));
  const all = new Map<Step<object>, string>();
  for (const { listing } of listings) for (const step of listing.steps) all.set(step, listing.name);
  const missing = [...all].filter(([step]) => !sums.has(step));
  return {
    kernel,
    steps: all.size,
    reached: all.size - missing.length,
    missing: missing.map(([{ label, text }, procedure]) => ({ procedure, label, text })),
    listings: listings.map(({ setup, listing }) => ({
      setup,
      procedure: listing.name,
      steps: listing.steps.map((step) => ({
        label: step.label,
        text: step.text,
        count: sums.get(step) ?? 0,
      })),
    })),
  };
}

/** The coverage of each profile that a scenario chose. */
export function profileCoverage(all: readonly KernelCounts[]): readonly ProfileCoverage[] {
  const merged = mergedCounts(all);
  const kernels = new Set(merged.map(({ kernel }) => kernel));
  return [...kernels].map((kernel) =>
    coverageOf(
      kernel,
      merged.filter((counts) => counts.kernel === kernel),
    ),
  );
}
