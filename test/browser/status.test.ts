import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { press, startDebugging, step, stoppedLine } from './debugging';
import {
  askingCommand,
  focusEditor,
  goToLine,
  lineWith,
  offers,
  openFile,
  plain,
  replaceLine,
  runCommand,
} from './editor';
import { openWorkbench, type Workbench } from './workbench';

const SEVERAL = `kernel linux-7.3
vm sw-protected
gmem A size 64K => ok

scenario "close" {
  close A => no flush
}

scenario "punch" {
  kernel linux-6.12
  punch A offset 0 size 4K
}
`;

/** Its lines. */
const shared = 3;
const close = 6;
const punch = 11;

/** What the status bar says of the run. */
function position(page: Page): Promise<string | null> {
  return page
    .locator('[id="gmemscope.gmemscope.gmemscope.position"]')
    .getAttribute('aria-label', { timeout: 2000 });
}

/** What VS Code shows beside the language of the file. */
async function languageStatus(page: Page): Promise<string> {
  await page.locator('[id="status.languageStatus"]').hover();
  const status = page.locator('.hover-language-status');
  await status.first().waitFor();
  const text = plain((await status.allInnerTexts()).join('\n'));
  await page.mouse.move(700, 300);
  await status.first().waitFor({ state: 'hidden' });
  return text;
}

describe('a file with several scenarios', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await writeFile(path.join(workbench.folder, 'several.gmem'), SEVERAL);
    // Where a step leads is seen in the call stack.
    await runCommand(workbench.page, 'View: Show Run and Debug');
    await openFile(workbench.page, 'several.gmem');
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  const stop = async () => {
    await press(workbench.page, 'stop');
    await workbench.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  };

  test('says which kernel is simulated, how many scenarios there are, and whether their expectations are met', async () => {
    const { page } = workbench;
    await goToLine(page, close);
    await expect.poll(() => languageStatus(page)).toContain('linux-7.3');
    expect(await languageStatus(page)).toMatch(/2 scenarios, 2 expectations\W+all met/);
    await goToLine(page, punch);
    await expect.poll(() => languageStatus(page)).toContain('linux-6.12');
    await replaceLine(page, close, 'close A => flush');
    await expect.poll(() => languageStatus(page)).toContain('1 failed expectation');
    await workbench.screenshot('language-status');
  });

  test('gets another kernel, where the scenario has its own', async () => {
    const { page } = workbench;
    await goToLine(page, punch);
    await askingCommand(page, 'gmemscope: Change Simulated Kernel', 'Change Simulated Kernel');
    await expect
      .poll(async () => plain((await offers(page).allInnerTexts()).join()))
      .toContain('Linux 6.12 (now)');
    await page.keyboard.type('rfc');
    await page.keyboard.press('Enter');
    await lineWith(page, 'kernel rfc-2023-05').waitFor();
    await lineWith(page, 'kernel linux-7.3').waitFor();
    await page.keyboard.press('Control+Z');
    await lineWith(page, 'kernel linux-6.12').waitFor();
  });

  test('debugs the scenario around the cursor, and the status bar says where it stands', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await goToLine(page, punch);
    await startDebugging(page);
    await expect.poll(() => stoppedLine(page)).toBe(shared);
    await expect.poll(() => position(page)).toBe('Statement 1 of 2: gmem A size 64K => ok');
    await step(page, 'step-over');
    await expect.poll(() => stoppedLine(page)).toBe(punch);
    await expect.poll(() => position(page)).toBe('Statement 2 of 2: punch A offset 0 size 4K');
    await step(page, 'step-into');
    await expect
      .poll(() => position(page))
      .toMatch(/^Statement 2 of 2: .*, step 1 of \d+ of fallocate\(2\)$/);
    await workbench.screenshot('position');
    await step(page, 'step-back');
    await expect.poll(() => position(page)).toMatch(/^Statement 2 of 2: punch A offset 0 size 4K/);
    await step(page, 'step-over');
    await expect.poll(() => position(page)).toContain('at the end');
    await page.locator('.notification-list-item').waitFor({ state: 'detached' });
  });

  test('restarts with the same scenario, without a question', async () => {
    const { page } = workbench;
    await press(page, 'restart');
    await expect.poll(() => stoppedLine(page)).toBe(shared);
    await expect.poll(() => position(page)).toContain('Statement 1 of 2');
    await stop();
    await page.locator('[id="gmemscope.gmemscope.gmemscope.position"]').waitFor({ state: 'detached' });
  });

  test('asks which one is meant, where the cursor is in none', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await goToLine(page, shared);
    await page.keyboard.press('F5');
    await page.locator('.quick-input-title', { hasText: 'Step the scenario' }).waitFor();
    await expect
      .poll(async () => plain((await offers(page).allInnerTexts()).join()))
      .toMatch(/close.*2 statements.*punch.*2 statements/s);
    await page.keyboard.type('punch');
    await page.keyboard.press('Enter');
    await page.locator('.debug-toolbar').waitFor();
    await expect.poll(() => stoppedLine(page)).toBe(shared);
    await step(page, 'step-over');
    await expect.poll(() => stoppedLine(page)).toBe(punch);
    await stop();
  });
});
