import { DEFAULT_KERNEL, KNOBS, PROFILES, type Setup } from '../../simulator';
import type { Statement } from '../tree/tree';

/** What the language needs to know about kernels: their names, and the names of knobs and variants. */
export interface KernelCatalogue {
  readonly defaultKernel: string;
  readonly kernels: readonly KernelInfo[];
  readonly knobs: readonly KnobInfo[];
}

export interface KernelInfo {
  readonly name: string;
  readonly title: string;
  /** VM types that the kernel does not support. */
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

/** A kernel and the variants of its knobs. */
export type KernelChoice = Pick<Setup, 'kernel' | 'knobs'>;

/** The kernel that a `kernel` statement names; the default kernel without one. */
export function kernelChoiceOf(statement: Statement | undefined): KernelChoice {
  const knobs = (statement?.knobs ?? []).map(
    ({ knob, variant }) => [knob.text, variant?.text ?? ''] as const,
  );
  return {
    kernel: statement?.names.kernel?.text ?? SIMULATED_KERNELS.defaultKernel,
    knobs: Object.fromEntries(knobs),
  };
}
