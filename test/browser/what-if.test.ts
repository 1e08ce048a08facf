import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { consoleLines, focusConsole, typeLine } from './debug-console';
import { activeTab, callStack, debugUpTo, stopText } from './debugging';
import { focusEditor, inlineTexts } from './editor';
import { openWorkbench, type Workbench } from './workbench';

/** Lines of the first example. */
const slot1 = 8;
const punch = 16;
const punchText = 'punch A offset 0x1ff000 size 12K';
const typed = 'punch A offset 2M size 8K';

/** One session, keyboard only: each test goes on where the one before it stopped. */
describe('what if', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await debugUpTo(workbench.page, punch);
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  const textAt = async (line: number) => (await inlineTexts(workbench.page)).get(line) ?? '';

  test('a statement in the console runs on a branch, and everything says so', async () => {
    const { page } = workbench;
    await focusConsole(page);
    await typeLine(page, typed);
    await expect.poll(() => callStack(page)).toEqual([`on a branch: ${punchText}`]);
    await expect.poll(() => textAt(punch)).toContain(`what if ${typed}: zapped slot 1 gfn 0x90000..0x90002`);
    await expect.poll(() => textAt(slot1)).toBe('lost gfn 0x90000..0x90002');
    await expect.poll(() => stopText(page)).toContain('What if');
    const lines = (await consoleLines(page)).join('\n');
    expect(lines).toContain('On a branch from line 16: it does not change the run of the scenario itself.');
    expect(lines).toContain('zapped slot 1 gfn 0x90000..0x90002 · freed A pages 0x200..0x202 · flush');
    await workbench.screenshot('what-if');
  });

  test('the keyboard stays in the console, and `back` leaves the branch', async () => {
    const { page } = workbench;
    await typeLine(page, 'back');
    await expect.poll(() => callStack(page)).toEqual([punchText]);
    await expect.poll(async () => (await consoleLines(page)).at(-1)).toContain('Back on line 16, as it was.');
    await expect.poll(() => textAt(punch)).not.toContain('what if');
    await expect.poll(() => textAt(slot1)).toContain('slot 1 at gfn');
  });

  test('one can step into what was typed, and step back out of the branch', async () => {
    const { page } = workbench;
    await typeLine(page, typed);
    await expect.poll(() => callStack(page)).toEqual([`on a branch: ${punchText}`]);
    await focusEditor(page);
    await page.keyboard.press('Alt+F10');
    await expect.poll(() => callStack(page)).toEqual([`what if: ${typed}`]);
    await page.keyboard.press('F11');
    await expect.poll(() => activeTab(page)).toBe('fallocate(2)');
    await expect.poll(() => callStack(page)).toEqual(['fallocate(2)', `what if: ${typed}`]);
    await workbench.screenshot('what-if-step');
    await page.keyboard.press('Alt+Shift+F11');
    await expect.poll(() => callStack(page)).toEqual([`what if: ${typed}`]);
    await page.keyboard.press('Alt+F10');
    await expect.poll(() => callStack(page)).toEqual([punchText]);
    await expect.poll(() => stopText(page)).toContain('Back in the scenario');
  });

  test('an error is what the language says of it', async () => {
    const { page } = workbench;
    await focusConsole(page);
    await typeLine(page, 'punch Z offset 0 size 4K');
    await expect
      .poll(async () => (await consoleLines(page)).at(-1))
      .toContain('no guest_memfd file is called `Z`');
    await expect.poll(() => callStack(page)).toEqual([punchText]);
  });

  test('the scenario is as it was, on disk and in the editor', async () => {
    const { page, folder } = workbench;
    const text = readFileSync(path.join(folder, 'hole-across-two-slots.gmem'), 'utf8');
    expect(text).toContain(`\n${punchText}\n`);
    expect(await page.locator('.tab.dirty').count()).toBe(0);
  });
});
