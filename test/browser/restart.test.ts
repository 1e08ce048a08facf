import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { callStack, press, startDebugging, step, stoppedLine } from './debugging';
import { appendLine, focusEditor, goToLine, inlineTexts, replaceLine } from './editor';
import { openWorkbench, type Workbench } from './workbench';

/** Lines of the first example. */
const first = 6;
const convert = 10;

describe('a session that is restarted', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  const textAt = async (line: number) => (await inlineTexts(workbench.page)).get(line) ?? '';

  const edited = (page: Page) => page.locator('[id="gmemscope.gmemscope.gmemscope.edited"]');
  const undoAll = async (page: Page) => {
    await focusEditor(page);
    for (let tries = 0; tries < 20 && (await edited(page).isVisible()); tries++) {
      await page.keyboard.press('Control+Z');
      await page.waitForTimeout(200);
    }
    await edited(page).waitFor({ state: 'detached' });
  };
  const save = (page: Page) => page.keyboard.press('Control+S');

  test('says that the text was edited, and shows the outcomes again once it is the text of the run', async () => {
    const { page } = workbench;
    await startDebugging(page);
    await step(page, 'step-over');
    await expect.poll(() => textAt(first)).toContain('A: pages');
    await appendLine(page, '# a note');
    await expect.poll(() => textAt(first)).toBe('');
    await expect.poll(() => edited(page).innerText()).toContain('text edited: restart to use it');
    await expect
      .poll(async () => [...(await inlineTexts(page)).values()])
      .toEqual(['text edited: restart to use it']);
    await workbench.screenshot('text-edited');
    await step(page, 'step-over');
    expect(await textAt(first)).toBe('');
    await undoAll(page);
    await expect.poll(() => textAt(first)).toContain('A: pages');
  });

  test('stays at its statement when lines are added above, and restarts to it at one key', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await goToLine(page, 1);
    await page.keyboard.insertText('# one\n# two\n');
    await step(page, 'step-over');
    await expect.poll(() => stoppedLine(page)).toBe(convert + 2);
    const stack = await callStack(page);
    await page.keyboard.press('Alt+Shift+F5');
    await edited(page).waitFor({ state: 'detached' });
    await expect.poll(() => textAt(first + 2)).toContain('A: pages');
    await expect.poll(() => stoppedLine(page)).toBe(convert + 2);
    expect(await callStack(page)).toEqual(stack);
  });

  test('is not ended by a text that cannot run', async () => {
    const { page } = workbench;
    await goToLine(page, first + 2);
    await page.keyboard.type('slot', { delay: 15 });
    await save(page);
    const stack = await callStack(page);
    await press(page, 'restart');
    const message = page.locator('.notification-list-item', { hasText: 'Cannot restart: line 8' });
    await message.waitFor();
    await workbench.screenshot('restart-of-a-broken-text');
    expect(await callStack(page)).toEqual(stack);
    await page.keyboard.press('F10');
    await expect.poll(() => callStack(page)).not.toEqual(stack);
    await replaceLine(page, first + 2, 'gmem A size 4M');
    await edited(page).waitFor({ state: 'detached' });
    await press(page, 'restart');
    await expect.poll(() => stoppedLine(page)).toBe(first + 2);
    await press(page, 'stop');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  });

  test('is not started by a text that cannot run, which can be started once it is corrected', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await goToLine(page, first + 2);
    await page.keyboard.type('slot', { delay: 15 });
    await page.keyboard.press('F5');
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain('The scenario cannot run: line 8');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    await replaceLine(page, first + 2, 'gmem A size 4M');
    await startDebugging(page);
    await expect.poll(() => stoppedLine(page)).toBe(first + 2);
  });
});
