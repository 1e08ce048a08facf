import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dependenciesAreCurrent } from '../../scripts/set-up.mjs';

type Packages = Record<string, { version?: string; optional?: boolean }>;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'gmemscope-set-up-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function lock(place: string, packages: Packages): Promise<void> {
  await mkdir(path.join(root, path.dirname(place)), { recursive: true });
  await writeFile(path.join(root, place), JSON.stringify({ packages }));
}

describe('the dependencies', () => {
  const wanted: Packages = {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/for-another-platform': { version: '1.0.0', optional: true },
  };

  test.each<[string, Packages, boolean]>([
    ['are current where all that is needed is installed', { 'node_modules/a': { version: '1.0.0' } }, true],
    ['are stale where a version differs', { 'node_modules/a': { version: '0.9.0' } }, false],
    ['are stale where a package is missing', {}, false],
  ])('%s', async (_title, installed, expected) => {
    await lock('package-lock.json', wanted);
    await lock('node_modules/.package-lock.json', installed);
    expect(dependenciesAreCurrent(root)).toBe(expected);
  });

  test('are missing in a fresh clone', async () => {
    await lock('package-lock.json', wanted);
    expect(dependenciesAreCurrent(root)).toBe(false);
  });
});
