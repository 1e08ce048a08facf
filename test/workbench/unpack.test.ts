import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unpack } from '../../workbench/unpack';
import { type ArchiveEntry, tar } from './archive';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gmemscope-unpack-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function* inChunks(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

const all = (_file: string) => true;
const nothing = () => undefined;
const unpackEntries = (entries: readonly ArchiveEntry[], wanted = all, chunk = 300) =>
  unpack(inChunks(tar(entries), chunk), folder, wanted, nothing);

describe('unpacking', () => {
  test.each([1, 511, 512, 513, 1 << 20])('works whatever the chunks: %i bytes', async (chunk) => {
    const long = 'x'.repeat(1000);
    await unpackEntries(
      [
        { name: 'package/a.js', content: 'one' },
        { name: 'package/out/b.js', content: long },
      ],
      all,
      chunk,
    );
    expect(await readFile(path.join(folder, 'a.js'), 'utf8')).toBe('one');
    expect(await readFile(path.join(folder, 'out/b.js'), 'utf8')).toBe(long);
  });

  test('reads long names, empty files and names with a percent sign', async () => {
    const deep = `package/${'deep/'.repeat(20)}file.js`;
    await unpackEntries([{ name: deep, content: 'far' }, { name: 'package/100%25.txt' }]);
    expect(await readFile(path.join(folder, deep.slice('package/'.length)), 'utf8')).toBe('far');
    expect(await readFile(path.join(folder, '100%25.txt'), 'utf8')).toBe('');
  });

  test('writes only what is wanted', async () => {
    await unpackEntries(
      [{ name: 'package/a.js' }, { name: 'package/a.js.map' }],
      (file) => !file.endsWith('.map'),
    );
    expect(await readdir(folder)).toEqual(['a.js']);
  });

  test.each<[string, ArchiveEntry]>([
    ['a path out of the folder', { name: 'package/../../evil.js' }],
    ['an absolute path', { name: '/etc/passwd' }],
    ['a link', { name: 'package/link', type: '2', linksTo: 'elsewhere' }],
    ['a file beside the package', { name: 'other/file' }],
  ])('refuses %s', async (_title, entry) => {
    await expect(unpackEntries([entry])).rejects.toThrow('the archive holds');
  });

  test('refuses an archive that is cut short', async () => {
    const bytes = tar([{ name: 'package/a.js', content: 'x'.repeat(2000) }]).subarray(0, 1000);
    await expect(unpack(inChunks(bytes, 100), folder, all, nothing)).rejects.toThrow('Truncated input');
  });
});
