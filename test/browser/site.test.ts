import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { globSync } from 'tinyglobby';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../workbench/paths';
import { contrast } from './contrast';
import { serveSite } from './site';
import { launchBrowser, screenshots } from './workbench';

/** The smallest contrast of text that WCAG 2.1 calls readable (success criterion 1.4.3, level AA). */
const readable = 4.5;

const base = '/gmemscope/';

/** For each piece of text its colour and what is behind it; pieces that are not shown are left out. */
function textColours(): readonly (readonly [text: string, colour: string, back: string])[] {
  const backOf = (element: Element | null): string => {
    for (let one = element; one !== null; one = one.parentElement) {
      const { backgroundColor } = getComputedStyle(one);
      if (!/^rgba\(.*, 0\)$|^transparent$/.test(backgroundColor)) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  const opaque = (colour: string) => /^rgb\(/.test(colour);
  return [...document.querySelectorAll('.vp-doc *, .VPSidebar *, .VPNavBar *')].flatMap((element) => {
    const text = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
    const words = text.map(({ textContent }) => textContent?.trim() ?? '').join('');
    const { color, visibility, opacity } = getComputedStyle(element);
    const shown = element.getClientRects().length > 0 && visibility !== 'hidden' && opacity !== '0';
    if (words === '' || !shown || element.closest('svg, .header-anchor') !== null) return [];
    const back = backOf(element);
    return opaque(color) && opaque(back) ? [[words, color, back] as const] : [];
  });
}

describe('the site', () => {
  let scratch: string;
  let dist: string;
  let server: Server;
  let browser: Browser;
  let page: Page;
  let url: string;
  const requests: string[] = [];
  const complaints: string[] = [];
  let pages: readonly string[];

  beforeAll(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), 'gmemscope-site-'));
    dist = path.join(scratch, 'dist');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['scripts/docs.mjs', '--base', base, '--out', dist],
      { cwd: projectRoot, encoding: 'utf8' },
    );
    expect(status, `${stdout}\n${stderr}`).toBe(0);
    pages = globSync('**/*.html', { cwd: dist }).sort();
    ({ url, server } = await serveSite(dist, base));
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1400, height: 900 }, reducedMotion: 'reduce' });
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await mkdir(screenshots, { recursive: true });
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
    await rm(scratch, { recursive: true, force: true });
  });

  const open = async (name: string, colorScheme: 'light' | 'dark' = 'light') => {
    await page.emulateMedia({ colorScheme });
    await page.goto(url + name);
    await page.locator('.vp-doc h1').waitFor();
  };

  test('has a page for each document of docs/ and for each example', () => {
    const documents = globSync('docs/**/*.md', { cwd: projectRoot }).map((name) =>
      name
        .replace(/^docs\//, '')
        .replace(/README\.md$/, 'index.md')
        .replace(/md$/, 'html'),
    );
    const examples = globSync('examples/**/*.gmem', { cwd: projectRoot }).map((name) =>
      name.replace(/gmem$/, 'html'),
    );
    expect(pages).toEqual(expect.arrayContaining([...documents, ...examples]));
  });

  test('has no link to what is not there', () => {
    const texts = new Map(pages.map((name) => [name, readFileSync(path.join(dist, name), 'utf8')]));
    const broken: string[] = [];
    for (const [name, text] of texts) {
      for (const [, href = ''] of text.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
        if (/^(?:https?:|data:|mailto:)/.test(href)) continue;
        const { pathname, hash } = new URL(href, `http://site${base}${name}`);
        const file = pathname.slice(base.length).replace(/\/$|^$/, (end) => `${end}index.html`);
        const target = [file, `${file}.html`].find((one) => existsSync(path.join(dist, one)));
        const anchor = decodeURIComponent(hash.slice(1));
        const known = anchor === '' || texts.get(target ?? '')?.includes(`id="${anchor}"`) === true;
        if (!pathname.startsWith(base) || target === undefined || !known) broken.push(`${name}: ${href}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test('lists every document beside its pages', async () => {
    await open('');
    const listed = await page
      .locator('.VPSidebar a')
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).pathname));
    const missing = pages
      .map((name) => base + name.replace(/(^|\/)index\.html$/, '$1').replace(/\.html$/, ''))
      .filter((address) => address !== `${base}404` && address !== base)
      .filter((address) => !listed.some((one) => one.replace(/\.html$/, '') === address));
    expect(missing).toEqual([]);
  });

  test('finds `punch`', async () => {
    await open('');
    const input = page.locator('#localsearch-input');
    // A page that is not alive yet does not hear the keys.
    await expect
      .poll(async () => {
        await page.keyboard.press('Control+k');
        return input.isVisible();
      })
      .toBe(true);
    await input.fill('punch');
    const found = page.locator('.VPLocalSearchBox .result', { hasText: 'punch' }).first();
    await found.waitFor();
    await page.screenshot({ path: path.join(screenshots, 'site-search.png') });
    await page.keyboard.press('Enter');
    await page.waitForURL(/language\.html#punch$/);
  });

  test('can be read with the keyboard alone', async () => {
    await open('');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    const focus = page.locator('.vp-doc .figure:focus');
    for (let tabs = 0; tabs < 40 && (await focus.count()) === 0; tabs++) await page.keyboard.press('Tab');
    expect(await focus.getAttribute('aria-label')).toContain('The hole in the file A');
  });

  test.each(['light', 'dark'] as const)('is readable %s, also on a phone', async (scheme) => {
    for (const name of ['', 'language.html', 'tutorial.html', 'examples/hole-across-two-slots.html']) {
      await page.setViewportSize({ width: 1400, height: 900 });
      await open(name, scheme);
      const picture = `site-${path.basename(name, '.html') || 'start'}-${scheme}`;
      await page.screenshot({ path: path.join(screenshots, `${picture}.png`) });
      const texts = await page.evaluate(textColours);
      expect(texts.length).toBeGreaterThan(20);
      const faint = texts.filter(([, colour, back]) => contrast(colour, back) < readable);
      expect(faint).toEqual([]);
      await page.setViewportSize({ width: 400, height: 800 });
      await page.screenshot({ path: path.join(screenshots, `${picture}-400.png`) });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(400);
    }
    await page.setViewportSize({ width: 1400, height: 900 });
  });

  test("draws figures for the site's own light and dark, whatever the system has", async () => {
    await open('tutorial.html', 'light');
    const paper = () =>
      page
        .locator('.figure .paper')
        .first()
        .evaluate((element) => getComputedStyle(element).fill);
    expect(await paper()).toBe('rgb(255, 255, 255)');
    await page.locator('.VPNavBarAppearance .VPSwitchAppearance').click();
    expect(await paper()).toBe('rgb(22, 25, 29)');
    await page.locator('.figure').nth(3).scrollIntoViewIfNeeded();
    await page.screenshot({ path: path.join(screenshots, 'site-figure-dark.png') });
    await page.locator('.VPNavBarAppearance .VPSwitchAppearance').click();
  });

  test('colours fences by the grammar of the extension', async () => {
    await open('tutorial.html');
    const keyword = page.locator('.language-gmem span', { hasText: /^punch$/ }).first();
    const comment = page.locator('.language-gmem span', { hasText: /^#: / }).first();
    const colour = (element: Element) => getComputedStyle(element).color;
    expect(await keyword.evaluate(colour)).not.toBe(await comment.evaluate(colour));
  });

  // The last test: what the others asked for.
  test('asks nobody else for anything, and has no errors', () => {
    expect(requests.length).toBeGreaterThan(10);
    expect(
      requests.filter((address) => !address.startsWith('data:') && new URL(address).hostname !== '127.0.0.1'),
    ).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
