import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { debugUpTo, press, stoppedLine } from './debugging';
import { focusEditor, goToLine, lineWith, offers, openFile, plain, replaceLine, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

const SETUP = `kernel linux-7.3 with retry-check off
vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private

`;

const RACE = `race {
  task vcpu0 {
    fault vcpu 0 write gpa 0x80000000
  }
  task vmm {
    punch A offset 0 size 4K
  }
}`;

describe('a race', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await writeFile(path.join(workbench.folder, 'hole-and-fault.gmem'), SETUP + RACE);
    await openFile(workbench.page, 'hole-and-fault.gmem');
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test('has its verdict behind it while it is typed, as a diagnostic and in a lens', async () => {
    const { page, screenshot } = workbench;
    await focusEditor(page);
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' => never STALE', { delay: 15 });
    await page.keyboard.press('Escape');
    const verdict = async () => plain(await lineWith(page, '=> never STALE').innerText());
    await expect.poll(verdict).toMatch(/STALE gfn 0x80000 in some order · [\d,]+ states/);
    await page.locator('.view-overlays .squiggly-error').first().waitFor();
    // The editor may have scrolled while the lenses came.
    await goToLine(page, 1);
    await page.locator('.codelens-decoration', { hasText: 'Explore · 3 outcomes' }).waitFor();
    await screenshot('race');
  });

  test('that an edit mends has another verdict', async () => {
    const { page } = workbench;
    await replaceLine(page, 14, '} => sometimes STALE');
    const verdict = async () => plain(await lineWith(page, '=> sometimes STALE').innerText());
    await expect.poll(verdict).toMatch(/holds in every order · [\d,]+ states/);
    await page.locator('.view-overlays .squiggly-error').first().waitFor({ state: 'detached' });
    await replaceLine(page, 14, '} => never STALE');
    await expect.poll(async () => lineWith(page, '=> never STALE').count()).toBe(1);
  });

  test('has its outcomes in a view, by keyboard', async () => {
    const { page, screenshot } = workbench;
    await runCommand(page, 'gmemscope: Show Outcomes of Races');
    const rows = page.locator('.pane', { hasText: 'Outcomes' }).locator('.monaco-list-row');
    await rows.filter({ hasText: /never STALE.*in some order/ }).waitFor();
    expect(await rows.filter({ hasText: 'mapped: ' }).count()).toBe(3);
    await rows.first().and(page.locator('.focused')).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await rows.filter({ hasText: 'vcpu0 VR1' }).first().waitFor();
    const spoken = await rows.filter({ hasText: 'vcpu0 VR1' }).first().getAttribute('aria-label');
    expect(spoken).toMatch(/^Step 1 of \d+, vcpu0, VR1/);
    await screenshot('outcomes');
  });

  test('is stepped in its shortest order, from the diagnostic', async () => {
    const { page, screenshot } = workbench;
    await focusEditor(page);
    await goToLine(page, 14, 12);
    await page.keyboard.press('Control+.');
    const actions = page.locator('.action-widget .monaco-list-row');
    await actions.filter({ hasText: 'Write the shortest order as a scenario' }).waitFor();
    await actions.filter({ hasText: 'Show all outcomes' }).waitFor();
    await screenshot('race-actions');
    await actions.filter({ hasText: 'Step the shortest order' }).and(page.locator('.focused')).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.debug-toolbar').waitFor({ timeout: 60_000 });
    await expect.poll(() => stoppedLine(page)).toBe(7);
    expect(await page.locator('.tab.active').first().innerText()).toContain('Untitled');
    expect(await lineWith(page, 'continue').count()).toBeGreaterThan(0);
    await press(page, 'stop');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  });

  test('is debugged task by task: a person chooses whose step is next', async () => {
    const { page, screenshot } = workbench;
    await openFile(page, 'hole-and-fault.gmem');
    await debugUpTo(page, 9);
    const threads = page.locator('.debug-call-stack .thread .name');
    await expect
      .poll(() => threads.allInnerTexts())
      .toEqual(['vcpu0: fault vcpu 0 write gpa 0x80000000', expect.stringMatching(/^vmm: FL1 /)]);
    await askingForChoice(page);
    expect(await offers(page).count()).toBeGreaterThan(2);
    await screenshot('race-choice');
    await offers(page).filter({ hasText: 'vmm: FL1' }).first().click();
    await threads.filter({ hasText: /^vmm: FL2 / }).waitFor();
    await runCommand(page, 'gmemscope: Run to the Next Choice');
    await threads.filter({ hasText: /^vmm: (?!FL2)/ }).waitFor();
    await screenshot('race-threads');
    await runCommand(page, 'gmemscope: Run Back to the Previous Choice');
    await threads.filter({ hasText: /^vmm: punch A offset 0/ }).waitFor();
    await press(page, 'stop');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  });
});

/** The button of the toolbar that asks whose step is next. */
async function askingForChoice(page: Page): Promise<void> {
  await page.locator('.debug-toolbar .codicon-list-selection').click();
  await offers(page).first().waitFor();
}
