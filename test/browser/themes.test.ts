import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { html, scheduleSvg, svg } from '../../src/figures';
import { projectRoot } from '../../workbench/paths';
import { figureOfExample } from '../figures/figures';
import { SCHEDULES, scheduleOfExample } from '../figures/schedules';
import { tooPale } from './contrast';
import { closeView, startDebugging, step } from './debugging';
import { askingCommand, focusEditor, goToLine, inlineTexts, lineWith, openFile, runCommand } from './editor';
import { mapPage, openMap } from './memory-map';
import { type PaintedOptions, painted } from './painted';
import { openWorkbench, type Workbench } from './workbench';

/** An outcome of each tone: as usual, with a zap, failed, and what no kernel should do. */
const TONES = `kernel rfc-2023-05
vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
slot 1 gpa 0x90000000 size 2M gmem A offset 2M
slot 2 gpa 0x90200000 size 2M
convert gpa 0x80000000 size 2M private
convert gpa 0x90000000 size 2M private
prefault vcpu 0 gpa 0x80000000 size 2M
prefault vcpu 0 gpa 0x90000000 size 4M
slot 1 gpa 0x80000000 size 2M
punch A offset 0x1ff000 size 12K
punch A offset 0 size 4K
`;

const RACE = `kernel linux-7.3 with retry-check off
vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private

race {
  task vcpu0 {
    fault vcpu 0 write gpa 0x80000000
  }
  task vmm {
    punch A offset 0 size 4K
  }
} => never STALE
`;

const NOTES = `# Notes

\`\`\`gmem
vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
# Shared again.
prefault vcpu 0 gpa 0x80000000 size 16K
punch A offset 4K size 8K => zapped slot 0 gfn 0x80001..0x80003, flush
\`\`\`

\`\`\`gmem
scenario "wrong" {
  close B
}
\`\`\`
`;

const THEMES = [
  ['dark', '.vs-dark', { colorScheme: 'dark', forcedColors: 'none' }],
  ['light', '.vs', { colorScheme: 'light', forcedColors: 'none' }],
  ['high-contrast', '.hc-black', { colorScheme: 'dark', forcedColors: 'active' }],
  ['high-contrast-light', '.hc-light', { colorScheme: 'light', forcedColors: 'active' }],
] as const;

const DARK = THEMES[0][2];

interface View {
  readonly name: string;
  readonly open: (page: Page) => Promise<unknown>;
  /** The document of the view. */
  readonly root: (page: Page) => Locator;
  /** What is ours in it. */
  readonly selector: string;
  /** What has to be among what is found. */
  readonly found: readonly (string | RegExp)[];
}

const workbenchRoot = (page: Page) => page.locator('.monaco-workbench');
const webview = (page: Page) => mapPage(page).locator('html');
const lesson = (page: Page) =>
  page.frameLocator('.getting-started-media iframe').last().frameLocator('iframe').last().locator('html');

const EDITOR =
  '.editor-group-container.active .view-lines, .editor-group-container.active .codelens-decoration';

const COMPARED = 'deleted-slot-takes-every-mapping.gmem';

/** Compares the first two kernels that are offered. */
async function compare(page: Page): Promise<void> {
  await openFile(page, COMPARED);
  await askingCommand(page, 'gmemscope: Compare Kernels', '1/2');
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-title', { hasText: '2/2' }).waitFor();
  await page.keyboard.press('Enter');
  const sides = page.locator('.editor-group-container.active .monaco-diff-editor .view-lines');
  await expect.poll(() => sides.count()).toBe(2);
  await expect.poll(() => sides.nth(1).innerText()).toContain('livelock');
}

async function openStep(page: Page, title: string): Promise<void> {
  await page.locator('.getting-started-step', { hasText: title }).click();
  await page.locator('.getting-started-step.expanded', { hasText: title }).waitFor();
}

const VIEWS: readonly View[] = [
  {
    name: 'outcomes in the editor',
    open: async (page) => {
      await openFile(page, 'zz-tones.gmem');
      await runCommand(page, 'gmemscope: Run Scenario');
      await expect.poll(async () => (await inlineTexts(page)).get(12) ?? '').toContain('BEYOND');
      // The console would hide a part of what follows.
      await runCommand(page, 'View: Toggle Panel Visibility');
    },
    root: workbenchRoot,
    selector: EDITOR,
    found: [/^Debug$/, /after.*mapped/, /after.*EINVAL/, /after.*BEYOND/, /after.*zapped/],
  },
  {
    name: 'compared kernels in the editor',
    open: async (page) => {
      await compare(page);
      await page.locator('.tab', { hasText: COMPARED }).first().click();
      await focusEditor(page);
    },
    root: workbenchRoot,
    selector: EDITOR,
    found: [/after.*≠/, /after.*≈/],
  },
  {
    name: 'outcomes of a race',
    open: async (page) => {
      await openFile(page, 'race.gmem');
      await closeView(page, 'examples');
      await runCommand(page, 'gmemscope: Show Outcomes of Races');
      const rows = page.locator('.pane', { hasText: 'Outcomes' }).locator('.monaco-list-row');
      await rows.filter({ hasText: /never STALE.*in some order/ }).waitFor();
      await rows.first().and(page.locator('.focused')).waitFor();
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowRight');
      await rows.filter({ hasText: 'vcpu0 VR1' }).first().waitFor();
    },
    root: workbenchRoot,
    selector: `${EDITOR}, .pane .monaco-list-row`,
    found: [/final state/, /VR1/, /STALE gfn 0x80000 in some order/],
  },
  {
    name: 'preview of a document',
    open: async (page) => {
      await openFile(page, 'notes.md');
      await runCommand(page, 'Markdown: Open Preview');
      await mapPage(page).locator('.gmem-drawing svg').waitFor();
    },
    root: webview,
    selector: 'body',
    found: [/zapped slot 0/, /G1\d\d/, /^rect box/],
  },
  ...(
    [
      ['Bind a slot to the file', 'svg', /slot 0/],
      ['Punch a hole', 'svg', /0x80000/],
      // The colours of code are VS Code's.
      ['Step it', 'p, td', /^Step Over/],
    ] as const
  ).map(
    ([title, selector, text]): View => ({
      name: `walkthrough ${title}`,
      open: async (page) => {
        await runCommand(page, 'gmemscope: Get Started: Punch Your First Hole');
        await openStep(page, title);
        await lesson(page).locator(selector).first().waitFor();
      },
      root: lesson,
      selector,
      found: [text],
    }),
  ),
  {
    name: 'memory map',
    open: openMap,
    root: webview,
    selector: 'body',
    found: [/^rect box/],
  },
  {
    name: 'session with an edited text',
    open: async (page) => {
      await openFile(page, 'zz-tones.gmem');
      await startDebugging(page);
      await step(page, 'step-over');
      await goToLine(page, 1);
      await page.keyboard.type('# ');
      await lineWith(page, '# kernel').waitFor();
      await expect.poll(async () => [...(await inlineTexts(page)).values()].join()).toContain('text edited');
    },
    root: workbenchRoot,
    // The colours of the status bar are VS Code's, but for those of a warning.
    selector: `${EDITOR}, [id="gmemscope.gmemscope.gmemscope.edited"]`,
    found: [/after.*text.edited/, /^ ?text edited: restart/],
  },
];

/** What is drawn for other programs follows the colours that the reader prefers. */
const DRAWINGS: readonly (readonly [name: string, text: () => string])[] = [
  ...SCHEDULES.map(([name, example, options]) => {
    const draw = () => scheduleSvg(scheduleOfExample(example, options));
    return [`schedule ${name}`, draw] as const;
  }),
  ...(
    [
      ['hole-across-two-slots.gmem', 16],
      ['range-math/shifted.gmem', 19],
      ['sev-snp/psmash.gmem', 20],
      ['sev-snp/unbind-and-rebind.gmem', 18],
    ] as const
  ).map(([example, line]) => [`figure of ${example}`, () => svg(figureOfExample(example, line))] as const),
  ['figure as a page', () => html(figureOfExample('sev-snp/psmash.gmem', 20))],
];

describe('everything that is drawn', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    for (const [name, text] of [
      ['zz-tones.gmem', TONES],
      ['race.gmem', RACE],
      ['notes.md', NOTES],
    ] as const)
      await writeFile(path.join(workbench.folder, name), text);
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test.each(VIEWS)('$name', async ({ name, open, root, selector, found }) => {
    const { page } = workbench;
    await page.emulateMedia(DARK);
    await runCommand(page, 'View: Close All Editors');
    await open(page);
    const pale: string[] = [];
    for (const [theme, themeClass, media] of THEMES) {
      await page.emulateMedia(media);
      await page.locator(`.monaco-workbench${themeClass}`).waitFor();
      // The page and its webviews follow one after the other.
      await page.waitForTimeout(200);
      await workbench.screenshot(`themes-${name.replaceAll(' ', '-')}-${theme}`);
      for (const unforced of media.forcedColors === 'active' ? [false, true] : [false]) {
        const all = await root(page).evaluate(painted, { selector, unforced } satisfies PaintedOptions);
        for (const text of found)
          expect(all.map(({ what }) => what)).toContainEqual(expect.stringMatching(text));
        pale.push(...tooPale(all).map((one) => `${theme}${unforced ? '' : ', forced'}: ${one}`));
      }
    }
    expect(pale).toEqual([]);
  });

  test.each(DRAWINGS)('%s', async (_, draw) => {
    const page = await workbench.page.context().newPage();
    await page.setContent(draw());
    const pale: string[] = [];
    for (const [theme, , media] of THEMES) {
      await page.emulateMedia(media);
      const all = await page.locator('html').evaluate(painted, { selector: 'body', unforced: false });
      expect(all.length).toBeGreaterThan(20);
      pale.push(...tooPale(all).map((one) => `${theme}: ${one}`));
    }
    await page.close();
    expect(pale).toEqual([]);
  });

  test.each([
    ['dark', 'file-dark.svg'],
    ['light', 'file-light.svg'],
  ])('the icon of files in %s themes', async (kind, icon) => {
    const { page } = workbench;
    const drawing = await readFile(path.join(projectRoot, 'media', icon), 'utf8');
    const paper = await page.context().newPage();
    const pale: string[] = [];
    for (const [theme, themeClass, media] of THEMES) {
      if (media.colorScheme !== kind) continue;
      await page.emulateMedia(media);
      await page.locator(`.monaco-workbench${themeClass}`).waitFor();
      for (const colour of ['sideBar-background', 'tab-activeBackground']) {
        const ground = await workbenchRoot(page).evaluate(
          (element, name) => getComputedStyle(element).getPropertyValue(`--vscode-${name}`),
          colour,
        );
        await paper.setContent(`<body style="background: ${ground}">${drawing}</body>`);
        const all = await paper.locator('html').evaluate(painted, { selector: 'body', unforced: false });
        expect(all.length).toBeGreaterThan(3);
        pale.push(...tooPale(all).map((one) => `${theme}, ${colour}: ${one}`));
      }
    }
    await paper.close();
    expect(pale).toEqual([]);
  });
});
