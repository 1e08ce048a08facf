import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../src/cli/exit';
import { format } from '../../src/cli/format-command';
import { projectRoot } from '../../workbench/paths';
import { type Folder, makeFolder } from './folder';

const LOOSE = 'slot 0 gpa 0 size   4K # one\nslot 10 gpa 0x1000 size 16K # two\n';
const ALIGNED = 'slot 0  gpa 0      size 4K  # one\nslot 10 gpa 0x1000 size 16K # two\n';

let folder: Folder;
const said = { out: [] as string[], err: [] as string[] };

beforeEach(() => {
  folder = makeFolder();
  said.out = [];
  said.err = [];
  vi.spyOn(console, 'log').mockImplementation((text) => void said.out.push(folder.without(text)));
  vi.spyOn(console, 'error').mockImplementation((text) => void said.err.push(folder.without(text)));
});

afterEach(() => {
  vi.restoreAllMocks();
  folder.remove();
});

const text = (where: string) => readFileSync(where, 'utf8');
const PLAIN = ['--color', 'never'];

describe('gmemscope fmt', () => {
  it('rewrites what is not in columns, and says so', async () => {
    const [loose, fine] = [folder.file('a.gmem', LOOSE), folder.file('sub/b.gmem', ALIGNED)];
    expect(await format([folder.path, ...PLAIN])).toBe(0);
    expect([text(loose), text(fine)]).toEqual([ALIGNED, ALIGNED]);
    expect(said).toEqual({ out: ['a.gmem: formatted'], err: [] });
  });

  it('only says what is not, with --check', async () => {
    const loose = folder.file('a.gmem', LOOSE);
    folder.file('b.gmem', ALIGNED);
    expect(await format(['--check', folder.path, ...PLAIN])).toBe(1);
    expect(text(loose)).toBe(LOOSE);
    expect(said.out).toEqual(['a.gmem: not formatted']);
    expect(await format(['--check', path.join(folder.path, 'b.gmem')])).toBe(0);
  });

  it('leaves one space everywhere, with --no-align', async () => {
    const loose = folder.file('a.gmem', LOOSE);
    expect(await format(['--no-align', loose])).toBe(0);
    expect(text(loose)).toBe(LOOSE.replace('size   4K', 'size 4K'));
  });

  it('keeps what cannot be read, and line ends', async () => {
    const odd = folder.file('a.gmem', 'close   A\r\n%% what %%\r\n');
    expect(await format([odd])).toBe(0);
    expect(text(odd)).toBe('close A\r\n%% what %%\r\n');
  });

  it('keeps a byte order mark', async () => {
    const loose = folder.file('a.gmem', `\uFEFF${LOOSE}`);
    expect(await format([loose])).toBe(0);
    expect(text(loose)).toBe(`\uFEFF${ALIGNED}`);
    expect(await format(['--check', loose])).toBe(0);
  });

  it('finds the examples formatted (`gmemscope fmt examples` makes them so)', async () => {
    expect(await format(['--check', path.join(projectRoot, 'examples'), ...PLAIN])).toBe(0);
    expect(said.out).toEqual([]);
  });

  it('complains of what is not there', async () => {
    await expect(format([path.join(folder.path, 'no.gmem')])).rejects.toThrow('there is no such file');
    await expect(format([])).rejects.toThrow(UsageError);
    await expect(format(['--nonsense', folder.path])).rejects.toThrow(UsageError);
  });
});
