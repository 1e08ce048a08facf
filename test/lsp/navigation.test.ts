import { describe, expect, test } from 'vitest';
import type { DocumentHighlight, Location } from 'vscode-languageserver';
import { ask, TWO_SLOTS as SETUP, URI } from './client';

function place({ start }: Location['range']): string {
  return `${start.line}:${start.character}`;
}

describe('navigation', () => {
  test.each([
    ['a file', `${SETUP}punch |A offset 0 size 4K`, '1:5'],
    ['a file, behind its name', `${SETUP}punch A| offset 0 size 4K`, '1:5'],
    ['a slot', `${SETUP}delete slot |1`, '3:5'],
    ['a slot made again', `${SETUP}delete slot 1\nslot 1 gpa 0 size 4K\ndelete slot |1`, '5:5'],
    ['a file made again', `${SETUP}close A\ngmem A size 2M\nclose |A`, '5:5'],
  ])('the definition of %s', async (_what, marked, expected) => {
    const { found } = await ask<Location>(marked, 'definition');
    expect(found.uri).toBe(URI);
    expect(place(found.range)).toBe(expected);
  });

  test('of a number there is no definition', async () => {
    expect((await ask(`${SETUP}punch A offset |0 size 4K`, 'definition')).found).toBeNull();
  });

  test.each([
    [true, ['1:5', '2:35', '3:35', '4:6']],
    [false, ['2:35', '3:35', '4:6']],
  ])('references, with the definition: %j', async (includeDeclaration, expected) => {
    const { found } = await ask<Location[]>(`${SETUP}close |A`, 'references', {
      context: { includeDeclaration },
    });
    expect(found.map(({ range }) => place(range))).toEqual(expected);
  });

  test('highlights tell making from using', async () => {
    const { found } = await ask<DocumentHighlight[]>(`${SETUP}delete slot |0`, 'documentHighlight');
    expect(found.map(({ range, kind }) => `${place(range)} ${kind}`)).toEqual(['2:5 3', '4:12 2']);
  });
});
