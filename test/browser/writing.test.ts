import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { appendLine, focusEditor, hover, lineWith, openFile, plain, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

describe('writing a scenario', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test('the first example is open, coloured, and explained by the language server', async () => {
    const { page } = workbench;
    const slot = lineWith(page, 'slot 1 gpa 0x90000000');
    await slot.waitFor();
    // More than one colour in a line: the grammar has been applied.
    await expect.poll(() => slot.locator('span[class^="mtk"]').count()).toBeGreaterThan(3);
    await expect.poll(async () => plain(await slot.innerText())).toContain('gfn 0x90000..0x90100');
    await workbench.screenshot('example');
  });

  test('a hover does the arithmetic of a binding', async () => {
    const { page } = workbench;
    await expect
      .poll(() => hover(page, lineWith(page, 'slot 1 gpa 0x90000000'), '1'))
      .toContain('0x90000..0x90100');
    await workbench.screenshot('hover');
  });

  test('a mistake gets a squiggle while it is typed, and loses it when it is mended', async () => {
    const { page } = workbench;
    const errors = page.locator('.view-overlays .squiggly-error');
    await appendLine(page, 'punch B offset 0 size 4K');
    await errors.first().waitFor();
    await workbench.screenshot('mistake');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.type('punch A offset 0 size 4K', { delay: 15 });
    await page.keyboard.press('Escape');
    await errors.first().waitFor({ state: 'detached' });
  });

  test('completion offers the keywords of a statement, and the names that exist', async () => {
    const { page } = workbench;
    await appendLine(page, '\npun');
    await page.keyboard.press('Control+Space');
    const suggestions = page.locator('.suggest-widget.visible .monaco-list-row');
    await suggestions.filter({ hasText: 'punch' }).first().waitFor();
    await workbench.screenshot('completion');
    await page.keyboard.press('Escape');
    await page.keyboard.type('ch ');
    await page.keyboard.press('Control+Space');
    await suggestions.filter({ hasText: /^A/ }).first().waitFor();
    await page.keyboard.press('Escape');
  });

  test('what is saved is in the file on disk', async () => {
    const { page, folder } = workbench;
    await openFile(page, 'close-and-rebind.gmem');
    await appendLine(page, '# A note of the reader.');
    await page.keyboard.press('Control+S');
    await expect
      .poll(() => readFile(path.join(folder, 'close-and-rebind.gmem'), 'utf8'))
      .toContain('# A note of the reader.');
  });

  test('the outline lists the files and the slots', async () => {
    const { page } = workbench;
    await openFile(page, 'hole-across-two-slots.gmem');
    await runCommand(page, 'Explorer: Focus on Outline View');
    await page.locator('.outline-pane .monaco-list-row', { hasText: 'A' }).first().waitFor();
    await page.locator('.outline-pane .monaco-list-row', { hasText: 'slot 1' }).first().waitFor();
    await focusEditor(page);
  });
});
