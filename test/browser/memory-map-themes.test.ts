import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contrast } from './contrast';
import { focusEditor } from './editor';
import { MAP_THEMES, mapPage, openMap } from './memory-map';
import { openWorkbench, type Workbench } from './workbench';

/** The smallest contrast of text that WCAG 2.1 calls readable (success criterion 1.4.3, level AA). */
const readable = 4.5;

/** The same of what is drawn (success criterion 1.4.11). */
const visible = 3;

describe('the memory map', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await openMap(workbench.page);
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test.each(MAP_THEMES)('is readable in the %s theme', async (name, themeClass, media) => {
    const { page } = workbench;
    await page.emulateMedia(media);
    const map = mapPage(page);
    await map.locator(`body.${themeClass}`).waitFor();
    await workbench.screenshot(`memory-map-${name}`);
    const colours = await map.locator('body').evaluate((body) => {
      const rgb = (colour: string) => {
        const mixed = colour.match(/^color\(srgb ([\d.]+) ([\d.]+) ([\d.]+)\)$/)?.slice(1);
        return mixed === undefined
          ? colour
          : `rgb(${mixed.map((part) => Math.round(Number(part) * 255)).join(', ')})`;
      };
      const styles = (selector: string) =>
        [...document.querySelectorAll(selector)].map((element) => getComputedStyle(element));
      return {
        paper: rgb(getComputedStyle(body).backgroundColor),
        texts: [
          ...styles('#figure text').map(({ fill }) => rgb(fill)),
          ...styles('#where, #outcome, #statement, #facts').map(({ color }) => rgb(color)),
        ],
        fills: styles('#figure .box')
          .map(({ fill }) => rgb(fill))
          .filter((fill) => fill.startsWith('rgb(')),
        cells: styles('#figure .t-cell').map(({ fill }) => rgb(fill)),
        lines: styles('#figure .box').map(({ stroke }) => rgb(stroke)),
      };
    });
    expect(colours.texts.length).toBeGreaterThan(20);
    for (const text of new Set(colours.texts))
      expect(contrast(text, colours.paper), `${text} on ${colours.paper}`).toBeGreaterThan(readable);
    for (const fill of new Set(colours.fills))
      for (const text of new Set(colours.cells))
        expect(contrast(text, fill), `${text} in ${fill}`).toBeGreaterThan(readable);
    for (const line of new Set(colours.lines))
      expect(contrast(line, colours.paper), `line ${line}`).toBeGreaterThan(visible);
  });

  test('has room in a narrow column, and uses a wide one', async () => {
    const { page } = workbench;
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
    const width = async () => (await mapPage(page).locator('#figure svg').boundingBox())?.width ?? 0;
    const drawn = async () => Number(await mapPage(page).locator('#figure svg').getAttribute('width'));
    await page.setViewportSize({ width: 840, height: 900 });
    await expect.poll(drawn).toBeLessThan(500);
    expect(await width()).toBeLessThan(420);
    // Nothing is cut.
    expect(await mapPage(page).locator('#figure .t-cell', { hasText: '..' }).allTextContents()).toEqual([]);
    await workbench.screenshot('memory-map-narrow');
    await page.setViewportSize({ width: 2000, height: 900 });
    await expect.poll(drawn).toBeGreaterThan(800);
    await workbench.screenshot('memory-map-wide');
    await focusEditor(page);
  });
});
