import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { followLinks } from '../../src/cli/links';
import { type Folder, makeFolder } from './folder';

let folder: Folder;
const at = (name: string) => path.join(folder.path, name);

beforeEach(() => {
  folder = makeFolder();
  mkdirSync(at('a/b'), { recursive: true });
  folder.file('file', '');
});
afterEach(() => folder.remove());

describe('followLinks', () => {
  test.each([
    ['a file', [], 'file', 'file'],
    ['a file that does not exist, in folders that do not', [], 'x/y/z', 'x/y/z'],
    [
      'a link to a link',
      [
        ['one', 'two'],
        ['two', 'file'],
      ],
      'one',
      'file',
    ],
    ['a dangling link', [['one', 'a/new']], 'one', 'a/new'],
    ['a dangling link that leads out of its folder', [['a/one', '../../outside']], 'a/one', '../outside'],
    ['a file below a link', [['one', 'a']], 'one/b/new', 'a/b/new'],
    [
      'a relative link in a folder that is a link',
      [
        ['short', 'a/b'],
        ['a/b/one', '../new'],
      ],
      'short/one',
      'a/new',
    ],
    [
      'a link through a link and up again',
      [
        ['short', 'a/b'],
        ['one', 'short/../new'],
      ],
      'one',
      'a/new',
    ],
  ] as const)('%s', (_title, links, from, to) => {
    for (const [link, target] of links) symlinkSync(target, at(link));
    expect(followLinks(at(from))).toBe(path.resolve(folder.path, to));
  });

  test('an absolute link', () => {
    symlinkSync(at('file'), at('one'));
    expect(followLinks(at('one'))).toBe(at('file'));
  });

  test('links in a circle are an error, also above the file', () => {
    symlinkSync('two', at('one'));
    symlinkSync('one', at('two'));
    expect(() => followLinks(at('one'))).toThrow('too many symbolic links');
    expect(() => followLinks(at('one/file'))).toThrow('too many symbolic links');
  });
});
