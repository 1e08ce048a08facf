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

/** Where the last step of a procedure leads, without its effect. */
function onlyControl({ run }: Step<object>): Step<object>['run'] {
  return (machine, locals) => {
    const before = machine.state;
    const control = run(machine, { ...locals });
    machine.state = before;
    return control;
  };
}

/** The step without its effect, if it is left out, and without its locks, if it or they are. */
function leftOut(step: Step<object>, isLast: boolean, without: ReadonlySet<string>): Step<object> {
  const { label, text } = step;
  if (without.has(label)) return { label, text, run: isLast ? onlyControl(step) : () => undefined };
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
        without.size === 0
          ? whole
          : {
              ...whole,
              steps: whole.steps.map((step, at) => leftOut(step, at === whole.steps.length - 1, without)),
            };
      listings.set(name, listing);
      return listing;
    },
  };
  kernels.set(setup, kernel);
  return kernel;
}
