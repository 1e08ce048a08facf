/** A kernel: the procedures, with the variants that its profile and knobs choose. */
import type { Setup } from './calls';
import type { VariantOf } from './knobs';
import type { Configuration } from './machine';
import { type Listing, listingOf, type Step } from './procedure';
import { PROCEDURES } from './procedures';
import { choicesOf } from './profiles';

export interface Kernel extends Configuration {
  /** @throws Error where no procedure has that name. */
  readonly procedure: (name: string) => Listing;
}

const GFN_LIMITS: Readonly<Record<VariantOf<'phys-bits'>, number>> = {
  'bits-40': 2 ** 28,
  'bits-48': 2 ** 36,
};

/** The step without its effect, if it is left out, and without its locks, if it or they are. */
function leftOut(step: Step<object>, without: ReadonlySet<string>): Step<object> {
  if (without.has(step.label)) return { label: step.label, text: step.text, run: () => undefined };
  const { takes, drops, ...others } = step;
  return {
    ...others,
    ...(takes === undefined || without.has(takes.kind) ? {} : { takes }),
    ...(drops === undefined || without.has(drops.kind) ? {} : { drops }),
  };
}

const kernels = new WeakMap<Setup, Kernel>();

export function kernelOf(setup: Setup): Kernel {
  const known = kernels.get(setup);
  if (known !== undefined) return known;
  const choices = choicesOf(setup.kernel, setup.knobs);
  const listings = new Map<string, Listing>();
  const without = new Set(setup.without);
  const kernel: Kernel = {
    choices,
    gfnLimit: GFN_LIMITS[choices['phys-bits']],
    isMutilated: without.size > 0,
    procedure: (name) => {
      const ready = listings.get(name);
      if (ready !== undefined) return ready;
      const spec = PROCEDURES.get(name);
      if (spec === undefined) throw new Error(`no procedure is called ${name}`);
      const whole = listingOf(spec, choices);
      const listing =
        without.size === 0 ? whole : { ...whole, steps: whole.steps.map((step) => leftOut(step, without)) };
      listings.set(name, listing);
      return listing;
    },
  };
  kernels.set(setup, kernel);
  return kernel;
}
