import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { focusEditor, goToLine, plain, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

type Side = 'original' | 'modified';

const side = (page: Page, of: Side) =>
  page.locator(`.monaco-diff-editor .editor.${of} .monaco-editor`).first();

/** Rows of the Problems view, without those of files. */
const problems = (page: Page) =>
  page.locator('.markers-panel .monaco-list-row .marker-message').allInnerTexts();

describe('another version of a file, beside the file', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test('has no problems, lenses, hints or tests of its own', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await goToLine(page, 6);
    await page.keyboard.insertText('close B\n');
    await runCommand(page, 'View: Toggle Problems');
    await expect.poll(() => problems(page)).toHaveLength(1);
    await runCommand(page, 'File: Compare Active File with Saved');
    const textOf = async (of: Side) => plain(await side(page, of).locator('.view-lines').first().innerText());
    await expect.poll(() => textOf('original')).toContain('gmem A size 4M');
    await expect.poll(() => textOf('modified')).toContain('gfn 0x80000..0x80200');
    // The server has seen both by then; what it says about the left side would come within this time.
    await page.waitForTimeout(1500);
    await workbench.screenshot('other-versions');
    expect(await problems(page)).toHaveLength(1);
    expect(await textOf('original')).not.toContain('gfn 0x80000..0x80200');
    expect(await side(page, 'original').locator('.squiggly-error').count()).toBe(0);
    expect(await side(page, 'modified').locator('.squiggly-error').count()).toBeGreaterThan(0);
    expect(await side(page, 'original').locator('.codelens-decoration').count()).toBe(0);
    expect(await side(page, 'original').locator('.testing-run-glyph').count()).toBe(0);
  });
});
