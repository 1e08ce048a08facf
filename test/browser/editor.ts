import type { Locator, Page } from 'playwright-core';

/** What a person does in the editor, and what they see there. Lines are numbered from 1, as the editor does. */

/**
 * Opens a file of the folder by its name. As a person would, it tries again where another file was opened: the list may
 * change just before the click.
 */
export async function openFile(page: Page, name: string): Promise<void> {
  const tab = page.locator('.tab.active', { hasText: name });
  const isOpen = () =>
    tab.waitFor({ timeout: 20_000 }).then(
      () => true,
      () => false,
    );
  let tries = 0;
  do {
    await page.keyboard.press('Control+P');
    await pick(page, name, name);
    tries++;
  } while (!(await isOpen()) && tries < 5);
  await tab.waitFor();
  await focusEditor(page);
}

/**
 * Opens the command palette. As a person would, it asks again where the palette closes at once: a document that is just
 * being opened takes the focus from it.
 */
async function openPalette(page: Page): Promise<void> {
  const input = page.locator('.quick-input-widget input.input');
  for (let tries = 0; tries < 50; tries++) {
    if (!(await input.isVisible())) await page.keyboard.press('F1');
    await page.waitForTimeout(100);
    if (await input.isVisible()) return;
  }
  throw new Error('the command palette does not open');
}

/** Runs a command of the palette by its whole title. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await openPalette(page);
  await pick(page, `>${title}`, title);
}

/** Runs a command that asks for something first; its question is there then. */
export async function askingCommand(page: Page, title: string, question: string): Promise<void> {
  await openPalette(page);
  await choose(page, `>${title}`, title);
  await page.locator('.quick-input-widget .quick-input-title', { hasText: question }).waitFor();
}

/** The answers that are offered. */
export function offers(page: Page): Locator {
  return page.locator('.quick-input-list .monaco-list-row');
}

/** Runs a command of the palette that asks for a text, and answers it. */
export async function answerCommand(page: Page, title: string, answer: string): Promise<void> {
  await openPalette(page);
  const input = page.locator('.quick-input-widget input.input');
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
  await page.locator('.quick-input-widget input.input:not([placeholder^="Type the name"])').waitFor();
  await page.keyboard.type(answer, { delay: 15 });
  await page.keyboard.press('Enter');
  await input.waitFor({ state: 'hidden' });
}

async function pick(page: Page, typed: string, label: string): Promise<void> {
  await choose(page, typed, label);
  await page.locator('.quick-input-widget input.input').waitFor({ state: 'hidden' });
}

async function choose(page: Page, typed: string, label: string): Promise<void> {
  const input = page.locator('.quick-input-widget input.input');
  await input.waitFor();
  await input.fill(typed);
  await offers(page).filter({ hasText: label }).first().click();
}

export async function focusEditor(page: Page): Promise<void> {
  await page.locator('.editor-group-container.active .monaco-editor .view-lines').first().click();
}

/** Puts the cursor at a place; without a column, at the beginning of the line. */
export async function goToLine(page: Page, line: number, column = 1): Promise<void> {
  await page.keyboard.press('Control+G');
  const input = page.locator('.quick-input-widget input.input');
  await input.waitFor();
  await input.fill(`:${line}:${column}`);
  await page.keyboard.press('Enter');
  await input.waitFor({ state: 'hidden' });
  // What is typed before the editor has the focus again is lost.
  await page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
}

/** Types at the end of the document, on a line of its own. */
export async function appendLine(page: Page, text: string): Promise<void> {
  await focusEditor(page);
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text, { delay: 15 });
}

/** Types a line anew; what the editor would add by itself is left out. */
export async function replaceLine(page: Page, line: number, text: string): Promise<void> {
  await goToLine(page, line);
  await page.keyboard.press('Home');
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.insertText(text.trimStart());
  await page.keyboard.press('Escape');
}

/** The line of the editor that holds a text; the editor writes spaces as unbreakable ones. */
export function lineWith(page: Page, text: string): Locator {
  const pattern = new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '[ \\u00a0]'));
  return page.locator('.editor-group-container.active .view-line', { hasText: pattern });
}

/**
 * Points at a word in a line, so that its hover opens; the hover's text. As a person would, it points again where none
 * opens: the language server may not have been ready.
 */
export async function hover(page: Page, line: Locator, word: string): Promise<string> {
  const token = line.locator('span[class^="mtk"]', { hasText: new RegExp(`^\\s*${word}\\s*$`) }).first();
  const content = page.locator('.monaco-hover:not(.hidden) .monaco-hover-content');
  const isOpen = async () => {
    await content
      .first()
      .waitFor({ timeout: 5000 })
      .catch(() => undefined);
    return content.first().isVisible();
  };
  let tries = 0;
  do {
    await page.mouse.move(0, 0);
    await token.hover();
  } while (!(await isOpen()) && ++tries < 6);
  return plain((await content.allInnerTexts()).join('\n'));
}

/** The hover at the cursor, without a mouse. */
export async function hoverAtCursor(page: Page): Promise<string> {
  await page.keyboard.press('Control+K');
  await page.keyboard.press('Control+I');
  const content = page.locator('.monaco-editor .monaco-hover:not(.hidden) .monaco-hover-content');
  await content.first().waitFor();
  return plain((await content.allInnerTexts()).join('\n'));
}

/**
 * The texts that extensions put into lines, in the order of the lines on the screen: line number and text. They are
 * content of pseudo-elements, which innerText does not have.
 */
export async function inlineTexts(page: Page): Promise<Map<number, string>> {
  const found = await page.evaluate(() => {
    const editor = document.querySelector('.editor-group-container.active .monaco-editor');
    const numbers = [...(editor?.querySelectorAll('.line-numbers') ?? [])].map((element) => ({
      top: element.getBoundingClientRect().top,
      line: Number(element.textContent),
    }));
    const texts: [number, string][] = [];
    for (const viewLine of editor?.querySelectorAll('.view-line') ?? []) {
      const { top } = viewLine.getBoundingClientRect();
      const line = numbers.find((candidate) => Math.abs(candidate.top - top) < 2)?.line;
      const contents = [...viewLine.querySelectorAll('span')]
        .map((span) => getComputedStyle(span, '::after').content)
        .filter((content) => content !== 'none' && content !== 'normal');
      if (line !== undefined && contents.length > 0)
        texts.push([line, contents.map((c) => JSON.parse(c)).join('')]);
    }
    return texts.sort(([a], [b]) => a - b);
  });
  return new Map(found.map(([line, text]) => [line, plain(text)]));
}

/** Unbreakable spaces as plain ones. */
export function plain(text: string): string {
  return text.replaceAll('\u00a0', ' ');
}

/** Line of the cursor, as the status bar says. */
export async function cursorLine(page: Page): Promise<number> {
  const text = await page.locator('[id="status.editor.selection"]').innerText();
  return Number(/Ln (\d+)/.exec(text)?.[1]);
}
