import type { Locator, Page } from 'playwright-core';
import { runCommand } from './editor';

/** What a person does and sees in the Test Explorer. */

/** Opens the Test Explorer, which looks for the scenarios of the workspace then. */
export async function openTestExplorer(page: Page): Promise<void> {
  await runCommand(page, 'Testing: Focus on Test Explorer View');
  await page.locator('.test-explorer .monaco-list-row').first().waitFor();
}

/** What a screen reader says of the rows that are in sight: `a hole (Failed), in 3.0ms`. */
export function testRows(page: Page): Promise<string[]> {
  return page
    .locator('.test-explorer .monaco-list-row')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
}

/** The row of a test. */
export function testRow(page: Page, name: string): Locator {
  return page.locator('.test-explorer .monaco-list-row', { hasText: name }).first();
}

/** The messages that stand behind lines of the active editor. */
export function testMessages(page: Page): Promise<string[]> {
  return page.locator('.editor-group-container.active .test-error-content-widget').allInnerTexts();
}
