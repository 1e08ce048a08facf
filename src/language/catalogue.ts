import { DEFAULT_KERNEL, KNOBS, PROFILES } from '../simulator/profiles';

/** What the language has to know about kernels: their names, and the names of what can be turned. */
export interface KernelCatalogue {
  readonly defaultKernel: string;
  readonly kernels: readonly { readonly name: string; readonly title: string }[];
  readonly knobs: readonly KnobInfo[];
}

export interface KnobInfo {
  readonly name: string;
  readonly doc: string;
  readonly variants: readonly { readonly name: string; readonly doc: string }[];
}

/** The kernels that the simulator has. */
export const SIMULATED_KERNELS: KernelCatalogue = {
  defaultKernel: DEFAULT_KERNEL,
  kernels: PROFILES,
  knobs: KNOBS,
};
