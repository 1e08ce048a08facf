/** The kernels of a command line: `--kernel NAME --with KNOB VARIANT`, as `kernel NAME with KNOB VARIANT` in a scenario. */
import { type KernelChoice, kernelText, readKernel, SIMULATED_KERNELS } from '../language';
import { elementAt } from '../simulator';
import type { Token } from './command-line';
import { UsageError } from './exit';

export interface AskedKernel {
  /** Null for the scenario's own kernel and knobs. */
  readonly kernel: string | null;
  readonly knobs: readonly (readonly [knob: string, variant: string])[];
}

/**
 * The kernel to run on.
 * @param own The scenario's.
 * @throws UsageError if the kernel, a knob or a variant is unknown.
 */
export function kernelFor({ kernel, knobs }: AskedKernel, own: KernelChoice): KernelChoice {
  const plain = kernel === null ? own : { kernel, knobs: {} };
  const turned = { ...plain.knobs, ...Object.fromEntries(knobs) };
  const choice = readKernel(kernelText({ ...plain, knobs: turned }));
  if (typeof choice === 'string') throw new UsageError(choice);
  return choice;
}

/**
 * The kernels of a command line, at most two, and its files. A `--with` belongs to the `--kernel` before it.
 * @throws UsageError if one of them is unknown or incomplete.
 */
export function askedKernels(tokens: readonly Token[]): {
  readonly kernels: readonly AskedKernel[];
  readonly files: readonly string[];
} {
  const kernels: AskedKernel[] = [];
  const files: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const { option, value } = elementAt(tokens, at);
    if (option === null) files.push(value);
    if (option === 'kernel') kernels.push({ kernel: value, knobs: [] });
    if (option !== 'with') continue;
    const variant = tokens[++at];
    if (variant?.option !== null) throw new UsageError('`--with` needs a knob and a variant');
    const { kernel, knobs } = kernels.pop() ?? { kernel: null, knobs: [] };
    kernels.push({ kernel, knobs: [...knobs, [value, variant.value]] });
  }
  if (kernels.length > 2) throw new UsageError('`compare` takes at most two kernels');
  if (files.length === 0) throw new UsageError('`compare` needs a .gmem file');
  for (const asked of kernels) kernelFor(asked, { kernel: SIMULATED_KERNELS.defaultKernel, knobs: {} });
  return { kernels, files };
}
