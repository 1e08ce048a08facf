/** How often scenarios ran the steps of a kernel. */
import { type KernelChoice, kernelText } from '../../language';
import { must, type OnStep, PROFILES, type StepPlace } from '../../simulator';

/** A step, and how often it ran. */
export interface StepCount extends StepPlace {
  readonly count: number;
}

/** The steps that ran on a kernel, as plain data: workers send it. */
export interface KernelCounts extends KernelChoice {
  /** By procedure and label. */
  readonly steps: readonly StepCount[];
}

/** Counts the steps of runs on one kernel. */
interface StepCounter {
  readonly onStep: OnStep;
  readonly counts: () => KernelCounts;
}

function keyOf({ procedure, label }: StepPlace): string {
  return `${procedure}\n${label}`;
}

function bySteps(a: StepPlace, b: StepPlace): number {
  const [one, other] = [keyOf(a), keyOf(b)];
  return one < other ? -1 : Number(one > other);
}

export function stepCounter({ kernel, knobs }: KernelChoice): StepCounter {
  const counted = new Map<string, { readonly step: StepPlace; count: number }>();
  return {
    onStep: (step) => {
      const key = keyOf(step);
      const known = counted.get(key);
      if (known === undefined) counted.set(key, { step, count: 1 });
      else known.count++;
    },
    counts: () => ({
      kernel,
      knobs,
      steps: [...counted.values()]
        .map(({ step: { procedure, label }, count }) => ({ procedure, label, count }))
        .sort(bySteps),
    }),
  };
}

/** In the order of the profiles; for each, the kernel without knobs first. */
function byKernel(a: KernelChoice, b: KernelChoice): number {
  const place = ({ kernel }: KernelChoice) => PROFILES.findIndex(({ name }) => name === kernel);
  if (place(a) !== place(b)) return place(a) - place(b);
  const [one, other] = [kernelText(a), kernelText(b)];
  return one.length - other.length || (one < other ? -1 : Number(one > other));
}

function sumOf(counts: readonly [KernelCounts, ...KernelCounts[]]): KernelCounts {
  const [{ kernel, knobs }] = counts;
  const sums = new Map<string, StepCount>();
  for (const step of counts.flatMap(({ steps }) => steps)) {
    const count = (sums.get(keyOf(step))?.count ?? 0) + step.count;
    sums.set(keyOf(step), { ...step, count });
  }
  return { kernel, knobs, steps: [...sums.values()].sort(bySteps) };
}

/** Sums counts, one for each kernel. The order of `all` does not matter. */
export function mergedCounts(all: readonly KernelCounts[]): readonly KernelCounts[] {
  const byText = new Map<string, [KernelCounts, ...KernelCounts[]]>();
  for (const one of all) {
    // Knobs in another order are the same kernel.
    const knobs = Object.fromEntries(Object.entries(one.knobs).sort(([a], [b]) => (a < b ? -1 : 1)));
    const counts = { ...one, knobs };
    const known = byText.get(kernelText(counts));
    if (known === undefined) byText.set(kernelText(counts), [counts]);
    else known.push(counts);
  }
  return [...byText.keys()].map((text) => sumOf(must(byText.get(text), 'counts'))).sort(byKernel);
}
