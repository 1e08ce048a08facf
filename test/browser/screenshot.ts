/** `npm run screenshot`: takes the README's picture, the first example right after the hole was punched, and its memory map. */
import path from 'node:path';
import { projectRoot } from '../../workbench/paths';
import { closeView, press, startDebugging, stoppedLine } from './debugging';
import { focusEditor, goToLine, inlineTexts, lineWith, runCommand } from './editor';
import { setup } from './global-setup';
import { mapShown } from './memory-map';
import { openWorkbench } from './workbench';

const punch = 16;

await setup();
const workbench = await openWorkbench({ viewport: { width: 1760, height: 800 }, scale: 1.5 });
const { page } = workbench;
try {
  await focusEditor(page);
  await goToLine(page, punch);
  await page.keyboard.press('F9');
  await startDebugging(page);
  await press(page, 'continue');
  await until(async () => (await stoppedLine(page)) === punch);
  await press(page, 'step-over');
  await until(async () => (await inlineTexts(page)).get(punch)?.includes('zapped') ?? false);
  // Room for the variables: the watch expressions have none to show.
  await closeView(page, 'Watch');
  await runCommand(page, 'View: Toggle Panel Visibility');
  await runCommand(page, 'gmemscope: Show Memory Map');
  await mapShown(page);
  await goToLine(page, 1);
  await lineWith(page, 'kernel linux-7.3').waitFor();
  await page.mouse.move(900, 700);
  await page.screenshot({ path: path.join(projectRoot, 'media', 'screenshot.png') });
} finally {
  await workbench.close();
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the workbench did not get there in 20 seconds');
    await page.waitForTimeout(100);
  }
}
