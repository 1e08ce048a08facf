import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contrast } from './contrast';
import { goToLine, hover, lineWith, openFile, replaceLine, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

const NOTES = `# Notes

A hole, and what it zaps.

\`\`\`gmem
vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
prefault vcpu 0 gpa 0x80000000 size 16K
punch A offset 4K size 8K => zapped slot 0 gfn 0x80001..0x80003, flush
\`\`\`

The end.
`;

const RST = `Notes
=====

.. code-block:: gmem

   gmem A size 4M
   close B

The end.
`;

describe('a document that shows scenarios', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await writeFile(path.join(workbench.folder, 'notes.md'), NOTES);
    await writeFile(path.join(workbench.folder, 'notes.rst'), RST);
    await runCommand(workbench.page, 'File: Refresh Explorer').catch(() => undefined);
    await openFile(workbench.page, 'notes.md');
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test('has its scenarios coloured', async () => {
    const punch = lineWith(workbench.page, 'punch A offset 4K');
    await expect.poll(() => punch.locator('span[class^="mtk"]').count()).toBeGreaterThan(5);
  });

  test('explains what the cursor points at', async () => {
    const text = await hover(workbench.page, lineWith(workbench.page, 'punch A offset 4K'), 'punch');
    expect(text).toContain('zapped');
  });

  test('reports failed expectations while it is written', async () => {
    const { page } = workbench;
    const errors = page.locator('.view-overlays .squiggly-error');
    await replaceLine(page, 11, 'punch A offset 4K size 8K => zapped slot 0 gfn 0x80001..0x80004, flush');
    await errors.first().waitFor();
    await workbench.screenshot('document-failed');
    await replaceLine(page, 11, 'punch A offset 4K size 8K => zapped slot 0 gfn 0x80001..0x80003, flush');
    await errors.first().waitFor({ state: 'detached' });
  });

  test('completes statements in scenarios', async () => {
    const { page } = workbench;
    await goToLine(page, 11, 1);
    await page.keyboard.press('Control+Enter');
    await page.keyboard.type('pun');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'punch' }).first().waitFor();
    await workbench.screenshot('document-completion');
    await page.keyboard.press('Escape');
    for (let letter = 0; letter < 'pun'.length; letter++) await page.keyboard.press('Backspace');
    await page.keyboard.press('Control+Shift+K');
  });

  test('may be reStructuredText', async () => {
    const { page } = workbench;
    await openFile(page, 'notes.rst');
    await page.locator('.view-overlays .squiggly-error').first().waitFor();
    await expect
      .poll(() => lineWith(page, 'close B').locator('span[class^="mtk"]').count())
      .toBeGreaterThan(1);
    await workbench.screenshot('document-rst');
  });

  // The last test: a preview may keep the keyboard.
  test('is previewed with what each statement did, and a figure in the colours of the theme', async () => {
    const { page } = workbench;
    await openFile(page, 'notes.md');
    await runCommand(page, 'Markdown: Open Preview to the Side');
    const preview = page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
    const drawing = preview.locator('.gmem-drawing svg');
    await drawing.waitFor();
    await expect
      .poll(() => preview.locator('pre').first().innerText())
      .toContain('#: zapped slot 0 gfn 0x80001..0x80003 · freed A pages 0x1..0x3');
    const colours = () =>
      drawing.evaluate((element) => ({
        paper: getComputedStyle(element.querySelector('.paper')!).fill,
        text: getComputedStyle(element.querySelector('.t-statement')!).fill,
      }));
    const { paper, text } = await colours();
    expect(paper).toBe('rgb(22, 25, 29)');
    expect(contrast(text, paper)).toBeGreaterThan(4.5);
    await workbench.screenshot('document-preview');
    const [black, white] = ['rgb(0, 0, 0)', 'rgb(255, 255, 255)'];
    await page.emulateMedia({ colorScheme: 'dark', forcedColors: 'active' });
    await expect.poll(colours).toEqual({ paper: black, text: white });
    await workbench.screenshot('document-preview-high-contrast');
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
    await expect.poll(colours).toEqual({ paper: white, text: black });
    await workbench.screenshot('document-preview-high-contrast-light');
  });
});
