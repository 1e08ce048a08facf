import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { html, svg } from '../../src/figures';
import { figureOfExample } from '../figures/figures';
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

/** For each text the colours of the text and of what is behind it, `rgb(…)`; a pattern counts as its back. */
function textColours(): readonly (readonly [text: string, colour: string, back: string])[] {
  const fill = (selector: string) => {
    const element = document.querySelector(selector);
    return element === null ? '' : getComputedStyle(element).fill;
  };
  const paper = fill('.paper');
  return [...document.querySelectorAll('svg text')].map((text) => {
    const group = text.parentElement!.localName === 'g' ? text.parentElement : null;
    const behind = group?.querySelector('.plate') ?? group?.querySelector('.box');
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
