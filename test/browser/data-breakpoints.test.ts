import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addDataBreakpoint, breakpoint, removeAllBreakpoints } from './breakpoints';
import { consoleLines } from './debug-console';
import { activeTab, callStack, startDebugging, stoppedLine, stopText, variables } from './debugging';
import { focusEditor, goToLine, inlineTexts, plain, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

/** Lines of the first example. */
const slot1 = 8;
const punch = 16;
const faultAfter = 19;
const zap = 'zapped 4K gfn 0x90000..0x90002, was rwx-d';

/** One session, keyboard only: each test goes on where the one before it stopped. */
describe('a data breakpoint', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test('on a range of addresses is set while debugging', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await goToLine(page, punch);
    await page.keyboard.press('F9');
    await startDebugging(page);
    await page.keyboard.press('F5');
    await expect.poll(() => stoppedLine(page)).toBe(punch);
    await addDataBreakpoint(page, '0x90000000 + 0x2000');
    await breakpoint(page, 'gfn 0x90000..0x90002: zapped, mapped, converted, …').waitFor();
  });

  test('stops behind the step that zapped it, and says what happened and by whom', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await page.keyboard.press('F5');
    await expect.poll(() => activeTab(page)).toBe('kvm_gmem_invalidate_begin');
    await expect.poll(() => stopText(page)).toContain(`gfn 0x90000..0x90002: ${zap}`);
    await runCommand(page, 'Debug Console: Focus on Debug Console View');
    await expect
      .poll(async () => (await consoleLines(page)).join('\n'))
      .toContain(`${zap}: by kvm_unmap_gfn_range, UZ1, in \`punch A offset 0x1ff000 size 12K\` (line 16)`);
    await workbench.screenshot('data-breakpoint');
  });

  test('is met again from behind: who zapped this last?', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await page.keyboard.press('F5');
    await expect.poll(() => activeTab(page)).toMatch(/^kvm_(tdp_)?mmu/);
    await page.keyboard.press('Alt+F5');
    await expect.poll(() => activeTab(page)).toBe('kvm_tdp_mmu_map');
    await page.keyboard.press('Alt+F5');
    await expect.poll(() => activeTab(page)).toBe('kvm_unmap_gfn_range');
    await expect.poll(async () => (await callStack(page)).at(-1)).toBe('punch A offset 0x1ff000 size 12K');
    await expect.poll(async () => plain((await variables(page)).join('\n'))).toMatch(/start =\s+0x90000/);
    await workbench.screenshot('data-breakpoint-back');
  });

  test('the same is one command on the line of a slot', async () => {
    const { page } = workbench;
    await removeAllBreakpoints(page);
    // Out of the kernel, to the statement behind the hole.
    for (let frames = await callStack(page); frames.length > 1; ) {
      await page.keyboard.press('Shift+F11');
      await expect.poll(async () => (await callStack(page)).length).toBeLessThan(frames.length);
      frames = await callStack(page);
    }
    await expect.poll(() => stoppedLine(page)).toBe(faultAfter);
    await expect.poll(async () => (await inlineTexts(page)).get(slot1)).toContain('lost');
    await focusEditor(page);
    await goToLine(page, slot1);
    await runCommand(page, 'gmemscope: Find Who Zapped This Last');
    await expect.poll(() => activeTab(page)).toBe('kvm_unmap_gfn_range');
    await expect.poll(() => stopText(page)).toContain(`slot 1: ${zap}`);
  });
});
