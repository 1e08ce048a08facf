import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { breakpoint, removeAllBreakpoints } from './breakpoints';
import { activeTab, startDebugging, step, stoppedLine, stopText } from './debugging';
import { focusEditor, goToLine, replaceLine, runCommand } from './editor';
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
    await expect.poll(() => whereText(page)).toBe('after statement 6 of 10');
    expect(await changedShapes(page)).not.toContain(`${zapped[0]} (changed)`);
  });
});
