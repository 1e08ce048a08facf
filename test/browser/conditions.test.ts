import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addConditionalBreakpoint, addFunctionBreakpoint, addLogpoint } from './breakpoints';
import { consoleLines } from './debug-console';
import { activeTab, callStack, startDebugging, stoppedLine } from './debugging';
import { focusEditor, goToLine, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

/** Lines of the first example. */
const convert = 10;
const prefault = 12;
const punch = 16;

/** One session, keyboard only: each test goes on where the one before it stopped. */
describe('breakpoints with conditions', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test('a condition lets the lines pass that do not meet it', async () => {
    const { page } = workbench;
    await addConditionalBreakpoint(page, convert, 'slots.count > 5');
    await addConditionalBreakpoint(page, prefault, 'attributes.count == 2 && vcpu == 0');
    await addLogpoint(page, punch, 'before the hole: {spte(0x90000000)}');
    await focusEditor(page);
    await startDebugging(page);
    await page.keyboard.press('F5');
    await expect.poll(() => stoppedLine(page)).toBe(prefault);
  });

  test('a function breakpoint stops in the listing, and a logpoint has written its values', async () => {
    const { page } = workbench;
    await addFunctionBreakpoint(page, 'kvm_gmem_punch_hole');
    await page.keyboard.press('F5');
    await expect.poll(() => activeTab(page)).toBe('kvm_gmem_punch_hole');
    await expect.poll(async () => (await callStack(page))[0]).toBe('kvm_gmem_punch_hole');
    await runCommand(page, 'Debug Console: Focus on Debug Console View');
    await expect
      .poll(async () => (await consoleLines(page)).join('\n'))
      .toContain('before the hole: 4K rwx-d, pfn 0x202, guest_memfd, slot 1');
    await workbench.screenshot('function-breakpoint');
  });

  test('a condition that is wrong stops, and a message says what is wrong', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await goToLine(page, 8);
    await runCommand(page, 'Debug: Add Conditional Breakpoint...');
    await page.locator('.zone-widget .breakpoint-widget .monaco-editor.focused').waitFor();
    await page.keyboard.type('strt == 1', { delay: 10 });
    await page.keyboard.press('Enter');
    await page.locator('.zone-widget .breakpoint-widget').waitFor({ state: 'hidden' });
    await focusEditor(page);
    await page.keyboard.press('F5');
    const toast = page.locator('.notification-toast', { hasText: 'did you mean `start`?' });
    await toast.waitFor();
    await workbench.screenshot('wrong-condition');
    await expect.poll(() => stoppedLine(page)).toBe(8);
  });
});
