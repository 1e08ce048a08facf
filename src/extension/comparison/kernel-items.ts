import { type KernelChoice, kernelText, otherKernel, readKernel, SIMULATED_KERNELS } from '../../language';
import { choicesOf, type Knob } from '../../simulator';

/** A kernel to choose. */
export interface KernelItem {
  readonly label: string;
  readonly description: string;
  /** What a knob's variant does. */
  readonly detail?: string;
  readonly choice: KernelChoice;
}

export interface KernelGroup {
  readonly title: string;
  readonly items: readonly KernelItem[];
}

export function sameKernel(a: KernelChoice, b: KernelChoice): boolean {
  return kernelText(a) === kernelText(b);
}

function kernelItem(name: string): KernelItem {
  const title = SIMULATED_KERNELS.kernels.find((kernel) => kernel.name === name)?.title ?? '';
  return { label: name, description: title, choice: { kernel: name, knobs: {} } };
}

/** The kernels, `first` before the others. */
function kernelItems(first: KernelChoice): readonly KernelItem[] {
  const others = SIMULATED_KERNELS.kernels.filter(({ name }) => name !== first.kernel);
  return [kernelItem(first.kernel), ...others.map(({ name }) => kernelItem(name))];
}

/** The kernel with one knob set to another variant. */
function knobItems({ kernel, knobs }: KernelChoice): readonly KernelItem[] {
  const now = choicesOf(kernel, knobs);
  return SIMULATED_KERNELS.knobs.flatMap(({ name, doc, variants }) =>
    variants
      .filter((variant) => variant.name !== now[name as Knob])
      .map((variant) => ({
        label: `${name} ${variant.name}`,
        description: doc,
        detail: variant.doc,
        choice: { kernel, knobs: { ...knobs, [name]: variant.name } },
      })),
  );
}

/** The scenario's own kernel. */
function ownItem(own: KernelChoice): KernelItem {
  return { label: kernelText(own), description: 'set in the scenario', choice: own };
}

function without(items: readonly KernelItem[], choices: readonly KernelChoice[]): readonly KernelItem[] {
  return items.filter(({ choice }) => !choices.some((other) => sameKernel(choice, other)));
}

function groups(...all: readonly KernelGroup[]): readonly KernelGroup[] {
  return all.filter(({ items }) => items.length > 0);
}

/** The choices for the first of two kernels, the scenario's own first. */
export function firstKernels(own: KernelChoice): readonly KernelGroup[] {
  return groups(
    { title: 'this scenario', items: [ownItem(own)] },
    { title: 'kernels', items: without(kernelItems(otherKernel(own)), [own]) },
    { title: `${kernelText(own)}, with a knob turned`, items: knobItems(own) },
  );
}

/** The kernels to compare it with, the other real kernel first. */
export function secondKernels(own: KernelChoice, first: KernelChoice): readonly KernelGroup[] {
  return groups(
    { title: 'kernels', items: without(kernelItems(otherKernel(first)), [own, first]) },
    { title: 'this scenario', items: without([ownItem(own)], [first]) },
    { title: `${kernelText(first)}, with a knob turned`, items: knobItems(first) },
  );
}

/** Adds the last choice if it was typed and is not in the list. */
export function withRemembered(
  all: readonly KernelGroup[],
  remembered: KernelChoice | undefined,
): readonly KernelGroup[] {
  const isListed = all.some(({ items }) =>
    items.some(({ choice }) => remembered !== undefined && sameKernel(choice, remembered)),
  );
  if (remembered === undefined || isListed) return all;
  const item = { label: kernelText(remembered), description: '', choice: remembered };
  return [{ title: 'last time', items: [item] }, ...all];
}

/** A kernel that was typed, with any number of knobs; undefined if the text names none. */
export function typedKernel(text: string): KernelItem | undefined {
  const choice = readKernel(text.trim());
  if (typeof choice === 'string' || Object.keys(choice.knobs).length === 0) return undefined;
  return { label: kernelText(choice), description: 'as typed', choice };
}
