import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { saveOutput } from '../../src/cli/save';
import { rewriteText } from '../../src/cli/scenario-file';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gmemscope-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file that was edited while a command ran is left as it is', async () => {
  const file = path.join(folder, 'hole.gmem');
  writeFileSync(file, 'vm default\n# a note\n');
  await expect(rewriteText(file, 'vm default\n', 'vm  default\n')).rejects.toThrow(
    'it was changed meanwhile',
  );
  expect(readFileSync(file, 'utf8')).toBe('vm default\n# a note\n');
});

test('a byte order mark is kept', async () => {
  const file = path.join(folder, 'hole.gmem');
  writeFileSync(file, '\uFEFFvm  default\n');
  await rewriteText(file, 'vm default\n', 'vm  default\n');
  expect(readFileSync(file, 'utf8')).toBe('\uFEFFvm default\n');
});

test('--output does not replace a scenario', async () => {
  const file = path.join(folder, 'hole.gmem');
  writeFileSync(file, 'vm default\n');
  await expect(saveOutput(file, 'a figure')).rejects.toThrow('would replace a scenario');
  expect(readFileSync(file, 'utf8')).toBe('vm default\n');
});
