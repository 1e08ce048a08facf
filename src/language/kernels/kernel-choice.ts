import type { Setup } from '../../simulator/calls';
import type { Statement } from '../tree/tree';
import { SIMULATED_KERNELS } from './catalogue';

/** A kernel and what is turned of it. */
export type KernelChoice = Pick<Setup, 'kernel' | 'knobs'>;

/** The kernel that a `kernel` names; the default one without it. */
export function kernelChoiceOf(statement: Statement | undefined): KernelChoice {
  const knobs = (statement?.knobs ?? []).map(
    ({ knob, variant }) => [knob.text, variant?.text ?? ''] as const,
  );
  return {
    kernel: statement?.names.kernel?.text ?? SIMULATED_KERNELS.defaultKernel,
    knobs: Object.fromEntries(knobs),
  };
}
