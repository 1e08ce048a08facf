import { describe, expect, it } from 'vitest';
import { type CpioEntry, cpioArchive, FILE, FOLDER, PROGRAM } from '../../kernel/cpio';

interface Member {
  readonly path: string;
  readonly mode: number;
  readonly links: number;
  readonly data: string;
}

/** Reads an archive by the format's description: 6 digits of magic, 13 fields of 8, path, data. */
function readArchive(archive: Uint8Array): readonly Member[] {
  const text = Buffer.from(archive).toString('latin1');
  const aligned = (offset: number) => Math.ceil(offset / 4) * 4;
  const members: Member[] = [];
  let at = 0;
  while (at < text.length) {
    expect(text.slice(at, at + 6)).toBe('070701');
    const fields = Array.from({ length: 13 }, (_, i) =>
      Number.parseInt(text.slice(at + 6 + 8 * i, at + 14 + 8 * i), 16),
    );
    const pathAt = at + 110;
    const path = text.slice(pathAt, pathAt + fields[11]! - 1);
    expect(text.charCodeAt(pathAt + fields[11]! - 1)).toBe(0);
    const dataAt = aligned(pathAt + fields[11]!);
    members.push({
      path,
      mode: fields[1]!,
      links: fields[4]!,
      data: text.slice(dataAt, dataAt + fields[6]!),
    });
    at = aligned(dataAt + fields[6]!);
  }
  return members;
}

const entry = (path: string, mode: number, data = ''): CpioEntry => ({ path, mode, data: Buffer.from(data) });

describe('cpioArchive', () => {
  it('holds the entries in order, and the trailer', () => {
    const archive = cpioArchive([
      entry('dev', FOLDER),
      entry('init', PROGRAM, 'code'),
      entry('a/b', FILE, '12345'),
    ]);
    expect(readArchive(archive)).toEqual([
      { path: 'dev', mode: 0o040755, links: 2, data: '' },
      { path: 'init', mode: 0o100755, links: 1, data: 'code' },
      { path: 'a/b', mode: 0o100644, links: 1, data: '12345' },
      { path: 'TRAILER!!!', mode: 0, links: 1, data: '' },
    ]);
  });

  it.each([0, 1, 2, 3, 4, 5, 4095, 4096])('pads %i bytes of data', (length) => {
    const data = 'x'.repeat(length);
    for (const path of ['a', 'ab', 'abc', 'abcd']) {
      const archive = cpioArchive([entry(path, FILE, data)]);
      expect(archive.length % 4).toBe(0);
      expect(readArchive(archive)[0]).toMatchObject({ path, data });
    }
  });

  it('is just the trailer for no entries', () => {
    expect(readArchive(cpioArchive([])).map(({ path }) => path)).toEqual(['TRAILER!!!']);
  });
});
