import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../src/cli/exit';
import { format } from '../../src/cli/format-command';
import { MOST_BYTES } from '../../src/cli/limits';
import { readStream } from '../../src/cli/scenario-file';
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

  it('leaves a file with syntax errors alone, and says which', async () => {
    const odd = folder.file('a.gmem', 'close   A\r\n%% what %%\r\n');
    expect(await format([odd, ...PLAIN])).toBe(1);
    expect(text(odd)).toBe('close   A\r\n%% what %%\r\n');
    expect(said.err).toHaveLength(1);
    expect(said.err[0]).toMatch(/^a\.gmem: error: not formatted, line 2:1 has an error: /);
  });

  it('keeps line ends', async () => {
    const loose = folder.file('a.gmem', 'close   A\r\nclose   B\r\n');
    expect(await format([loose])).toBe(0);
    expect(text(loose)).toBe('close A\r\nclose B\r\n');
  });

  it('leaves files that are not scenarios alone', async () => {
    const page = folder.file('notes.md', '# Notes\n\nslot   0\n');
    expect(await format([page, ...PLAIN])).toBe(1);
    expect(text(page)).toBe('# Notes\n\nslot   0\n');
    expect(said.err).toEqual(['notes.md: error: not formatted: `fmt` formats .gmem files only']);
  });

  it('leaves bytes that are not UTF-8 alone', async () => {
    const latin = folder.file('a.gmem', '');
    const bytes = Buffer.from('# caf\xe9\nclose   A\n', 'latin1');
    writeFileSync(latin, bytes);
    expect(await format([latin, ...PLAIN])).toBe(1);
    expect(readFileSync(latin)).toEqual(bytes);
    expect(said.err[0]).toContain('it is not UTF-8 text');
  });

  it('formats standard input, and prints nothing where that has errors', () => {
    const run = (input: string) =>
      spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'fmt', '-', ...PLAIN], {
        cwd: projectRoot,
        input,
        encoding: 'utf8',
      });
    expect(run(LOOSE)).toMatchObject({ status: 0, stdout: ALIGNED, stderr: '' });
    expect(run('close   A %%\n')).toMatchObject({ status: 1, stdout: '' });
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

describe('standard input', () => {
  it('is not read beyond the limit', async () => {
    let read = 0;
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          read += 1024 * 1024;
          yield new Uint8Array(1024 * 1024);
        }
      } finally {
        closed = true;
      }
    }
    await expect(readStream(endless())).rejects.toThrow('it is larger than 64 MiB');
    expect([read, closed]).toEqual([MOST_BYTES + 1024 * 1024, true]);
  });

  it('may be cut anywhere', async () => {
    async function* bytes(): AsyncGenerator<Uint8Array> {
      for (const byte of Buffer.from('# é 😀\n')) yield Buffer.from([byte]);
    }
    expect(await readStream(bytes())).toBe('# é 😀\n');
  });
});
