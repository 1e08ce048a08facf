import type { FrameLocator, Locator, Page } from 'playwright-core';
import { goToLine, openFile, plain, runCommand } from './editor';

/** What a person does and sees in the memory map. */

/** The page of the map; VS Code puts a webview into two frames. */
export function mapPage(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
}

/** The map while it shows a picture. */
export async function mapShown(page: Page): Promise<FrameLocator> {
  const map = mapPage(page);
  await map.locator('#figure svg').waitFor();
  return map;
}

/** Themes of VS Code: a name for pictures, the class of the page, and the media features that choose the theme. */
export const MAP_THEMES = [
  ['dark', 'vscode-dark', { colorScheme: 'dark', forcedColors: 'none' }],
  ['light', 'vscode-light', { colorScheme: 'light', forcedColors: 'none' }],
  ['high-contrast', 'vscode-high-contrast', { colorScheme: 'dark', forcedColors: 'active' }],
  ['high-contrast-light', 'vscode-high-contrast-light', { colorScheme: 'light', forcedColors: 'active' }],
] as const;

/** Shows the map of a statement that changes the RMP, with room for it. */
export async function openMap(page: Page): Promise<void> {
  await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
  await openFile(page, 'psmash.gmem');
  await goToLine(page, 15);
  await runCommand(page, 'gmemscope: Show Memory Map');
  await mapShown(page);
}

/** The shape whose name begins with a text. */
export function shape(page: Page, name: string): Locator {
  return mapPage(page).locator(`.shape[aria-label^="${name}"]`);
}

/** Names of the shapes that the step changed. */
export async function changedShapes(page: Page): Promise<string[]> {
  const names = await mapPage(page)
    .locator('.shape:has(.changed)')
    .evaluateAll((shapes) => shapes.map((one) => one.getAttribute('aria-label') ?? ''));
  return names.map(plain);
}

/** Where the map stands: `after statement 10 of 12`. */
export function whereText(page: Page): Promise<string> {
  return mapPage(page).locator('#where').innerText();
}

/** Name of the shape that has the keyboard. */
export function focusedShape(page: Page): Promise<string | null> {
  return mapPage(page)
    .locator('.shape:focus')
    .getAttribute('aria-label', { timeout: 1000 })
    .catch(() => null);
}

/** The numbers beside the shape that is pointed at, or that has the keyboard. */
export async function numbers(page: Page): Promise<Map<string, string>> {
  const tooltip = mapPage(page).locator('#tooltip');
  await tooltip.waitFor();
  const [terms, values] = [tooltip.locator('dt'), tooltip.locator('dd')];
  const [names, texts] = [await terms.allInnerTexts(), await values.allInnerTexts()];
  return new Map(names.map((name, at) => [name, texts[at] ?? '']));
}

/** Chooses from the menu of the shape that has the keyboard. */
export async function chooseAction(page: Page, label: string): Promise<void> {
  await page.keyboard.press('Enter');
  const menu = mapPage(page).locator('#menu');
  await menu.waitFor();
  const labels = await menu.locator('button').allInnerTexts();
  const at = labels.indexOf(label);
  if (at < 0) throw new Error(`the menu has no ${label}: ${labels.join(', ')}`);
  for (let steps = 0; steps < at; steps++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
}
