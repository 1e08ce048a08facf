import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { activeTab, press, startDebugging, step, stoppedLine } from './debugging';
import { focusEditor, goToLine } from './editor';
import { openWorkbench, type Workbench } from './workbench';

/** Line of the statement of the first example that goes into a long procedure. */
const prefault = 12;

describe('the listing of a procedure', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test('opens at the first step of a system call', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await goToLine(page, prefault);
    await page.keyboard.press('F9');
    await startDebugging(page);
    await step(page, 'continue');
    await step(page, 'step-into');
    expect(await activeTab(page)).toBe('ioctl(KVM_PRE_FAULT_MEMORY)');
  });

  test('has colours for its labels, its comments and its locks', async () => {
    const { page } = workbench;
    const colours = () =>
      page.evaluate(() => {
        const spans = document.querySelectorAll(
          '.editor-group-container.active .view-line span[class^="mtk"]',
        );
        return new Set([...spans].map((span) => getComputedStyle(span).color)).size;
      });
    await expect.poll(colours).toBeGreaterThan(2);
  });

  test('takes a breakpoint, and Continue stops on its step', async () => {
    const { page } = workbench;
    const at = (await stoppedLine(page)) ?? 0;
    await focusEditor(page);
    await goToLine(page, at + 1);
    await page.keyboard.press('F9');
    await page.locator('.editor-group-container.active .codicon-debug-breakpoint').first().waitFor();
    await workbench.screenshot('listing-breakpoint');
    await press(page, 'continue');
    await expect.poll(() => stoppedLine(page)).toBe(at + 1);
    expect(await activeTab(page)).toBe('ioctl(KVM_PRE_FAULT_MEMORY)');
  });
});
