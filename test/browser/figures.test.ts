import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { html, scheduleSvg, svg } from '../../src/figures';
import { figureOfExample } from '../figures/figures';
import { SCHEDULES, scheduleOfExample } from '../figures/schedules';
import { contrast } from './contrast';
import { launchBrowser, screenshots } from './workbench';

/** The smallest contrast of text that WCAG 2.1 calls readable (success criterion 1.4.3, level AA). */
const readable = 4.5;

const FIGURES = [
  ['hole-across-two-slots.gmem', 16],
  ['range-math/shifted.gmem', 19],
  ['sev-snp/psmash.gmem', 15],
  ['sev-snp/psmash.gmem', 20],
  ['sev-snp/unbind-and-rebind.gmem', 18],
  ['tdx/two-roots.gmem', 17],
  ['huge-page-goes-whole.gmem', 21],
  ['knobs/unbind-zap.gmem', 13],
] as const;

/** Texts that stand out of their box by more than half a pixel, as this browser draws them. */
function outside(): readonly string[] {
  return [...document.querySelectorAll('svg g')].flatMap((group) => {
    const [box, text] = [group.querySelector('rect')!, group.querySelector('text')!].map((one) =>
      one.getBoundingClientRect(),
    );
    const fits = text!.left >= box!.left - 0.5 && text!.right <= box!.right + 0.5;
    return fits ? [] : [group.querySelector('text')!.textContent!];
  });
}

/** Texts that stand out of the drawing, or overlap another text. */
function misplaced(): readonly string[] {
  const { width, height } = document.querySelector('svg')!.getBoundingClientRect();
  const texts = [...document.querySelectorAll('svg text')].map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    return { text: text.textContent!, left, right, top: top + 2, bottom: bottom - 2 };
  });
  const isOver = (a: (typeof texts)[number], b: (typeof texts)[number]) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return texts.flatMap((one, at) => {
    const others = texts.slice(0, at).filter((other) => isOver(one, other));
    const fits = one.left >= 0 && one.top >= 0 && one.right <= width && one.bottom <= height;
    return fits && others.length === 0 ? [] : [[one, ...others].map(({ text }) => text).join(' over ')];
  });
}

/** For each text the colours of the text and of what is behind it, `rgb(…)`; a pattern counts as its back. */
function textColours(): readonly (readonly [text: string, colour: string, back: string])[] {
  const fill = (selector: string) => {
    const element = document.querySelector(selector);
    return element === null ? '' : getComputedStyle(element).fill;
  };
  const paper = fill('.paper');
  return [...document.querySelectorAll('svg text')].map((text) => {
    const group = text.parentElement!.localName === 'g' ? text.parentElement : null;
    const behind = group?.querySelector('.plate, .wrong') ?? group?.querySelector('.box');
    const back = behind === null || behind === undefined ? paper : getComputedStyle(behind).fill;
    return [text.textContent!, getComputedStyle(text).fill, back];
  });
}

describe('figures', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 700, height: 700 } });
    await mkdir(screenshots, { recursive: true });
  });

  afterAll(() => browser?.close());

  test.each(FIGURES)('of %s, line %i have every text inside its box', async (example, line) => {
    for (const width of [480, 700]) {
      await page.setContent(svg(figureOfExample(example, line), { width }));
      expect(await page.evaluate(outside)).toEqual([]);
    }
  });

  test.each([
    ['light', { colorScheme: 'light', media: 'screen' }, 'rgb(255, 255, 255)'],
    ['dark', { colorScheme: 'dark', media: 'screen' }, 'rgb(22, 25, 29)'],
    ['printed', { colorScheme: 'dark', media: 'print' }, 'rgb(255, 255, 255)'],
  ] as const)('are readable %s', async (name, media, paper) => {
    await page.emulateMedia(media);
    for (const [example, line] of FIGURES) {
      await page.setContent(svg(figureOfExample(example, line)));
      const picture = `figure-${path.basename(example, '.gmem')}-${line}-${name}`;
      await page.screenshot({ path: path.join(screenshots, `${picture}.png`), fullPage: true });
      const colours = await page.evaluate(textColours);
      expect(colours.some(([, , back]) => back === paper)).toBe(true);
      for (const [text, colour, back] of colours)
        expect(contrast(colour, back), `${text}: ${colour} on ${back}`).toBeGreaterThan(readable);
    }
  });

  test.each(SCHEDULES)('of the schedule %s have no text over another', async (_, example, options) => {
    for (const width of [480, 700]) {
      await page.setContent(scheduleSvg(scheduleOfExample(example, options), { width }));
      expect(await page.evaluate(misplaced)).toEqual([]);
    }
  });

  test.each([
    ['light', { colorScheme: 'light', forcedColors: 'none' }],
    ['dark', { colorScheme: 'dark', forcedColors: 'none' }],
    ['in forced colours', { colorScheme: 'light', forcedColors: 'active' }],
  ] as const)('of schedules are readable %s', async (mode, media) => {
    await page.emulateMedia({ media: 'screen', ...media });
    for (const [name, example, options] of SCHEDULES) {
      await page.setContent(scheduleSvg(scheduleOfExample(example, options)));
      const picture = `schedule-${name}-${mode.replaceAll(' ', '-')}`;
      await page.screenshot({ path: path.join(screenshots, `${picture}.png`), fullPage: true });
      for (const [text, colour, back] of await page.evaluate(textColours))
        expect(contrast(colour, back), `${text}: ${colour} on ${back}`).toBeGreaterThan(readable);
    }
    await page.emulateMedia({ media: null, colorScheme: null, forcedColors: null });
  });

  test('are one picture with a name and a description to a screen reader', async () => {
    const figure = figureOfExample('hole-across-two-slots.gmem', 16);
    await page.setContent(svg(figure));
    const devtools = await page.context().newCDPSession(page);
    const { nodes } = await devtools.send('Accessibility.getFullAXTree');
    const [picture] = nodes.filter(({ role }) => role?.value === 'image' || role?.value === 'img');
    expect(picture?.name?.value).toBe('punch A offset 0x1ff000 size 12K');
    expect(picture?.description?.value).toContain('gfn 0x90000..0x90002: zapped');
  });

  test('are pages that load nothing and break no policy', async () => {
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('request', (request) => complaints.push(request.url()));
    await page.setContent(html(figureOfExample('sev-snp/psmash.gmem', 20)));
    await page.locator('table').first().waitFor();
    await page.screenshot({ path: path.join(screenshots, 'figure-page.png'), fullPage: true });
    expect(complaints).toEqual([]);
  });
});
