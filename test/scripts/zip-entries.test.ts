import { describe, expect, test } from 'vitest';
import { zipEntries } from '../../scripts/zip-entries';
import { zipOf } from './zip';

describe('the files of a zip archive', () => {
  test('are unpacked, whether they are deflated or stored', async () => {
    const files = { 'a.txt': 'a'.repeat(1000), 'b/c.txt': 'stored', 'empty.txt': '' };
    const found = (await zipEntries(zipOf(files))).map(({ name, content }) => [name, content.toString()]);
    expect(Object.fromEntries(found)).toEqual(files);
  });

  test.each([
    ['no archive', Buffer.from('x'.repeat(100))],
    ['no bytes', Buffer.alloc(0)],
    ['an archive without its beginning', zipOf({ 'a.js': 'abc' }).subarray(20)],
    ['an archive without its end', zipOf({ 'a.js': 'abc' }).subarray(0, -20)],
  ])('cannot be read of %s', (_title, bytes) => expect(zipEntries(bytes)).rejects.toThrow());
});
