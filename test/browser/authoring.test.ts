import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { focusEditor, goToLine, lineWith, openFile, plain, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

const SCENARIO = `# What stands below is written loosely.
vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
slot 1 gpa 0x90000000   size 1M gmem A offset 2M
convert gpa 0x80000000 size 2M private
prefault vcpu 0 gpa 0x80000000 size 16K

punch A offset 0 size 8K => zapped slot 0 gfn 0x80000, no flush
gmem B size 4097
delete slot 1
`;

/** Saves, and waits until the file on disk holds a text. Returns all of it. */
async function saved({ page, folder }: Workbench, name: string, part: string): Promise<string> {
  let text = '';
  const read = async () => {
    text = await readFile(path.join(folder, name), 'utf8');
    return text;
  };
  await page.keyboard.press('Control+S');
  await expect.poll(read).toContain(part);
  return text;
}

/** A column behind the end of every line. */
const END = 999;

/** Presses a key until what it opens is there: the editor may have had nothing to show yet. */
async function opened(page: Page, key: string, what: string): Promise<Locator> {
  const found = page.locator(what).first();
  const press = async () => {
    if (await found.isVisible()) return true;
    await page.keyboard.press(key);
    await found.waitFor({ timeout: 2000 }).catch(() => undefined);
    return found.isVisible();
  };
  await expect.poll(press).toBe(true);
  return found;
}

/** The menu of fixes and refactorings where the cursor is. */
const openActions = (page: Page) => opened(page, 'Control+.', '.action-widget .monaco-list-row.focused');

/** The box for the new name of what is at the cursor. */
const openRename = (page: Page) => opened(page, 'F2', '.rename-box input');

/** Picks one of them with the keyboard. */
async function pickAction(page: Page, title: string): Promise<void> {
  const focused = page.locator('.action-widget .monaco-list-row.focused').first();
  const first = await focused.innerText();
  while (!(await focused.innerText()).includes(title)) {
    await page.keyboard.press('ArrowDown');
    if ((await focused.innerText()) === first) throw new Error(`there is no action ${title}`);
  }
  await page.keyboard.press('Enter');
  await focused.waitFor({ state: 'detached' });
}

describe('authoring', () => {
  let workbench: Workbench;
  let count = 0;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  /** A file of its own for each journey, open in the editor and checked by the language server. */
  async function open(text: string): Promise<string> {
    const name = `authoring-${++count}.gmem`;
    await writeFile(path.join(workbench.folder, name), text);
    await openFile(workbench.page, name);
    return name;
  }

  test('a document is formatted in columns, and stays formatted', async () => {
    const { page } = workbench;
    const name = await open(
      SCENARIO.replace(
        'delete slot 1',
        'slot 10 gpa 0xa0000000 size 64K # unbound\nmove slot 10 gpa 0xb0000000 # on',
      ),
    );
    await runCommand(page, 'Format Document');
    await lineWith(page, 'slot 1 gpa 0x90000000 size 1M').waitFor();
    await workbench.screenshot('formatted');
    const formatted = 'slot 1 gpa 0x90000000 size 1M gmem A offset 2M\n';
    const once = await saved(workbench, name, formatted);
    expect(once.split('\n').slice(-3)).toEqual([
      'slot 10 gpa 0xa0000000 size 64K # unbound',
      'move slot 10 gpa 0xb0000000     # on',
      '',
    ]);
    await focusEditor(page);
    await runCommand(page, 'Format Document');
    expect(await saved(workbench, name, formatted)).toBe(once);
  });

  test('a name is renamed wherever it stands, and one that is taken is refused in words', async () => {
    const { page } = workbench;
    const name = await open(SCENARIO);
    await goToLine(page, 3, 6);
    const box = await openRename(page);
    await box.fill('slot');
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => (await page.locator('.notifications-toasts').innerText()).trim())
      .toContain('`slot` is a reserved word and cannot name a file');
    await page.keyboard.press('Escape');
    await focusEditor(page);
    await goToLine(page, 3, 6);
    await openRename(page);
    await box.fill('memory');
    await workbench.screenshot('rename');
    await page.keyboard.press('Enter');
    await lineWith(page, 'punch memory offset 0').waitFor();
    const text = await saved(workbench, name, 'gmem memory size 4M\n');
    expect(text.match(/\bmemory\b/g)).toHaveLength(4);
    expect(text).not.toMatch(/\bA\b/);
  });

  test('what happened is accepted where something else was expected', async () => {
    const { page } = workbench;
    const name = await open(SCENARIO);
    await page.locator('.squiggly-error').first().waitFor();
    await goToLine(page, 9);
    await openActions(page);
    await workbench.screenshot('accept');
    await pickAction(page, 'Update expectation');
    await lineWith(page, 'zapped slot 0 gfn 0x80000..0x80002, flush').waitFor();
    await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
    await saved(workbench, name, 'punch A offset 0 size 8K => zapped slot 0 gfn 0x80000..0x80002, flush\n');
  });

  test('a size that KVM refuses is aligned', async () => {
    const { page } = workbench;
    const name = await open(SCENARIO);
    await page.locator('.squiggly-warning').first().waitFor();
    await goToLine(page, 10, END);
    await openActions(page);
    await workbench.screenshot('align');
    await pickAction(page, 'Align up');
    await lineWith(page, 'gmem B size 8K').waitFor();
    await page.locator('.squiggly-warning').first().waitFor({ state: 'detached' });
    await saved(workbench, name, 'gmem B size 8K\n');
  });

  test('behind an arrow, what happens is the first thing offered', async () => {
    const { page } = workbench;
    const name = await open(SCENARIO);
    await goToLine(page, 7, END);
    await page.keyboard.type(' => ', { delay: 15 });
    const first = page.locator('.suggest-widget.visible .monaco-list-row').first();
    const happens = 'mapped 4K gfn 0x80000..0x80004 rwx';
    await expect.poll(async () => plain(await first.innerText())).toContain(happens);
    await workbench.screenshot('complete-outcome');
    await page.keyboard.press('Enter');
    // Between the size and the arrow stands the hint of the gfns.
    await lineWith(page, `=> ${happens}`).waitFor();
    await saved(workbench, name, `prefault vcpu 0 gpa 0x80000000 size 16K => ${happens}\n`);
  });
});
