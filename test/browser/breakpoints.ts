import type { Page } from 'playwright-core';
import { answerCommand, focusEditor, goToLine, runCommand } from './editor';

/** Breakpoints that have more to them than a line, set with the keyboard. */

/** Sets one on a line with what is typed into the widget of the command. */
async function addInWidget(page: Page, line: number, command: string, text: string): Promise<void> {
  await focusEditor(page);
  await goToLine(page, line);
  await runCommand(page, command);
  const widget = page.locator('.zone-widget .breakpoint-widget');
  await widget.waitFor();
  await widget.locator('.monaco-editor.focused').waitFor();
  await page.keyboard.type(text, { delay: 10 });
  await page.keyboard.press('Enter');
  await widget.waitFor({ state: 'hidden' });
}

export async function addConditionalBreakpoint(page: Page, line: number, condition: string): Promise<void> {
  await addInWidget(page, line, 'Debug: Add Conditional Breakpoint...', condition);
  await page.locator('.codicon-debug-breakpoint-conditional').first().waitFor();
}

export async function addLogpoint(page: Page, line: number, message: string): Promise<void> {
  await addInWidget(page, line, 'Debug: Add Logpoint...', message);
  await page.locator('.codicon-debug-breakpoint-log').first().waitFor();
}

export async function addFunctionBreakpoint(page: Page, name: string): Promise<void> {
  await runCommand(page, 'Add Function Breakpoint');
  const input = page.locator('.debug-breakpoints .inputBoxContainer input');
  await input.waitFor();
  await page.keyboard.type(name, { delay: 10 });
  await page.keyboard.press('Enter');
  await breakpoint(page, name).waitFor();
}

/** @param range As VS Code asks for it: `0x90000000 + 0x2000`. */
export async function addDataBreakpoint(page: Page, range: string): Promise<void> {
  await answerCommand(page, 'Add Data Breakpoint at Address', range);
  await page.locator('.debug-breakpoints .codicon-debug-breakpoint-data').first().waitFor();
}

/** The row of the breakpoints view with a text. */
export function breakpoint(page: Page, text: string) {
  return page.locator('.debug-breakpoints .monaco-list-row', { hasText: text }).first();
}

export async function removeAllBreakpoints(page: Page): Promise<void> {
  await runCommand(page, 'Remove All Breakpoints');
}
