import { type Disposable, QuickInputButtons, type QuickPickItem, window } from 'vscode';

/** A question answered by choosing from a list. */
export interface Question<T extends QuickPickItem> {
  readonly title: string;
  readonly placeholder: string;
  /** Number of this question in a sequence, from 1. */
  readonly step?: number;
  readonly totalSteps?: number;
  /** The item that Enter accepts unless the user selects another. */
  readonly active?: T | undefined;
  /** An item made from the typed text, offered before the others; undefined if the text makes none. */
  readonly typed?: (value: string) => T | undefined;
}

export const BACK = Symbol('back');

/** Asks; undefined if the user cancelled, BACK to return to the previous question. */
export function pickOrGoBack<T extends QuickPickItem>(
  items: readonly T[],
  { title, placeholder, step, totalSteps, active, typed }: Question<T>,
): Promise<T | typeof BACK | undefined> {
  const pick = window.createQuickPick<T>();
  Object.assign(pick, {
    title,
    placeholder,
    step,
    totalSteps,
    items,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (step !== undefined && step > 1) pick.buttons = [QuickInputButtons.Back];
  if (active !== undefined) pick.activeItems = [active];
  let offered: T | undefined;
  return new Promise((resolve) => {
    const subscriptions: Disposable[] = [
      pick.onDidAccept(() => finish(pick.selectedItems[0])),
      pick.onDidTriggerButton(() => finish(BACK)),
      pick.onDidChangeValue((value) => {
        const item = typed?.(value);
        // Replacing the items resets the active one.
        if (item?.label === offered?.label) return;
        offered = item;
        pick.items = item === undefined ? items : [item, ...items];
      }),
      pick.onDidHide(() => finish(undefined)),
    ];
    const finish = (answer: T | typeof BACK | undefined) => {
      resolve(answer);
      for (const subscription of subscriptions) subscription.dispose();
      pick.dispose();
    };
    pick.show();
  });
}

/** Asks a single question; undefined if the user cancelled. */
export async function pickOne<T extends QuickPickItem>(
  items: readonly T[],
  question: Question<T>,
): Promise<T | undefined> {
  const answer = await pickOrGoBack(items, question);
  return answer === BACK ? undefined : answer;
}
