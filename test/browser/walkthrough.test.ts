import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { callStack, press, step, stoppedLine } from './debugging';
import { inlineTexts, lineWith, plain, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

/** Lines of the scenario that the walkthrough writes. */
const first = 6;
const slot = 9;
const punch = 14;

/** Opens a step of the walkthrough. */
async function openStep(page: Page, title: string): Promise<void> {
  await page.locator('.getting-started-step', { hasText: title }).click();
  await page.locator('.getting-started-step.expanded', { hasText: title }).waitFor();
}

/** Presses the button of the step that is open. */
async function pressButton(page: Page, name: string): Promise<void> {
  await page.locator('.getting-started-step.expanded').getByRole('button', { name, exact: true }).click();
}

async function depthOf(page: Page): Promise<number> {
  return (await callStack(page)).length;
}

/** The scenario beside the walkthrough. */
async function focusScenario(page: Page): Promise<void> {
  await page.locator('.editor-group-container .monaco-editor .view-lines').last().click();
}

/** Titles of the steps that are done. */
function done(page: Page): Promise<string[]> {
  return page
    .locator('.getting-started-step:has(.codicon-getting-started-step-checked.complete) .step-title')
    .allInnerTexts();
}

/** From its beginning to its end: each test is a step of it, and goes on where the one before it stopped. */
describe.each([
  ['in a large window', { width: 1400, height: 900 }],
  ['in a small window, with the side bar open', { width: 1280, height: 720 }],
])('the walkthrough, followed to the letter, %s', (_, viewport) => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench({ viewport });
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  const isDone = (title: string) => expect.poll(() => done(workbench.page)).toContain(title);
  const textAt = async (line: number) => (await inlineTexts(workbench.page)).get(line) ?? '';

  test('opens, with a picture beside each step that has the colours of the theme', async () => {
    const { page } = workbench;
    // The call stack tells how deep in the kernel one is.
    await runCommand(page, 'View: Show Run and Debug');
    await runCommand(page, 'gmemscope: Get Started: Punch Your First Hole');
    await page.locator('.getting-started-step.expanded', { hasText: 'Begin a scenario' }).waitFor();
    const media = page.frameLocator('.getting-started-media iframe').frameLocator('iframe');
    await expect.poll(async () => plain(await media.locator('body').innerText())).toContain('gmem A size 4M');
    await openStep(page, 'Punch a hole');
    await expect
      .poll(() => media.locator('svg text').allTextContents())
      .toContain('zapped: gfn 0x80001..0x80003');
    const fill = () =>
      media
        .locator('svg text')
        .first()
        .evaluate((text) => getComputedStyle(text).fill);
    await expect.poll(fill).not.toBe('rgb(0, 0, 0)');
    await workbench.screenshot(`walkthrough-${viewport.width}`);
    await openStep(page, 'Begin a scenario');
  });

  test('begins a scenario beside itself', async () => {
    const { page } = workbench;
    await pressButton(page, 'New Scenario');
    await lineWith(page, 'gmem A size 4M').waitFor();
    await isDone('Begin a scenario');
  });

  test('binds a slot', async () => {
    const { page } = workbench;
    await openStep(page, 'Bind a slot to the file');
    await pressButton(page, 'Insert the Slot');
    await lineWith(page, 'slot 0 gpa 0x80000000').waitFor();
    await isDone('Bind a slot to the file');
    // Once is enough.
    await pressButton(page, 'Insert the Slot');
    await expect.poll(() => lineWith(page, 'slot 0 gpa 0x80000000').count()).toBe(1);
  });

  test('has something to read behind it', async () => {
    const { page } = workbench;
    await openStep(page, 'Read the inlay hints');
    await focusScenario(page);
    await expect
      .poll(async () => plain(await lineWith(page, 'slot 0 gpa 0x80000000').innerText()))
      .toContain('gfn 0x80000..0x80200');
    await isDone('Read the inlay hints');
  });

  test('punches a hole', async () => {
    const { page } = workbench;
    await openStep(page, 'Punch a hole');
    await pressButton(page, 'Insert the Hole');
    await lineWith(page, 'punch A offset 0x1000').waitFor();
    await isDone('Punch a hole');
    await workbench.screenshot(`walkthrough-beside-${viewport.width}`);
  });

  test('steps to the hole', async () => {
    const { page } = workbench;
    await openStep(page, 'Step it');
    await pressButton(page, 'Debug Scenario');
    await page.locator('.debug-toolbar').waitFor();
    await expect.poll(() => stoppedLine(page)).toBe(first);
    await isDone('Step it');
    for (let steps = 0; steps < 10 && (await stoppedLine(page)) !== punch; steps++)
      await step(page, 'step-over');
    await expect.poll(() => stoppedLine(page)).toBe(punch);
  });

  test('goes into the kernel', async () => {
    const { page } = workbench;
    await openStep(page, 'Step into the kernel');
    await pressButton(page, 'Step Into');
    await expect.poll(async () => (await callStack(page))[0]).toBe('fallocate(2)');
    await isDone('Step into the kernel');
  });

  test('shows what was zapped', async () => {
    const { page } = workbench;
    await openStep(page, 'See what was zapped');
    for (let depth = await depthOf(page); depth > 1; depth = await depthOf(page)) {
      await pressButton(page, 'Step Out');
      await expect.poll(() => depthOf(page)).toBeLessThan(depth);
    }
    await focusScenario(page);
    await expect.poll(() => textAt(punch)).toContain('zapped slot 0 gfn 0x80001..0x80003');
    await expect.poll(() => textAt(slot)).toBe('lost gfn 0x80001..0x80003');
    await isDone('See what was zapped');
    await workbench.screenshot(`walkthrough-zapped-${viewport.width}`);
  });

  test('steps back', async () => {
    const { page } = workbench;
    await openStep(page, 'Step back');
    await pressButton(page, 'Step Back');
    await focusScenario(page);
    await expect.poll(() => textAt(punch)).not.toContain('zapped');
    await isDone('Step back');
    await press(page, 'stop');
  });
});
