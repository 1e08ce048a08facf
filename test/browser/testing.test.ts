import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { press, stoppedLine } from './debugging';
import { focusEditor, goToLine, openFile, plain, replaceLine, runCommand } from './editor';
import { openTestExplorer, testMessages, testRow, testRows } from './testing';
import { openWorkbench, type Workbench } from './workbench';

const EXPECTATIONS = `vm sw-protected
gmem A size 64K
slot 0 gfn 0x100..0x108 gmem A pgoff 8
convert gfn 0x100..0x108 private
fault vcpu 0 read gfn 0x100

scenario "a hole" {
  punch A pgoff 8..10 => zapped slot 0 gfn 0x101, flush
}

scenario "the end" {
  close A => flush
}
`;

/** Its lines. */
const first = 2;
const punch = 8;
const close = 12;

describe('scenarios in the Test Explorer', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await writeFile(path.join(workbench.folder, 'expectations.gmem'), EXPECTATIONS);
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  const rows = async () => (await testRows(workbench.page)).map((row) => row.replace(/, in [\d.]+m?s/, ''));

  test('are listed by folder and file', async () => {
    const { page } = workbench;
    await openTestExplorer(page);
    await expect.poll(rows).toContain('range-math (Not yet run)');
    expect(await rows()).toContain('expectations.gmem (Not yet run)');
    // The file that is open has been read: it is its own scenario.
    expect(await rows()).toContain('hole-across-two-slots.gmem (no expectations) (Not yet run)');
  });

  test('of a file show when it is opened', async () => {
    const { page } = workbench;
    await testRow(page, 'expectations.gmem').click();
    await page.keyboard.press('ArrowRight');
    await expect.poll(rows).toContain('a hole (Not yet run)');
    expect(await rows()).toContain('the end (Not yet run)');
  });

  test('run, all of them, and fail or pass', async () => {
    const { page } = workbench;
    await runCommand(page, 'Test: Run All Tests');
    await expect.poll(rows).toContain('a hole (Failed)');
    await expect.poll(rows).toContain('the end (Passed)');
    await expect.poll(rows).toContain('range-math (Passed)');
    await expect.poll(rows).toContain('close-and-rebind.gmem (no expectations) (Passed)');
  });

  test('that fail say at their line what is expected and what happens', async () => {
    const { page } = workbench;
    await openFile(page, 'expectations.gmem');
    await expect
      .poll(async () => plain((await testMessages(page)).join()))
      .toContain('zapped slot 0 gfn 0x100 != zapped slot 0 gfn 0x101');
    await goToLine(page, punch);
    await runCommand(page, 'Test: Peek Output');
    const peek = page.locator('.peekview-widget');
    await expect
      .poll(async () => plain(await peek.first().innerText()))
      .toContain('Expected zapped slot 0 gfn 0x101, but got zapped slot 0 gfn 0x100.');
    const sides = peek.locator('.monaco-diff-editor .view-lines');
    await expect.poll(() => sides.count()).toBe(2);
    await expect.poll(async () => plain(await sides.nth(0).innerText())).toContain('gfn 0x101');
    expect(plain(await sides.nth(1).innerText())).toContain('gfn 0x100');
    await workbench.screenshot('test-failed');
    await page.keyboard.press('Escape');
    await peek.first().waitFor({ state: 'hidden' });
  });

  test('run again when they are saved, where that is asked for', async () => {
    const { page, folder } = workbench;
    await runCommand(page, 'Test: Start Continuous Run');
    await focusEditor(page);
    await replaceLine(page, punch, '  punch A pgoff 8..10 => zapped slot 0 gfn 0x100, flush');
    await page.keyboard.press('Control+S');
    await expect
      .poll(() => readFile(path.join(folder, 'expectations.gmem'), 'utf8'))
      .toContain('gfn 0x100, flush');
    await expect.poll(rows).toContain('a hole (Passed)');
    await expect.poll(() => testMessages(page)).toEqual([]);
    await runCommand(page, 'Test: Stop Continuous Run');
  });

  test('are what the editor shows, saved or not', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await replaceLine(page, punch, '  punch A pgoff 8..10 => zapped slot 0 gfn 0x102, flush');
    // The earlier result does not hold any more.
    await expect.poll(rows).toContain('a hole (Passed), outdated result');
    await runCommand(page, 'Test: Run Test at Cursor');
    await expect.poll(rows).toContain('a hole (Failed)');
    await replaceLine(page, punch, '  punch B pgoff 8..10 => zapped slot 0 gfn 0x102, flush');
    await runCommand(page, 'Test: Run Test at Cursor');
    await expect.poll(rows).toContain('a hole (an error) (Errored)');
  });

  test('are debugged, from their own statements on', async () => {
    const { page } = workbench;
    await goToLine(page, close);
    await runCommand(page, 'Test: Debug Test at Cursor');
    await page.locator('.debug-toolbar').waitFor();
    await expect.poll(() => stoppedLine(page)).toBe(first);
    // The first stop shows Run and Debug.
    await openTestExplorer(page);
    await expect.poll(rows).toContain('the end (Running)');
    await press(page, 'stop');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    await expect.poll(rows).toContain('the end (Passed)');
  });

  test('of a document that was never saved are listed, too', async () => {
    const { page } = workbench;
    await runCommand(page, 'gmemscope: New Scenario');
    await openTestExplorer(page);
    await expect.poll(rows).toContain('Untitled-1 (no expectations) (Not yet run)');
  });
});
