import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { activeTab, step, stoppedLine } from './debugging';
import { focusEditor, goToLine, inlineTexts, lineWith, openFile, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

const SCENARIOS = `gmem A size 64K

scenario "close" {
  close A
}

scenario "punch" {
  punch A offset 0 size 4K
}
`;

/** Lines of the scenarios. */
const shared = 1;
const close = 4;
const punch = 8;

/** Names of the sessions in the call stack view. */
const sessions = (page: Page) => page.locator('.debug-call-stack .session .name').allInnerTexts();

/** Makes a session the active one: a click on the beginning of its name, for the end has buttons under the mouse. */
function activate(page: Page, name: string): Promise<void> {
  const row = page.locator('.debug-call-stack .session', { hasText: name }).first();
  return row.locator('.name').click({ position: { x: 5, y: 5 } });
}

describe('two sessions', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    const { page } = workbench;
    await runCommand(page, 'gmemscope: New Scenario');
    // Keys that are pressed before the editor is there and has the focus are lost.
    await lineWith(page, 'gmem A size 4M').waitFor();
    await focusEditor(page);
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(SCENARIOS);
    await lineWith(page, 'gmem A size 4M').waitFor({ state: 'detached' });
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  const textAt = async (line: number) => (await inlineTexts(workbench.page)).get(line) ?? '';
  const isShown = () => workbench.page.locator('.sidebar .debug-call-stack').isVisible();

  test('the first stop of a session shows Run and Debug, and the editor keeps the focus', async () => {
    const { page } = workbench;
    expect(await isShown()).toBe(false);
    await goToLine(page, close);
    // It does not ask for a name of the file, which was never saved.
    await page.keyboard.press('F5');
    await expect.poll(() => stoppedLine(page)).toBe(shared);
    await expect.poll(isShown).toBe(true);
    await page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
  });

  test('are distinguished by file and scenario', async () => {
    const { page } = workbench;
    await step(page, 'step-over');
    await goToLine(page, punch);
    await runCommand(page, 'gmemscope: Debug Scenario');
    await expect.poll(() => sessions(page)).toEqual(['Untitled-1: close', 'Untitled-1: punch']);
    await workbench.screenshot('two-sessions');
  });

  test('the editor shows the arrow and the outcomes of the active one', async () => {
    const { page } = workbench;
    for (let round = 0; round < 2; round++) {
      await activate(page, 'punch');
      await expect.poll(() => stoppedLine(page)).toBe(shared);
      await expect.poll(() => textAt(shared)).toBe('');
      await activate(page, 'close');
      await expect.poll(() => stoppedLine(page)).toBe(close);
      await expect.poll(() => textAt(shared)).toContain('A: pages');
    }
  });

  test('of two files are named by them', async () => {
    const { page } = workbench;
    await openFile(page, 'close-and-rebind.gmem');
    await runCommand(page, 'gmemscope: Debug Scenario');
    await expect.poll(() => activeTab(page)).toBe('close-and-rebind.gmem');
    await expect.poll(() => sessions(page)).toContain('close-and-rebind.gmem');
  });
});
