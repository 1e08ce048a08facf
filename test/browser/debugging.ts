import type { Page } from 'playwright-core';

/** What a person does and sees while debugging. */

export type ToolbarButton =
  | 'continue'
  | 'step-over'
  | 'step-into'
  | 'step-out'
  | 'step-back'
  | 'reverse-continue'
  | 'stop';

export async function press(page: Page, button: ToolbarButton): Promise<void> {
  await page.locator(`.debug-toolbar .codicon-debug-${button}`).click();
}

/** F5, and the wait for the first stop. */
export async function startDebugging(page: Page): Promise<void> {
  await page.keyboard.press('F5');
  await page.locator('.debug-toolbar').waitFor();
  await page.locator('.debug-toolbar .action-item:not(.disabled) .codicon-debug-step-over').waitFor();
}

/** Line of the active editor that the yellow arrow points at, from 1; undefined where none is in sight. */
export function stoppedLine(page: Page): Promise<number | undefined> {
  return page.evaluate(() => {
    const editor = document.querySelector('.editor-group-container.active .monaco-editor');
    const arrow = editor?.querySelector('[class*="codicon-debug-stackframe"]')?.getBoundingClientRect();
    if (arrow === undefined) return undefined;
    const number = [...(editor?.querySelectorAll('.line-numbers') ?? [])].find((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      const middle = (arrow.top + arrow.bottom) / 2;
      return top <= middle && middle <= bottom;
    });
    return number === undefined ? undefined : Number(number.textContent);
  });
}

/** Names of the frames in the call stack view, innermost first. */
export function callStack(page: Page): Promise<string[]> {
  return page.locator('.debug-call-stack .stack-frame .label').allInnerTexts();
}

/** Title of the tab in front. */
export function activeTab(page: Page): Promise<string> {
  return page.locator('.editor-group-container.active .tab.active .label-name').innerText();
}

/** The rows of the variables view that are in sight, `name: value`. */
export function variables(page: Page): Promise<string[]> {
  return page
    .locator('.debug-view-content .monaco-list-row .expression, .debug-view-content .scope')
    .allInnerTexts();
}
