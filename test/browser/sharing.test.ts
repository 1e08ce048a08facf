import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { stoppedLine } from './debugging';
import { goToLine, inlineTexts, lineWith, openFile, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

describe('sharing a scenario', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await openFile(workbench.page, 'hole-across-two-slots.gmem');
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  /** Runs a command that copies, and gives what is in the clipboard then. */
  const copied = async (title: string, said: string) => {
    const { page } = workbench;
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await runCommand(page, title);
    await page.locator('.statusbar-item', { hasText: `${said} was copied to the clipboard.` }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };

  test('as text for a mail', async () => {
    await goToLine(workbench.page, 16);
    const text = await copied('gmemscope: Copy as Annotated Text', 'The annotated scenario');
    expect(text).toContain('#: zapped slot 0 gfn 0x801ff');
  });

  test('as a drawing of the statement at the cursor', async () => {
    const drawing = await copied('gmemscope: Copy as SVG', 'The drawing');
    expect(drawing).toMatch(/^<svg [\s\S]*<title>punch A offset 0x1ff000 size 12K<\/title>/);
  });

  test('as a link, which opens it in the workbench, stopped where the cursor was', async () => {
    const { page, screenshot } = workbench;
    const link = await copied('gmemscope: Copy Link to Workbench', 'The link');
    expect(link).toMatch(/^http:\/\/localhost:\d+\/#gmem=1&line=16&text=[\w-]+$/);
    // What the workbench had open is kept; a link is opened beside it.
    await page.goto('about:blank');
    await page.goto(link);
    await page.locator('.debug-toolbar').waitFor({ timeout: 60_000 });
    await expect.poll(() => stoppedLine(page)).toBe(16);
    expect(await page.locator('.tab.active').first().innerText()).toContain('Untitled');
    await expect.poll(async () => (await inlineTexts(page)).get(13) ?? '').toContain('mapped');
    expect((await inlineTexts(page)).has(16)).toBe(false);
    expect(page.url()).not.toContain('#');
    await screenshot('shared-link');
  });

  test('a link in a tab that is open already is opened, too; a truncated one is reported', async () => {
    const { page } = workbench;
    await page.evaluate(() => {
      location.hash = 'gmem=1&text=abc';
    });
    await page
      .locator('.notification-toast', { hasText: 'The link cannot be used: it is truncated' })
      .waitFor();
    expect(await lineWith(page, 'punch A').count()).toBe(1);
  });
});
