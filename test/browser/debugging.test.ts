import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  activeTab,
  callStack,
  closeView,
  press,
  startDebugging,
  step,
  stoppedLine,
  toggleScope,
  variables,
} from './debugging';
import { appendLine, focusEditor, goToLine, inlineTexts } from './editor';
import { openWorkbench, type Workbench } from './workbench';

/** Lines of the first example. */
const slot0 = 7;
const slot1 = 8;
const punch = 16;
const faultAfter = 19;
const zapped = 'zapped slot 0 gfn 0x801ff · slot 1 gfn 0x90000..0x90002';

/** One session, from F5 to its end: each test goes on where the one before it stopped. */
describe('debugging a scenario', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  const textAt = async (line: number) => (await inlineTexts(workbench.page)).get(line) ?? '';
  const expectLine = (line: number) => expect.poll(() => stoppedLine(workbench.page)).toBe(line);

  test('F9 sets a breakpoint on a statement, and F5 stops before the first statement', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await goToLine(page, punch);
    await page.keyboard.press('F9');
    await page.locator('.codicon-debug-breakpoint').first().waitFor();
    await startDebugging(page);
    await expectLine(6);
  });

  test('Continue runs to the breakpoint, and what ran says what it did', async () => {
    await step(workbench.page, 'continue');
    await expectLine(punch);
    await expect.poll(() => textAt(13)).toContain('mapped 4K gfn 0x90000..0x90004 rwx');
    expect(await textAt(punch)).not.toContain('zapped');
  });

  test('Step Into shows the listing of the kernel procedure, and its frames', async () => {
    const { page } = workbench;
    await step(page, 'step-into');
    await expect.poll(() => callStack(page)).toEqual(['fallocate(2)', 'punch A offset 0x1ff000 size 12K']);
    await expect.poll(() => activeTab(page)).toBe('fallocate(2)');
    for (let steps = 0; steps < 10 && (await callStack(page)).length < 3; steps++)
      await step(page, 'step-into');
    await expect.poll(async () => (await callStack(page))[0]).toMatch(/gmem/);
    await workbench.screenshot('listing');
  });

  test('the variables show the arguments, and the state of the machine by its parts', async () => {
    const { page } = workbench;
    await expect
      .poll(async () => (await variables(page)).join('\n'))
      .toMatch(/offset =\s0x1ff000|start =\s0x1ff/);
    await closeView(page, 'Watch');
    await closeView(page, 'Breakpoints');
    await toggleScope(page, 'Locals');
    const scopes = ['Memslots', 'guest_memfd files', 'Memory attributes', 'Page tables', 'Userspace memory'];
    for (const scope of [...scopes, 'MMU bookkeeping', 'Locks held']) {
      await page.locator('.debug-view-content .scope', { hasText: scope }).waitFor();
    }
  });

  test('the row of a slot offers its memory to a hex viewer', async () => {
    const { page } = workbench;
    await toggleScope(page, 'Memslots');
    const row = page.locator('.debug-view-content .monaco-list-row', { hasText: 'slot 0 =' }).first();
    await row.hover();
    await row.locator('.codicon-debug-inspect-memory').waitFor();
    await toggleScope(page, 'Memslots');
  });

  test('Step Out comes back to the scenario, with the ranges that were zapped', async () => {
    const { page } = workbench;
    // Out of each procedure in turn, and out of the system call.
    for (let frames = await callStack(page); frames.length > 1; frames = await callStack(page)) {
      await step(page, 'step-out');
      await expect.poll(async () => (await callStack(page)).length).toBeLessThan(frames.length);
    }
    await expectLine(faultAfter);
    await expect.poll(() => textAt(punch)).toContain(zapped);
    await expect.poll(() => textAt(slot0)).toBe('lost gfn 0x801ff');
    await expect.poll(() => textAt(slot1)).toBe('lost gfn 0x90000..0x90002');
    await workbench.screenshot('zapped');
  });

  test('the hover of a text has the whole of it', async () => {
    const { page } = workbench;
    await goToLine(page, punch);
    await page.keyboard.press('End');
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    const content = page.locator('.monaco-editor .monaco-hover:not(.hidden) .monaco-hover-content').first();
    await expect.poll(() => content.innerText()).toContain('0x801ff');
    await workbench.screenshot('outcome-hover');
    await page.keyboard.press('Escape');
  });

  test('Step Back takes the text away again', async () => {
    await step(workbench.page, 'step-back');
    await expectLine(punch);
    await expect.poll(() => textAt(punch)).not.toContain('zapped');
    await expect.poll(() => textAt(slot1)).not.toContain('lost');
  });

  test('Step Over runs the statement again, to the same end', async () => {
    await step(workbench.page, 'step-over');
    await expectLine(faultAfter);
    await expect.poll(() => textAt(punch)).toContain(zapped);
  });

  test('the texts stay after the end of the run, until the scenario is edited', async () => {
    const { page } = workbench;
    await press(page, 'continue');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    await expect.poll(() => textAt(punch)).toContain(zapped);
    await appendLine(page, '# a note');
    await expect.poll(() => textAt(punch)).not.toContain('zapped');
  });
});
