import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { activeTab } from './debugging';
import {
  askingCommand,
  focusEditor,
  goToLine,
  hoverAtCursor,
  inlineTexts,
  offers,
  openFile,
  plain,
  runCommand,
} from './editor';
import { openWorkbench, type Workbench } from './workbench';

const file = 'deleted-slot-takes-every-mapping.gmem';
/** Its lines that differ between the kernels. */
const deleted = 11;
const prefault = 15;
const fault = 16;

describe('comparing kernels', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await openFile(workbench.page, file);
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  const marks = async () =>
    [...(await inlineTexts(workbench.page))]
      .filter(([, text]) => /[≠≈]/.test(text))
      .map(([line, text]) => [line, text]);
  const marked = [
    [deleted, 'linux-7.3 ≈ linux-6.12: SPTE order'],
    [prefault, 'linux-7.3 ≠ linux-6.12'],
    [fault, 'linux-7.3 ≠ linux-6.12'],
  ];
  const backToFile = async () => {
    await workbench.page.locator('.tab', { hasText: new RegExp(`^${file}$`) }).click();
    await focusEditor(workbench.page);
  };

  test('asks for both, with what the scenario has first, then the other real kernel', async () => {
    const { page } = workbench;
    await askingCommand(page, 'gmemscope: Compare Kernels', 'Compare Kernels (1/2)');
    await expect
      .poll(async () => plain(await offers(page).first().innerText()))
      .toContain('set in the scenario');
    await workbench.screenshot('compare-first');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-title', { hasText: '2/2' }).waitFor();
    await expect.poll(async () => plain(await offers(page).first().innerText())).toContain('linux-6.12');
    // Back, and on again.
    await page.locator('.quick-input-titlebar .codicon-quick-input-back').click();
    await page.locator('.quick-input-title', { hasText: '1/2' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-title', { hasText: '2/2' }).waitFor();
    await page.keyboard.press('Enter');
  });

  test('opens a diff in which only what differs differs', async () => {
    const { page } = workbench;
    await expect.poll(() => activeTab(page)).toBe(`${file} (linux-7.3 ↔ linux-6.12)`);
    const sides = page.locator('.editor-group-container.active .monaco-diff-editor .view-lines');
    await expect.poll(() => sides.count()).toBe(2);
    await expect
      .poll(async () => plain(await sides.nth(0).innerText()))
      .toContain('# mapped 4K gfn 0x10001 r-x');
    expect(plain(await sides.nth(1).innerText())).toContain('# livelock: KVM would retry forever');
    for (const side of [0, 1])
      expect(plain(await sides.nth(side).innerText())).toContain('# slot 0 at gfn 0x10000..0x10100');
    await workbench.screenshot('compare-diff');
  });

  test('marks the lines that differ, and says both in their hover', async () => {
    const { page } = workbench;
    await backToFile();
    await expect.poll(marks).toEqual(marked);
    await goToLine(page, prefault);
    const told = await hoverAtCursor(page);
    expect(told).toContain('livelock: KVM would retry forever');
    expect(told).toContain('mapped 4K gfn 0x10001 r-x');
    await workbench.screenshot('compare-marks');
    await page.keyboard.press('Escape');
  });

  test('takes the marks away by a command', async () => {
    const { page } = workbench;
    await runCommand(page, 'gmemscope: Clear Marks of Compared Kernels');
    await expect.poll(marks).toEqual([]);
  });

  test('remembers what was chosen, takes a kernel as typed, and an edit takes the marks away', async () => {
    const { page } = workbench;
    await askingCommand(page, 'gmemscope: Compare Kernels', '1/2');
    await page.keyboard.type('linux-7.3 with removed-table parent-first');
    await expect.poll(async () => plain(await offers(page).first().innerText())).toContain('as typed');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-title', { hasText: '2/2' }).waitFor();
    await expect
      .poll(async () => plain(await page.locator('.quick-input-list .monaco-list-row.focused').innerText()))
      .toContain('linux-6.12');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => activeTab(page))
      .toContain('linux-7.3 with removed-table parent-first ↔ linux-6.12');
    await backToFile();
    await expect.poll(async () => (await marks()).map(([line]) => line)).toEqual([prefault, fault]);
    await goToLine(page, 1);
    await page.keyboard.type('# ');
    await expect.poll(marks).toEqual([]);
  });

  test('says where nothing differs', async () => {
    const { page } = workbench;
    await openFile(page, 'hole-across-two-slots.gmem');
    await askingCommand(page, 'gmemscope: Compare Kernels', '1/2');
    await page.keyboard.type('linux-7.3');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-title', { hasText: '2/2' }).waitFor();
    await page.keyboard.press('Enter');
    await page
      .locator('.notification-list-item-message', {
        hasText: 'Every statement has the same outcome on linux-7.3 and linux-6.12.',
      })
      .waitFor();
  });
});
