import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { completions, consoleLines, focusConsole, typeAndComplete, typeLine } from './debug-console';
import { callStack, debugUpTo, variables } from './debugging';
import { focusEditor, goToLine, plain, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

/** Line of the hole in the first example. */
const punch = 16;

/** One session, keyboard only: each test goes on where the one before it stopped. */
describe('expressions', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await debugUpTo(workbench.page, punch);
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test('are watched, and follow the steps', async () => {
    const { page } = workbench;
    await page.locator('.pane-header', { hasText: 'Watch' }).hover();
    await page.locator('.pane-header .codicon-watch-expressions-add').first().click();
    const input = page.locator('.debug-watch .inputBoxContainer input');
    await input.waitFor();
    await page.keyboard.type('spte(0x90000000)', { delay: 10 });
    await page.keyboard.press('Enter');
    const watched = page.locator('.debug-watch .expression');
    await expect.poll(async () => plain(await watched.innerText())).toContain('4K rwx-d, pfn 0x202');
    await focusEditor(page);
    await page.keyboard.press('F10');
    await expect.poll(async () => plain(await watched.innerText())).toContain('not mapped');
    await page.keyboard.press('Alt+F10');
    await expect.poll(async () => plain(await watched.innerText())).toContain('4K rwx-d');
  });

  test('are completed in the console, with what they are', async () => {
    const { page } = workbench;
    await focusConsole(page);
    await typeAndComplete(page, 'A.');
    await expect
      .poll(() => completions(page))
      .toEqual(expect.arrayContaining(['bindings', 'pages', 'size', 'leaked']));
    await workbench.screenshot('console-completion');
    await page.keyboard.type('bind', { delay: 50 });
    await expect.poll(() => completions(page)).toEqual(['bindings']);
    await page.keyboard.press('Tab');
    await page.keyboard.type('[1].gfns', { delay: 20 });
    await typeLine(page, '');
    await expect.poll(async () => (await consoleLines(page)).at(-1)).toContain('0x90000..0x90100');
  });

  test('have values that can be opened, and say what is wrong with them', async () => {
    const { page } = workbench;
    await typeLine(page, 'slto(1)');
    await expect
      .poll(async () => (await consoleLines(page)).at(-1))
      .toContain('Unknown function `slto`: did you mean `slot(…)`?');
    await typeLine(page, 'page(0x90000000)');
    const answer = page.locator('.repl .monaco-list-row', { hasText: 'attribute private' }).last();
    await answer.locator('.monaco-tl-twistie').click();
    await expect
      .poll(async () => (await consoleLines(page)).join('\n'))
      .toMatch(/file_page:? ?=?\s*A page 0x200/);
    await workbench.screenshot('console-value');
  });

  test('are what the words of the scenario stand for: a hover evaluates them', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await goToLine(page, 8, 'slot 1 gpa 0x9'.length);
    await runCommand(page, 'Debug: Show Hover');
    const hover = page.locator('.debug-hover-widget');
    await hover.waitFor();
    await expect.poll(async () => plain(await hover.innerText())).toContain('gfn 0x90000');
    await expect.poll(async () => plain(await hover.innerText())).toMatch(/attribute:?\s*=?\s*private/);
    await workbench.screenshot('debug-hover');
    await page.keyboard.press('Escape');
  });

  test('of the frame that is looked at know its locals', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await page.keyboard.press('F11');
    await expect.poll(async () => (await callStack(page)).length).toBe(2);
    await expect.poll(async () => (await variables(page)).map(plain).join('\n')).toMatch(/mode =\s+punch/);
    await focusConsole(page);
    await typeLine(page, 'offset + size');
    await expect.poll(async () => (await consoleLines(page)).at(-1)).toContain('0x202000');
  });
});
