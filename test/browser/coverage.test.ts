import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { plain, runCommand } from './editor';
import { openTestExplorer, testRow } from './testing';
import { openWorkbench, type Workbench } from './workbench';

describe('a run with coverage', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench();
  });

  afterEach(({ task }) => workbench.pictureOfFailure(task));

  afterAll(() => workbench?.close());

  const rows = () =>
    workbench.page.locator('.monaco-list-row', { has: workbench.page.locator('.test-coverage-list-item') });

  test('shows how much of the procedures of each kernel the scenarios reach', async () => {
    const { page } = workbench;
    await openTestExplorer(page);
    await testRow(page, 'range-math').waitFor();
    await runCommand(page, 'Test: Run All Tests with Coverage');
    await rows().first().waitFor();
    const shown = plain((await rows().allInnerTexts()).join(' '));
    expect(shown).toContain('linux-6.12');
    expect(shown).toMatch(/kvm_arch_flush_shadow_memslot\.gmem-listing\s*100\.00%/);
  });

  test('opens the listing of a procedure, with a mark at each step', async () => {
    const { page } = workbench;
    await rows().filter({ hasText: 'kvm_arch_flush_shadow_memslot' }).first().dblclick();
    const editor = page.locator('.editor-group-container.active .monaco-editor').first();
    await expect
      .poll(async () => plain(await editor.locator('.view-lines').innerText()))
      .toContain('# kvm_arch_flush_shadow_memslot: arch/x86/kvm/mmu/mmu.c, linux-6.12');
    await expect
      .poll(() => editor.locator('.coverage-deco-gutter.coverage-deco-hit').count())
      .toBeGreaterThan(2);
  });
});
