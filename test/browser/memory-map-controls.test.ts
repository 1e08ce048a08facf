import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contrast } from './contrast';
import { MAP_THEMES, mapPage, openMap, shape } from './memory-map';
import { openWorkbench, type Workbench } from './workbench';

/** The smallest contrasts by WCAG 2.1, level AA: of text (success criterion 1.4.3), and of controls (1.4.11). */
const READABLE = 4.5;
const VISIBLE = 3;

/** What a person has to see of a control: a colour, what it is on, and how much they have to differ. */
interface Seen {
  readonly what: string;
  readonly colour: string;
  readonly on: string;
  readonly least: number;
}

/** Reads the computed colours of every control of the map, with its menu and its tooltip open. */
function controls(page: Page): Promise<readonly Seen[]> {
  return mapPage(page)
    .locator('body')
    .evaluate(
      (body, { readable, visible }) => {
        type Colour = readonly [red: number, green: number, blue: number, alpha: number];
        const parse = (text: string): Colour => {
          const mixed = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)$/.exec(text);
          const plain = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(text);
          const parts = (mixed ?? plain)?.slice(1).map((part) => (part === undefined ? 1 : Number(part)));
          if (parts === undefined) throw new Error(`${text} is no colour`);
          const scale = mixed === null ? 1 : 255;
          return [parts[0]! * scale, parts[1]! * scale, parts[2]! * scale, parts[3]!];
        };
        const over = (top: Colour, under: Colour): Colour => {
          const mix = (at: 0 | 1 | 2) => top[at] * top[3] + under[at] * (1 - top[3]);
          return [mix(0), mix(1), mix(2), 1];
        };
        const written = ([red, green, blue]: Colour) =>
          `rgb(${Math.round(red)}, ${Math.round(green)}, ${Math.round(blue)})`;
        /** The colour of the page where an element is, with what is transparent above it. */
        const behind = (element: Element | null): Colour => {
          if (element === null) return [255, 255, 255, 1];
          const own = parse(getComputedStyle(element).backgroundColor);
          return own[3] === 1 ? own : over(own, behind(element.parentElement));
        };
        const seen: Seen[] = [];
        const add = (what: string, element: Element, colour: string, least: number, around = false) => {
          const under = behind(around ? element.parentElement : element);
          seen.push({ what, colour: written(over(parse(colour), under)), on: written(under), least });
        };
        for (const element of body.querySelectorAll<HTMLElement>('button, input, summary')) {
          if (element.closest('[hidden]') !== null || element.offsetParent === null) continue;
          const name = element.id || element.textContent || element.tagName;
          const hasText = element.textContent !== '' || element.tagName === 'SUMMARY';
          const { color } = getComputedStyle(element);
          const least = hasText ? readable : visible;
          // A control that cannot be used may be pale.
          if (element.getAttribute('aria-disabled') !== 'true') add(name, element, color, least);
          for (const picture of element.querySelectorAll('svg'))
            add(`${name}: icon`, element, getComputedStyle(picture).fill, visible);
          element.focus();
          const { outlineStyle, outlineColor, backgroundColor, ...focused } = getComputedStyle(element);
          add(`${name} with the focus`, element, focused.color, least);
          const isOutlined = outlineStyle !== 'none' && parse(outlineColor)[3] > 0;
          add(`focus of ${name}`, element, isOutlined ? outlineColor : backgroundColor, visible, true);
        }
        for (const element of body.querySelectorAll('#tooltip *')) {
          if (element.children.length === 0)
            add(`tooltip: ${element.textContent}`, element, getComputedStyle(element).color, readable);
        }
        for (const element of body.querySelectorAll<SVGElement>('.shape')) {
          element.focus();
          for (const box of element.querySelectorAll('.box'))
            add(`focus of ${element.ariaLabel}`, body, getComputedStyle(box).stroke, visible);
        }
        return seen;
      },
      { readable: READABLE, visible: VISIBLE },
    );
}

/** Opens the menu and the tooltip of a shape. */
async function openAll(page: Page): Promise<void> {
  const map = mapPage(page);
  const box = shape(page, 'gfn').first();
  await box.hover();
  await map.locator('#tooltip').waitFor();
  await box.focus();
  await page.keyboard.press('Enter');
  await map.locator('#menu').waitFor();
}

function check(found: readonly Seen[]): void {
  const names = found.map(({ what }) => what);
  for (const id of ['statement', 'slider', 'previous-statement', 'focus of slider'])
    expect(names).toContain(id);
  const pale = found.filter(({ colour, on, least }) => contrast(colour, on) < least);
  expect(pale).toEqual([]);
}

describe('every control of the memory map', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await openMap(workbench.page);
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test.each(MAP_THEMES)('can be seen in the %s theme', async (name, themeClass, media) => {
    const { page } = workbench;
    await page.emulateMedia(media);
    const body = mapPage(page).locator('body');
    await mapPage(page).locator(`body.${themeClass}`).waitFor();
    if (media.forcedColors === 'active') {
      // The theme without the few colours of the system: for whoever chooses it in the settings.
      const theme = await body.evaluate((one) => ({
        colours: [...document.documentElement.computedStyleMap()]
          .filter(([name]) => name.startsWith('--vscode-'))
          .map(([name, value]) => `${name}: ${value.toString()} !important;`),
        names: one.className,
      }));
      expect(theme.colours.length).toBeGreaterThan(100);
      await page.emulateMedia({ ...media, forcedColors: 'none' });
      await mapPage(page).locator(`body.vscode-${media.colorScheme}`).waitFor();
      await body.evaluate((one, { colours, names }) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`:root { ${colours.join(' ')} }`);
        document.adoptedStyleSheets = [sheet];
        one.setAttribute('class', names);
      }, theme);
    }
    await openAll(page);
    await workbench.screenshot(`memory-map-controls-${name}`);
    check(await controls(page));
    if (media.forcedColors === 'none') return;
    await body.evaluate(() => {
      document.adoptedStyleSheets = [];
    });
    await page.emulateMedia(media);
    await openAll(page);
    await workbench.screenshot(`memory-map-controls-${name}-forced`);
    check(await controls(page));
  });
});
