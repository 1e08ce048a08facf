import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { debugUpTo, press, stoppedLine } from './debugging';
import { inlineTexts } from './editor';
import { openWorkbench, type Workbench } from './workbench';

/** Lines of the first example. */
const prefault = 13;
const punch = 16;

/** Milliseconds within which the browser stores what the extension keeps. */
const STORED = 1500;

describe('a window that is reloaded', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  const notification = (text: string) => workbench.page.locator('.notification-list-item', { hasText: text });

  const reload = async () => {
    const { page } = workbench;
    await page.waitForTimeout(STORED);
    await page.reload();
    await page.locator('.monaco-editor .view-line').first().waitFor({ timeout: 90_000 });
  };

  test('offers to continue at the statement where the session was', async () => {
    const { page } = workbench;
    await debugUpTo(page, prefault);
    await page.keyboard.press('F10');
    await expect.poll(() => stoppedLine(page)).toBe(punch);
    await reload();
    const offer = notification('hole-across-two-slots.gmem was being debugged, at line 16.');
    await offer.waitFor();
    await workbench.screenshot('reloaded');
    // Past the breakpoint that the first run stopped at.
    await offer.getByRole('button', { name: 'Continue at Line 16' }).click();
    await expect.poll(() => stoppedLine(page)).toBe(punch);
    await expect.poll(async () => (await inlineTexts(page)).get(prefault) ?? '').toContain('mapped');
  });

  test('offers nothing once the session was ended', async () => {
    const { page } = workbench;
    await press(page, 'stop');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    await reload();
    await page.locator('[id="gmemscope.gmemscope.gmemscope.position"]').waitFor({ state: 'detached' });
    // The extension runs: it has answered for the hints.
    await expect
      .poll(() => page.locator('.view-lines').first().innerText())
      .toMatch(/gfn\s0x80000\.\.0x80200/);
    await page.waitForTimeout(STORED);
    expect(await notification('was being debugged').count()).toBe(0);
  });
});
