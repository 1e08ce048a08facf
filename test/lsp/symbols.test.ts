import { describe, expect, test } from 'vitest';
import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { ask, TWO_SLOTS as SETUP } from './client';

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

  test('blocks have their statements in them, and constants are distinguished by their names', async () => {
    const { found } = await ask<DocumentSymbol[]>(
      `let base = 0x80000000\n|${SETUP}scenario "one" {\n  punch A offset 0 size 4K => flush\n}\nscenario "two" { close A }`,
      'documentSymbol',
    );
    const outline = (symbols: readonly DocumentSymbol[]): unknown[] =>
      symbols.map(({ name, kind, children }) => (children ? [name, kind, outline(children)] : [name, kind]));
    expect(outline(found)).toEqual([
      ['base', SymbolKind.Constant],
      ['vm', SymbolKind.Module],
      ['gmem A', SymbolKind.File],
      ['slot 0', SymbolKind.Struct],
      ['slot 1', SymbolKind.Struct],
      ['one', SymbolKind.Namespace, [['punch', SymbolKind.Event]]],
      ['two', SymbolKind.Namespace, [['close', SymbolKind.Event]]],
    ]);
    expect(found[5]!.range).toMatchObject({ start: { line: 5 }, end: { line: 7, character: 1 } });
  });

  test('what has no name yet has that of its keyword', async () => {
    const { found } = await ask<DocumentSymbol[]>('|scenario "" { close A }\nlet', 'documentSymbol');
    expect(found.map(({ name }) => name)).toEqual(['scenario', 'let']);
  });
});
