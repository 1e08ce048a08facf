import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../workbench/paths';
import { callStack, press, startDebugging, step, stoppedLine } from './debugging';
import { inlineTexts, openFile, runCommand } from './editor';
import { openWorkbench, type Workbench } from './workbench';

const examples = readdirSync(path.join(projectRoot, 'examples')).filter((name) => name.endsWith('.gmem'));

/** More statements than any example has. */
const many = 40;

describe('an example, stepped to its end and back', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
    // The call stack tells where the end is.
    await runCommand(workbench.page, 'View: Show Run and Debug');
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  const textAt = async (line: number | undefined) => (await inlineTexts(workbench.page)).get(line ?? 0) ?? '';
  const isAtEnd = async () => (await callStack(workbench.page))[0]?.endsWith('(returned)') ?? false;

  test.each(examples)(
    '%s',
    async (name) => {
      const { page } = workbench;
      await openFile(page, name);
      await startDebugging(page);
      await expect.poll(() => stoppedLine(page)).toBeDefined();
      const lines: (number | undefined)[] = [];
      while (!(await isAtEnd()) && lines.length < many) {
        const line = await stoppedLine(page);
        lines.push(line);
        await step(page, 'step-over');
        await expect.poll(() => textAt(line), { message: `line ${line}` }).not.toBe('');
      }
      expect(lines.length).toBeGreaterThan(5);
      expect(lines.length).toBeLessThan(many);
      for (const line of lines.toReversed()) {
        await step(page, 'step-back');
        await expect.poll(() => stoppedLine(page)).toBe(line);
        await expect.poll(() => textAt(line), { message: `line ${line}` }).toBe('');
      }
      expect(await inlineTexts(page)).toEqual(new Map());
      await press(page, 'stop');
      await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    },
    120_000,
  );
});
