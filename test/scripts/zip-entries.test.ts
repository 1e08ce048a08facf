import { describe, expect, test } from 'vitest';
import { zipEntries } from '../../scripts/zip-entries';
import { zipOf } from './zip';

/** The central directory of an archive, without the files before it. */
function directory(files: readonly [name: string, size: number][], comment = ''): Buffer {
  const entries = files.map(([name, size]) => {
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt32LE(size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(4, 30);
    return Buffer.concat([entry, Buffer.from(name), Buffer.alloc(4)]);
  });
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...entries, end, Buffer.from(comment)]);
}

describe('the files of a zip archive', () => {
  test.each([[''], ['a comment']])('are listed with their sizes; comment %j', (comment) => {
    const archive = directory(
      [
        ['a.js', 3],
        ['b/c.json', 70_000],
      ],
      comment,
    );
    expect(zipEntries(archive)).toMatchObject([
      { name: 'a.js', size: 3 },
      { name: 'b/c.json', size: 70_000 },
    ]);
  });

  test.each([
    ['no archive', Buffer.from('x'.repeat(100))],
    ['no bytes', Buffer.alloc(0)],
    ['an archive without its beginning', directory([['a.js', 3]]).subarray(20)],
  ])('cannot be listed of %s', (_title, bytes) => expect(() => zipEntries(bytes)).toThrow(/archive/));

  test('are unpacked, whether they are deflated or stored', () => {
    const files = { 'a.txt': 'a'.repeat(1000), 'b/c.txt': 'stored', 'empty.txt': '' };
    const found = zipEntries(zipOf(files)).map(({ name, content }) => [name, content().toString()]);
    expect(Object.fromEntries(found)).toEqual(files);
  });
});
