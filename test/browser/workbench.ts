import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/chromium';
import { cacheDirectory, projectRoot } from '../../workbench/paths';
import { startServer } from '../../workbench/server';
import { vscodeBuild } from '../../workbench/vscode-build';

/** Where the pictures go; CI keeps the folder. */
export const screenshots = path.join(projectRoot, '.cache', 'screenshots');

const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface WorkbenchOptions {
  colorScheme?: 'dark' | 'light';
  viewport?: { width: number; height: number };
  /** Physical pixels for each of the page's. */
  scale?: number;
  /** The folder of the extension; the project's top without it. */
  extension?: string;
}

/** A real VS Code in a real browser, with a copy of the examples open. */
export interface Workbench {
  page: Page;
  /** The folder of scenarios that is open, on disk. */
  folder: string;
  screenshot(name: string): Promise<void>;
  /** Keeps a picture of what a failed test saw; call it after each one. */
  pictureOfFailure(task: { name: string; result?: { state: string } | undefined }): Promise<void>;
  close(): Promise<void>;
}

/** What a browser is launched with. Throws where there is none on this machine. */
function launchOptions() {
  const executablePath = findChromium(process.env);
  if (executablePath === undefined) {
    throw new Error('There is no Chromium: install one, or set CHROME_PATH to its executable.');
  }
  return { executablePath, args: chromiumFlags };
}

/** A browser without a page. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions());
}

export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const launching = launchOptions();
  const scratch = await mkdtemp(path.join(tmpdir(), 'gmemscope-'));
  const folder = path.join(scratch, 'examples');
  await cp(path.join(projectRoot, 'examples'), folder, { recursive: true });
  const server = await startServer({
    build: {
      folder: path.join(cacheDirectory(), `${vscodeBuild.name}-${vscodeBuild.version}`),
      version: vscodeBuild.version,
    },
    projectRoot,
    extension: options.extension ?? projectRoot,
    scenarios: folder,
    port: 0,
    anyPort: true,
  });
  const profile = path.join(scratch, 'profile');
  await makeProfile(profile);
  const context = await chromium.launchPersistentContext(profile, {
    ...launching,
    ...contextOptions(options),
  });
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(server.url);
  await page.locator('.monaco-editor .view-line').first().waitFor({ timeout: 90_000 });
  const screenshot = async (name: string) => {
    await mkdir(screenshots, { recursive: true });
    await page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  };
  return {
    page,
    folder,
    screenshot,
    pictureOfFailure: async ({ name, result }) => {
      if (result?.state === 'fail') await screenshot(`failed-${name.replaceAll(/\W+/g, '-')}`);
    },
    close: async () => {
      await context.close();
      await server.close();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/**
 * A profile whose webviews work: they come from a host name of their own, and a browser that refuses third parties their
 * storage refuses them their service worker, too. Private windows, Playwright's contexts among them, do.
 */
async function makeProfile(folder: string): Promise<void> {
  const preferences = { profile: { block_third_party_cookies: false, cookie_controls_mode: 0 } };
  await mkdir(path.join(folder, 'Default'), { recursive: true });
  await writeFile(path.join(folder, 'Default', 'Preferences'), JSON.stringify(preferences));
}

function contextOptions({ colorScheme, viewport, scale }: WorkbenchOptions): BrowserContextOptions {
  return {
    viewport: viewport ?? { width: 1400, height: 900 },
    deviceScaleFactor: scale ?? 1,
    colorScheme: colorScheme ?? 'dark',
    // Nothing slides or fades, so what is seen is where it stays.
    reducedMotion: 'reduce',
  };
}
