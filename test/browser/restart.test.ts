import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { press, startDebugging, step, stoppedLine } from './debugging';
import { appendLine, inlineTexts } from './editor';
import { openWorkbench, type Workbench } from './workbench';

/** Line of the first example's first statement. */
const first = 6;

describe('a session that is restarted', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  const textAt = async (line: number) => (await inlineTexts(workbench.page)).get(line) ?? '';

  test('shows nothing of a run whose text was edited, and all of the next run', async () => {
    const { page } = workbench;
    await startDebugging(page);
    await step(page, 'step-over');
    await expect.poll(() => textAt(first)).toContain('A: pages');
    await appendLine(page, '# a note');
    await expect.poll(() => textAt(first)).toBe('');
    await step(page, 'step-over');
    expect(await textAt(first)).toBe('');
    await press(page, 'restart');
    await expect.poll(() => stoppedLine(page)).toBe(first);
    await step(page, 'step-over');
    await expect.poll(() => textAt(first)).toContain('A: pages');
  });
});
