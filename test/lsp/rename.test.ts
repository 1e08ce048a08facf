import { describe, expect, test } from 'vitest';
import type { WorkspaceEdit } from 'vscode-languageserver';
import { ask, edited, textIn, URI } from './client';

const SETUP = `gmem A size 4M
gmem B size 4M
slot 0 gpa 0 size 2M gmem A offset 0
`;

interface Prepared {
  readonly range: Parameters<typeof textIn>[1];
  readonly placeholder: string;
}

describe('renaming', () => {
  test.each([
    ['a file', `${SETUP}close A| => freed A page 0`, 'A'],
    ['a slot', `${SETUP}delete slot |0`, '0'],
    ['a slot in an expectation', `${SETUP}close A => zapped slot |0 gfn 0`, '0'],
    ['a constant', 'let first = 0\nslot 0 gfn fi|rst size 4K', 'first'],
  ])('%s: what would be renamed', async (_what, marked, name) => {
    const { found, text } = await ask<Prepared>(marked, 'prepareRename');
    expect(found.placeholder).toBe(name);
    expect(textIn(text, found.range)).toBe(name);
  });

  test('where nothing is named, nothing is renamed', async () => {
    expect((await ask(`${SETUP}punch| A offset 0 size 4K`, 'prepareRename')).found).toBeNull();
    expect((await ask(`${SETUP}punch| A offset 0 size 4K`, 'rename', { newName: 'C' })).found).toBeNull();
  });

  test('all places get the name, in expectations too', async () => {
    const { found, text } = await ask<WorkspaceEdit>(`${SETUP}close |A => freed A page 0`, 'rename', {
      newName: 'memory',
    });
    expect(edited(text, found.changes![URI]!)).toBe(
      `${SETUP.replaceAll('A', 'memory')}close memory => freed memory page 0`,
    );
  });

  test.each([
    ['B', 'a file already has the name `B`, in line 2'],
    ['size', '`size` is a reserved word and cannot name a file'],
  ])('%s is refused in words', async (newName, message) => {
    await expect(ask(`${SETUP}close |A`, 'rename', { newName })).rejects.toMatchObject({ message });
  });

  test('a slot that is worked out is refused before a name is asked for', async () => {
    const text = 'let one = 1\nslot one + 1 gpa 0 size 4K\ndelete slot |2';
    await expect(ask(text, 'prepareRename')).rejects.toMatchObject({
      message: 'slot 2 is written as `one + 1` in line 2: change that first',
    });
  });

  test('a request without a name', async () => {
    await expect(ask(`${SETUP}close |A`, 'rename', { newName: 7 })).rejects.toMatchObject({ code: -32602 });
  });
});
