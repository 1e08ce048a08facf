import { describe, expect, test } from 'vitest';
import type { TextEdit } from 'vscode-languageserver';
import { ask, edited, openMarked, URI } from './client';

const TEXT = `slot 0 gpa 0x80000000   size 2M
slot 10  gpa 0x90000000 size 16M
close   A
`;
const OPTIONS = { tabSize: 8, insertSpaces: false };

async function formatted(method: string, more: object): Promise<string> {
  const { found, text } = await ask<TextEdit[]>(`|${TEXT}`, method, { options: OPTIONS, ...more });
  return edited(text, found);
}

describe('formatting', () => {
  test('the document, in columns; tabs and their size have no say', async () => {
    expect(await formatted('formatting', {})).toBe(`slot 0  gpa 0x80000000 size 2M
slot 10 gpa 0x90000000 size 16M
close A
`);
  });

  test('a range: the rows that it touches, as they are in the whole', async () => {
    const range = { start: { line: 0, character: 3 }, end: { line: 0, character: 5 } };
    expect(await formatted('rangeFormatting', { range })).toBe(`slot 0  gpa 0x80000000 size 2M
slot 10  gpa 0x90000000 size 16M
close   A
`);
  });

  test('the edits are small, so that the cursor stays where it is', async () => {
    const { found } = await ask<TextEdit[]>(`|${TEXT}`, 'formatting', { options: OPTIONS });
    expect(found.map(({ newText }) => newText.length).every((length) => length < 30)).toBe(true);
  });

  test('what is formatted needs no edit', async () => {
    const { found } = await ask<TextEdit[]>('|close A\n', 'formatting', { options: OPTIONS });
    expect(found).toEqual([]);
  });

  test('a text that is too long is left alone', async () => {
    const { client } = await openMarked('close   A\n'.repeat(300_000));
    const params = { textDocument: { uri: URI }, options: OPTIONS };
    expect(await client.connection.sendRequest('textDocument/formatting', params)).toEqual([]);
    client.dispose();
  });
});
