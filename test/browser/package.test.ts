import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPackage, unpackPackage } from '../../scripts/vsix';
import { activeTab, startDebugging, step } from './debugging';
import { hover, inlineTexts, lineWith } from './editor';
import { openWorkbench, type Workbench } from './workbench';

describe('the packaged extension', () => {
  let scratch: string;
  let workbench: Workbench;

  beforeAll(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), 'gmemscope-package-'));
    const file = path.join(scratch, 'gmemscope.vsix');
    const extension = path.join(scratch, 'extension');
    await createPackage(file);
    await unpackPackage(file, extension);
    workbench = await openWorkbench({ extension });
  });

  afterEach(({ task }) => workbench?.pictureOfFailure(task));

  afterAll(async () => {
    await workbench?.close();
    await rm(scratch, { recursive: true, force: true });
  });

  test('checks a scenario, steps it and shows the listing of a procedure', async () => {
    const { page } = workbench;
    const slot = lineWith(page, 'slot 1 gpa 0x90000000');
    await expect.poll(() => slot.locator('span[class^="mtk"]').count()).toBeGreaterThan(3);
    await expect.poll(() => hover(page, slot, '1')).toContain('0x90000..0x90100');
    await startDebugging(page);
    await step(page, 'step-over');
    await expect.poll(async () => (await inlineTexts(page)).get(6)).toContain('A: pages');
    await step(page, 'step-into');
    await expect.poll(() => activeTab(page)).toBe('ioctl(KVM_SET_USER_MEMORY_REGION2)');
  });
});
