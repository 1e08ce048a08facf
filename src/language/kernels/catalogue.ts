import { KNOBS } from '../../simulator/knobs';
import { DEFAULT_KERNEL, PROFILES } from '../../simulator/profiles';

/** What the language has to know about kernels: their names, and the names of what can be turned. */
export interface KernelCatalogue {
  readonly defaultKernel: string;
  readonly kernels: readonly KernelInfo[];
  readonly knobs: readonly KnobInfo[];
}

export interface KernelInfo {
  readonly name: string;
  readonly title: string;
  /** Types of VMs that the kernel does not have. */
  readonly lacks: readonly string[];
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
