import { type Memento, type QuickPickItem, QuickPickItemKind } from 'vscode';
import { type KernelChoice, kernelText, readKernel } from '../../language';
import { BACK, pickOrGoBack } from '../pick';
import {
  firstKernels,
  type KernelGroup,
  type KernelItem,
  sameKernel,
  secondKernels,
  typedKernel,
  withRemembered,
} from './kernel-items';

export type KernelPair = readonly [KernelChoice, KernelChoice];

/** Where the last answer is stored: the texts of both kernels, null for the scenario's own. */
const MEMORY = 'comparedKernels';

type Item = QuickPickItem & { readonly choice?: KernelChoice };

function itemsOf(groups: readonly KernelGroup[]): readonly Item[] {
  return groups.flatMap(({ title, items }): Item[] => [
    { label: title, kind: QuickPickItemKind.Separator },
    ...items,
  ]);
}

/** Asks which two kernels to compare; the previous choice is preselected. */
export async function askKernels(own: KernelChoice, memory: Memento): Promise<KernelPair | undefined> {
  const remembered = memory.get<readonly (string | null)[]>(MEMORY, []).map((text) => {
    const choice = text === null ? own : readKernel(text);
    return typeof choice === 'string' ? undefined : choice;
  });
  for (;;) {
    const first = await ask(firstKernels(own), remembered[0], 1, 'Kernel to run the scenario on');
    if (first === undefined || first === BACK) return undefined;
    const second = await ask(
      secondKernels(own, first),
      remembered[1],
      2,
      `Kernel to compare with ${kernelText(first)}`,
    );
    if (second === BACK) continue;
    if (second === undefined) return undefined;
    const texts = [first, second].map((choice) => (sameKernel(choice, own) ? null : kernelText(choice)));
    await memory.update(MEMORY, texts);
    return [first, second];
  }
}

async function ask(
  groups: readonly KernelGroup[],
  remembered: KernelChoice | undefined,
  step: number,
  placeholder: string,
): Promise<KernelChoice | typeof BACK | undefined> {
  const items = itemsOf(withRemembered(groups, remembered));
  const answer = await pickOrGoBack<Item>(items, {
    title: 'Compare Kernels',
    placeholder,
    step,
    totalSteps: 2,
    active: items.find(
      ({ choice }) => choice !== undefined && remembered !== undefined && sameKernel(choice, remembered),
    ),
    typed: (value): (KernelItem & { alwaysShow: true }) | undefined => {
      const item = typedKernel(value);
      return item === undefined ? undefined : { ...item, alwaysShow: true };
    },
  });
  return answer === BACK ? BACK : answer?.choice;
}
