import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { contrast } from './contrast';
import { inlineTexts, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

/** The smallest contrast of text that WCAG 2.1 calls readable (success criterion 1.4.3, level AA). */
const readable = 4.5;

describe('colours of the inline texts', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await runCommand(workbench.page, 'gmemscope: Run Scenario');
    const punched = async () => (await inlineTexts(workbench.page)).get(16)?.includes('zapped');
    await vi.waitUntil(punched, { timeout: 20_000, interval: 100 });
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test.each([
    ['dark', '.vs-dark', { colorScheme: 'dark', forcedColors: 'none' }],
    ['light', '.vs', { colorScheme: 'light', forcedColors: 'none' }],
    ['high-contrast', '.hc-black', { colorScheme: 'dark', forcedColors: 'active' }],
    ['high-contrast-light', '.hc-light', { colorScheme: 'light', forcedColors: 'active' }],
  ] as const)('are readable in the %s theme', async (name, themeClass, media) => {
    const { page } = workbench;
    await page.emulateMedia(media);
    await page.locator(`.monaco-workbench${themeClass}`).waitFor();
    const colours = () =>
      page.evaluate(() => {
        const editor = document.querySelector('.editor-group-container.active .monaco-editor-background');
        const texts = [...document.querySelectorAll('.view-line span')]
          .map((span) => getComputedStyle(span, '::after'))
          .filter(({ content }) => content !== 'none' && content !== 'normal')
          .map(({ color }) => color);
        return { background: editor === null ? '' : getComputedStyle(editor).backgroundColor, texts };
      });
    await expect.poll(async () => (await colours()).texts.length).toBeGreaterThan(5);
    await workbench.screenshot(`theme-${name}`);
    const { background, texts } = await colours();
    for (const text of new Set(texts))
      expect(contrast(text, background), `${text} on ${background}`).toBeGreaterThan(readable);
  });
});
