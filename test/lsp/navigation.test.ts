import { describe, expect, test } from 'vitest';
import type {
  CodeAction,
  DocumentHighlight,
  DocumentSymbol,
  InlayHint,
  Location,
} from 'vscode-languageserver';
import { openMarked, textIn, URI } from './client';

const SETUP = [
  'vm sw-protected',
  'gmem A size 4M',
  'slot 0 gpa 0x80000000 size 2M gmem A offset 0',
  'slot 1 gpa 0x90000000 size 1M gmem A offset 2M',
  '',
].join('\n');

async function ask<R>(marked: string, method: string, more: object = {}) {
  const { client, text, params, diagnostics } = await openMarked(marked);
  const found = await client.connection.sendRequest<R>(`textDocument/${method}`, { ...params, ...more });
  client.dispose();
  return { found, text, diagnostics };
}

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

describe('the outline', () => {
  test('lists statements in their order', async () => {
    const { found } = await ask<DocumentSymbol[]>(
      `|${SETUP}punch A offset 0 size 4K\nclose`,
      'documentSymbol',
    );
    expect(found.map(({ name, detail }) => [name, detail])).toEqual([
      ['vm', 'sw-protected'],
      ['gmem A', 'size 4M'],
      ['slot 0', 'gpa 0x80000000 size 2M gmem A offset 0'],
      ['slot 1', 'gpa 0x90000000 size 1M gmem A offset 2M'],
      ['punch', 'A offset 0 size 4K'],
      ['close', ''],
    ]);
  });
});

describe('inlay hints', () => {
  test.each([
    ['slot 2 gpa 0x1000 size 8K', 'gfn 0x1..0x3'],
    ['slot 2 gpa 0xa0000000 size 4K gmem A offset 3M', 'gfn 0xa0000 = A pages 0x300'],
    ['move slot 1 gpa 0xa0000000', 'gfn 0xa0000..0xa0100'],
    ['convert gpa 0x80000000 size 2M private', 'gfn 0x80000..0x80200'],
    ['punch A offset 0x1ff000 size 12K', 'slot 0 gfn 0x801ff · slot 1 gfn 0x90000..0x90002'],
    ['allocate A offset 3M size 1M', null],
    ['discard slot 1 offset 4K size 4K', 'gfn 0x90001'],
    ['close A', null],
    ['slot 2 gpa 0 size', null],
    ['slot 2 gpa 0xffff_ffff_ffff_f000 size 0xffff_ffff_ffff_f000', null],
  ])('%s', async (statement, expected) => {
    const range = { start: { line: 4, character: 0 }, end: { line: 5, character: 0 } };
    const { found } = await ask<InlayHint[]>(`${SETUP}${statement}|\n`, 'inlayHint', { range });
    expect(found.map(({ label }) => label)).toEqual(expected === null ? [] : [expected]);
  });

  test('only those of the range that is asked for', async () => {
    const range = { start: { line: 2, character: 0 }, end: { line: 3, character: 0 } };
    const { found } = await ask<InlayHint[]>(`|${SETUP}`, 'inlayHint', { range });
    expect(found.map(({ position }) => position)).toEqual([{ line: 2, character: 45 }]);
  });
});

describe('quick fixes', () => {
  test('put in what was meant', async () => {
    const { client, text, diagnostics, params } = await openMarked(`${SETUP}punhc A offset 0 size 4K`);
    const context = { diagnostics };
    const range = diagnostics[0]!.range;
    const [fix] = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      ...params,
      range,
      context,
    });
    client.dispose();
    const [edit] = fix!.edit!.changes![URI]!;
    expect(textIn(text, edit!.range)).toBe('punhc');
    expect(edit!.newText).toBe('punch');
  });
});
