import type { Page } from 'playwright-core';
import { plain, runCommand } from './editor';

/** What a person types in the debug console, and what it says. */

/** Puts the cursor into the console's input. */
export async function focusConsole(page: Page): Promise<void> {
  await runCommand(page, 'Debug Console: Focus on Debug Console View');
  await page.locator('.repl-input-wrapper .monaco-editor.focused').waitFor();
}

/** Types where the cursor is, and sends it; a list of completions that opened is closed first. */
export async function typeLine(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text, { delay: 15 });
  const list = page.locator('.suggest-widget.visible');
  await list.waitFor({ timeout: 2000 }).catch(() => {});
  if (await list.isVisible()) await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
}

/** The lines of the console that are in sight. */
export async function consoleLines(page: Page): Promise<string[]> {
  const rows = await page.locator('.repl .monaco-list-row').allInnerTexts();
  return rows.map((row) => plain(row));
}

/** Types where the cursor is, and asks for completions: VS Code opens no list by itself for somebody who types this fast. */
export async function typeAndComplete(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text, { delay: 15 });
  const list = page.locator('.suggest-widget.visible');
  await list.waitFor({ timeout: 2000 }).catch(() => {});
  if (!(await list.isVisible())) await page.keyboard.press('Control+Space');
  await list.waitFor();
}

/** Labels of the completions that are offered. */
export async function completions(page: Page): Promise<string[]> {
  await page.locator('.suggest-widget.visible .monaco-list-row').first().waitFor();
  return page.locator('.suggest-widget.visible .monaco-list-row .label-name').allInnerTexts();
}
