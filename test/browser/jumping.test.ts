import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addFunctionBreakpoint, removeAllBreakpoints } from './breakpoints';
import { activeTab, callStack, lookAtFrame, startDebugging, stoppedLine } from './debugging';
import { focusEditor, goToLine, inlineTexts, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

/** Lines of the first example. */
const prefault = 13;
const punch = 16;
const faultAfter = 19;

async function jumpTo(page: Page, line: number): Promise<void> {
  await focusEditor(page);
  await goToLine(page, line);
  await runCommand(page, 'Debug: Jump to Cursor');
}

/** One session: each test goes on where the one before it stopped. */
describe('going to another moment', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await focusEditor(workbench.page);
    await startDebugging(workbench.page);
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test('Jump to Cursor runs forward to a line, and goes back to one', async () => {
    const { page } = workbench;
    await jumpTo(page, faultAfter);
    await expect.poll(() => stoppedLine(page)).toBe(faultAfter);
    await expect.poll(async () => (await inlineTexts(page)).get(punch)).toContain('zapped');
    await jumpTo(page, prefault);
    await expect.poll(() => stoppedLine(page)).toBe(prefault);
    await expect.poll(async () => (await inlineTexts(page)).get(punch) ?? '').not.toContain('zapped slot');
  });

  test('Step Back from a caller that is looked at goes back to before its call', async () => {
    const { page } = workbench;
    await addFunctionBreakpoint(page, 'kvm_unmap_gfn_range');
    await focusEditor(page);
    await page.keyboard.press('F5');
    await expect.poll(() => activeTab(page)).toBe('kvm_unmap_gfn_range');
    await lookAtFrame(page, 'kvm_gmem_punch_hole');
    await expect.poll(() => activeTab(page)).toBe('kvm_gmem_punch_hole');
    await page.keyboard.press('Alt+F10');
    await expect
      .poll(() => callStack(page))
      .toEqual(['kvm_gmem_punch_hole', 'fallocate(2)', 'punch A offset 0x1ff000 size 12K']);
  });

  test('Step Back Into goes into what a step called, from behind', async () => {
    const { page } = workbench;
    await removeAllBreakpoints(page);
    await focusEditor(page);
    await page.keyboard.press('F10');
    await expect.poll(() => stoppedLine(page)).toBe(8);
    await page.keyboard.press('Alt+F11');
    await expect.poll(() => activeTab(page)).toBe('kvm_gmem_invalidate_begin');
    await page.keyboard.press('Alt+Shift+F11');
    await expect.poll(() => activeTab(page)).toBe('kvm_gmem_punch_hole');
  });

  test('Restart Frame goes to the first step of a procedure, and to before a statement', async () => {
    const { page } = workbench;
    await page.keyboard.press('F10');
    await expect.poll(() => stoppedLine(page)).toBe(8);
    const restart = async (frame: string) => {
      const row = page.locator('.debug-call-stack .monaco-list-row', { hasText: frame }).first();
      await row.hover();
      await row.locator('.codicon-debug-restart-frame').click();
    };
    await restart('kvm_gmem_punch_hole');
    await expect.poll(() => stoppedLine(page)).toBe(6);
    expect(await activeTab(page)).toBe('kvm_gmem_punch_hole');
    await workbench.screenshot('restart-frame');
    await restart('punch A offset');
    await expect.poll(() => callStack(page)).toEqual(['punch A offset 0x1ff000 size 12K']);
    await expect.poll(() => stoppedLine(page)).toBe(punch);
  });
});
