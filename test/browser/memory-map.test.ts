import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { breakpoint, removeAllBreakpoints } from './breakpoints';
import { activeTab, callStack, startDebugging, step, stoppedLine, stopText } from './debugging';
import { cursorLine, focusEditor, goToLine, replaceLine } from './editor';
import {
  changedShapes,
  chooseAction,
  focusedShape,
  mapPage,
  mapShown,
  numbers,
  shape,
  whereText,
} from './memory-map';
import { openWorkbench, type Workbench } from './workbench';

/** Lines of the first example. */
const prefault0 = 12;
const prefault = 13;
const punch = 16;
const zapped = ['gfn 0x801ff: zapped: a leaf of 4K', 'gfn 0x90000..0x90002: zapped: a leaf of 4K'];

/** Each test goes on where the one before it stopped. */
describe('the memory map', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  test('opens beside the editor, on the statement at the cursor, and follows it', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await goToLine(page, punch);
    await page.keyboard.press('Control+K');
    await page.keyboard.press('v');
    await mapShown(page);
    for (const name of zapped) await expect.poll(() => changedShapes(page)).toContain(`${name} (changed)`);
    expect(await whereText(page)).toBe('after statement 8 of 10');
    await workbench.screenshot('memory-map');
    await goToLine(page, prefault);
    await expect.poll(() => whereText(page)).toBe('after statement 7 of 10');
    expect(await changedShapes(page)).not.toContain(`${zapped[0]} (changed)`);
  });

  test('goes over the statements with the slider, and says where it is', async () => {
    const { page } = workbench;
    const map = mapPage(page);
    await map.locator('#slider').focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => whereText(page)).toBe('after statement 8 of 10');
    expect(await map.locator('#slider').getAttribute('aria-valuetext')).toBe('after statement 8 of 10');
    await page.keyboard.press('Home');
    await expect.poll(() => whereText(page)).toBe('before the first of 10 statements');
    await page.keyboard.press('End');
    await expect.poll(() => whereText(page)).toBe('after statement 10 of 10');
    await map.getByRole('button', { name: 'Previous statement' }).click();
    await expect.poll(() => whereText(page)).toBe('after statement 9 of 10');
  });

  test('tells the numbers of a range to the keyboard, and who made it so', async () => {
    const { page } = workbench;
    await shape(page, 'gfn 0x801fe: mapped').focus();
    const told = await numbers(page);
    expect(Object.fromEntries(told)).toMatchObject({
      gpa: '0x801fe000..0x801ff000',
      'file offset': '0x1fe000..0x1ff000',
      permissions: 'rwx-d',
    });
    await workbench.screenshot('memory-map-numbers');
    await page.keyboard.press('Escape');
    await expect.poll(() => mapPage(page).locator('#tooltip').isHidden()).toBe(true);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => focusedShape(page)).toBe('gfn 0x80000..0x80200: private');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focusedShape(page)).toMatch(/^gfn 0x801fe: mapped/);
    await page.keyboard.press('Enter');
    await mapPage(page).locator('#menu').waitFor();
    await workbench.screenshot('memory-map-menu');
    await page.keyboard.press('Escape');
    await expect.poll(() => focusedShape(page)).toMatch(/^gfn 0x801fe: mapped/);
    await chooseAction(page, 'Go to the statement that mapped it');
    await expect.poll(() => cursorLine(page)).toBe(prefault0);
  });

  test('follows what is typed', async () => {
    const { page } = workbench;
    await replaceLine(page, punch, 'punch A offset 0x1ff000 size 4K');
    await expect.poll(() => changedShapes(page)).toContain(`${zapped[0]} (changed)`);
    expect(await changedShapes(page)).not.toContain(`${zapped[1]} (changed)`);
    await replaceLine(page, punch, 'punch A offset 0x1ff000 size 12K');
    await expect.poll(() => changedShapes(page)).toContain(`${zapped[1]} (changed)`);
  });

  test('shows the moment that the debugger is at', async () => {
    const { page } = workbench;
    await focusEditor(page);
    await goToLine(page, punch);
    await page.keyboard.press('F9');
    await startDebugging(page);
    await expect.poll(() => whereText(page)).toBe('before the first of 10 statements');
    await step(page, 'continue');
    await expect.poll(() => stoppedLine(page)).toBe(punch);
    await expect.poll(() => whereText(page)).toBe('after statement 7 of 10');
    await step(page, 'step-over');
    await expect.poll(() => whereText(page)).toBe('after statement 8 of 10');
    for (const name of zapped) await expect.poll(() => changedShapes(page)).toContain(`${name} (changed)`);
    await workbench.screenshot('memory-map-debugging');
  });

  test('moves the debugger with the slider, and keeps the keyboard', async () => {
    const { page } = workbench;
    const map = mapPage(page);
    await map.locator('#slider').focus();
    await page.keyboard.press('Home');
    await expect.poll(() => whereText(page)).toBe('before the first of 10 statements');
    await expect.poll(() => callStack(page)).toEqual(['gmem A size 4M']);
    await page.keyboard.press('End');
    await expect.poll(() => whereText(page)).toBe('after statement 8 of 10');
    for (let steps = 0; steps < 12; steps++) await page.keyboard.press('ArrowLeft');
    expect(await map.locator('#slider:focus').count()).toBe(1);
    await expect.poll(() => whereText(page)).toMatch(/^in statement 8 of 10, before step \d+ of \d+ of \w+/);
    await mapShown(page);
    await workbench.screenshot('memory-map-in-a-call');
    await page.keyboard.press('Home');
    await expect.poll(() => whereText(page)).toBe('before the first of 10 statements');
  });

  test('sets a breakpoint on a range, which stops there', async () => {
    const { page } = workbench;
    await mapPage(page).locator('#slider').focus();
    await page.keyboard.press('End');
    await removeAllBreakpoints(page);
    await shape(page, zapped[1]!).focus();
    await chooseAction(page, 'Break when zapped');
    await breakpoint(page, 'gfn 0x90000..0x90002 zapped').waitFor();
    await expect.poll(() => mapPage(page).locator('#notice').innerText()).toContain('Breakpoint set');
    await shape(page, `${zapped[1]} (changed), breakpoint`).locator('.dot').waitFor();
    await workbench.screenshot('memory-map-watched');
    await mapPage(page).locator('#slider').focus();
    await page.keyboard.press('Home');
    await expect.poll(() => callStack(page)).toEqual(['gmem A size 4M']);
    await page.keyboard.press('F5');
    await expect.poll(() => stopText(page)).toContain('gfn 0x90000..0x90002: zapped 4K');
    await expect.poll(() => whereText(page)).toMatch(/of kvm_gmem_invalidate_begin$/);
    await mapShown(page);
    await workbench.screenshot('memory-map-breakpoint');
  });

  test('goes back to the step that made a range what it is', async () => {
    const { page } = workbench;
    await shape(page, zapped[1]!).focus();
    await chooseAction(page, 'Break when zapped');
    await breakpoint(page, 'gfn 0x90000..0x90002 zapped').waitFor({ state: 'detached' });
    await shape(page, 'gfn 0x90002..0x90004: mapped').focus();
    await chooseAction(page, 'Go to the statement that mapped it');
    await expect.poll(() => activeTab(page)).toBe('kvm_tdp_mmu_map');
    await expect.poll(() => whereText(page)).toMatch(/^in statement 7 of 10/);
    await page.keyboard.press('Shift+F5');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  });

  test('is there again after a reload', async () => {
    const { page } = workbench;
    await page.reload();
    await mapShown(page);
    await expect.poll(() => whereText(page)).toMatch(/^(after|before) /);
  });
});
