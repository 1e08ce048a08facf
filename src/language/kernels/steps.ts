import { kernelOf, PROCEDURES } from '../../simulator';
import { type KernelChoice, SIMULATED_KERNELS } from './catalogue';

/** The steps of a kernel's procedures, which scenarios name by their labels. */

export interface KernelStep {
  readonly label: string;
  readonly procedure: string;
  /** What it does, in one line. */
  readonly text: string;
}

export type KernelSteps = ReadonlyMap<string, KernelStep>;

const known = new Map<string, KernelSteps>();

function readSteps({ kernel, knobs }: KernelChoice): KernelSteps {
  const { procedure } = kernelOf({ kernel, knobs, vm: 'default', vcpus: 1 });
  return new Map(
    [...PROCEDURES.keys()].flatMap((name) =>
      procedure(name).steps.map(({ label, text }) => [label, { label, procedure: name, text }] as const),
    ),
  );
}

/** Whether the simulator has the kernel, and each of its knobs has that variant. */
function isSimulated({ kernel, knobs }: KernelChoice): boolean {
  return (
    SIMULATED_KERNELS.kernels.some(({ name }) => name === kernel) &&
    Object.entries(knobs).every(([knob, variant]) =>
      SIMULATED_KERNELS.knobs.some(
        ({ name, variants }) => name === knob && variants.some((one) => one.name === variant),
      ),
    )
  );
}

/** The steps by their labels, which are unique; null if the kernel does not exist. */
export function stepsOf(choice: KernelChoice): KernelSteps | null {
  if (!isSimulated(choice)) return null;
  const key = JSON.stringify([choice.kernel, Object.entries(choice.knobs).sort()]);
  const ready = known.get(key) ?? readSteps(choice);
  known.set(key, ready);
  return ready;
}
