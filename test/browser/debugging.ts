import type { Page } from 'playwright-core';
import { focusEditor, goToLine } from './editor';

/** What a person does and sees while debugging. */

export type ToolbarButton =
  | 'continue'
  | 'step-over'
  | 'step-into'
  | 'step-out'
  | 'step-back'
  | 'reverse-continue'
  | 'restart'
  | 'stop';

export async function press(page: Page, button: ToolbarButton): Promise<void> {
  await page.locator(`.debug-toolbar .codicon-debug-${button}`).click();
}

/**
 * Presses a button, and waits for the next stop. A stop is several changes of the page, one after the other: it is
 * there once two looks at it are the same.
 */
export async function step(page: Page, button: ToolbarButton): Promise<void> {
  const look = async () =>
    JSON.stringify([await activeTab(page), await stoppedLine(page), await callStack(page)]);
  const before = await look();
  await press(page, button);
  const deadline = Date.now() + 20_000;
  let last = before;
  for (;;) {
    await page.waitForTimeout(150);
    const now = await look();
    if (now !== before && now === last && (await stoppedLine(page)) !== undefined) return;
    if (Date.now() > deadline) throw new Error(`no new stop after ${button}: ${now}`);
    last = now;
  }
}

/**
 * F5, and the wait for the first stop. Before that, for the last phase of the workbench's start, some seconds after
 * it is there: until then VS Code cannot open a listing, and says that the editor could not be opened.
 */
export async function startDebugging(page: Page): Promise<void> {
  await page.waitForFunction(() => performance.getEntriesByName('code/LifecyclePhase/Eventually').length > 0);
  await page.keyboard.press('F5');
  await page.locator('.debug-toolbar').waitFor();
  await page.locator('.debug-toolbar .action-item:not(.disabled) .codicon-debug-step-over').waitFor();
}

/** Starts debugging the scenario in the editor, and runs it up to a line. */
export async function debugUpTo(page: Page, line: number): Promise<void> {
  await focusEditor(page);
  await goToLine(page, line);
  await page.keyboard.press('F9');
  await startDebugging(page);
  await step(page, 'continue');
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

/** Looks at a frame of the call stack. */
export async function lookAtFrame(page: Page, name: string): Promise<void> {
  await page.locator('.debug-call-stack .stack-frame', { hasText: name }).first().click();
}

/** Why it is suspended, as the call stack view says. */
export async function stopText(page: Page): Promise<string> {
  const title = page.locator('.debug-call-stack').locator('xpath=ancestor::*[contains(@class, "pane")][1]');
  return title.locator('.pane-header').innerText();
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

/** Closes a view of the side bar that is open, so that the others get its room. */
export async function closeView(page: Page, title: string): Promise<void> {
  const header = page.locator('.pane-header', { hasText: title }).first();
  if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
  await page.locator('.pane-header[aria-expanded="false"]', { hasText: title }).first().waitFor();
}

/** Opens or closes a scope of the variables view. */
export async function toggleScope(page: Page, scope: string): Promise<void> {
  const row = page.locator('.debug-view-content .monaco-list-row', { hasText: scope }).first();
  const opposite = (await row.getAttribute('aria-expanded')) === 'true' ? 'false' : 'true';
  await row.locator('.monaco-tl-twistie').click();
  await page
    .locator(`.debug-view-content .monaco-list-row[aria-expanded="${opposite}"]`, { hasText: scope })
    .first()
    .waitFor();
}
