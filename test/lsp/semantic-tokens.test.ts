import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SemanticTokens, SemanticTokensDelta } from 'vscode-languageserver';
import { analyze, classifyTokens, tokenize } from '../../src/language';
import { LEGEND } from '../../src/lsp/semantic-tokens';
import { documents } from '../generators/documents';
import { ask, openMarked, URI } from './client';

/** `text type modifiers` of each token. */
function decoded(text: string, data: readonly number[]): string[] {
  const lines = text.split('\n');
  let [line, character] = [0, 0];
  const found: string[] = [];
  for (let at = 0; at < data.length; at += 5) {
    const [down, right, length, type, bits] = data.slice(at, at + 5) as [
      number,
      number,
      number,
      number,
      number,
    ];
    character = down === 0 ? character + right : right;
    line += down;
    const word = lines[line]!.slice(character, character + length);
    const modifiers = LEGEND.tokenModifiers.filter((_name, bit) => (bits & (1 << bit)) !== 0);
    found.push([word, LEGEND.tokenTypes[type], ...modifiers].join(' '));
  }
  return found;
}

async function tokens(text: string): Promise<string[]> {
  const { found } = await ask<SemanticTokens>(`|${text}`, 'semanticTokens/full');
  return decoded(text, found.data);
}

describe('semantic tokens', () => {
  test.each([
    [
      'gmem A size 4M mmap',
      ['gmem keyword', 'A type declaration', 'size parameter', '4M number', 'mmap modifier'],
    ],
    [
      'kernel linux-7.3 with retry-check off',
      ['kernel keyword', 'linux-7.3 namespace', 'with parameter', 'retry-check property', 'off enumMember'],
    ],
    [
      'let n = 4K\nslot 0 gfn n..n + 2 * 1',
      [
        ...['let keyword', 'n variable declaration readonly', '= operator', '4K number'],
        ...['slot keyword', '0 struct declaration', 'gfn parameter', 'n variable readonly'],
        ...['n variable readonly', '+ operator', '2 number', '* operator', '1 number'],
      ],
    ],
    ['delete slot 3', ['delete keyword', 'slot parameter', '3 struct deprecated']],
    ['close Z', ['close keyword', 'Z type deprecated']],
    [
      'gmem A size z',
      ['gmem keyword', 'A type declaration', 'size parameter', 'z variable readonly deprecated'],
    ],
    ['vm tdxx', ['vm keyword', 'tdxx class deprecated']],
    [
      'kernel linux-7.4 with retry off',
      [
        ...['kernel keyword', 'linux-7.4 namespace deprecated', 'with parameter'],
        ...['retry property deprecated', 'off enumMember'],
      ],
    ],
    [
      'fault vcpu 0 write gpa 1',
      [...['fault keyword', 'vcpu parameter', '0 number', 'write enumMember', 'gpa parameter', '1 number']],
    ],
    ['scenario "a" { }', ['scenario keyword', '"a" string declaration']],
    [
      'gmem A size 4K\nclose A => zapped slot 0 2M gfn 1..2, freed A page 1, EINVAL, no flush',
      [
        ...['gmem keyword', 'A type declaration', 'size parameter', '4K number', 'close keyword', 'A type'],
        ...[
          '=> operator',
          'zapped function',
          'slot parameter',
          '0 struct deprecated',
          '2M number',
          'gfn parameter',
        ],
        ...[
          '1 number',
          '.. operator',
          '2 number',
          ', operator',
          'freed function',
          'A type',
          'page parameter',
          '1 number',
        ],
        ...[', operator', 'EINVAL function', ', operator', 'no function', 'flush enumMember'],
      ],
    ],
    ['# only a comment', []],
  ])('%s', async (text, expected) => {
    expect(await tokens(text)).toEqual(expected);
  });

  test('of a range: those of the statements that it touches', async () => {
    const text = 'gmem A size 4M\nclose A\nvm default\n';
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } };
    const { found } = await ask<SemanticTokens>(`|${text}`, 'semanticTokens/range', { range });
    expect(decoded(text, found.data)).toEqual(['close keyword', 'A type']);
  });

  test('what has changed since, and all of it where that is not known any more', async () => {
    const { client } = await openMarked('gmem A size 4M\nclose A\n');
    const textDocument = { uri: URI };
    const request = <R>(method: string, more: object = {}) =>
      client.connection.sendRequest<R>(`textDocument/semanticTokens/${method}`, { textDocument, ...more });
    const before = await request<SemanticTokens>('full');
    const end = { line: 2, character: 0 };
    await client.change(2, [{ range: { start: end, end }, text: 'vm default\n' }]);
    const delta = await request<SemanticTokensDelta>('full/delta', { previousResultId: before.resultId });
    expect(delta.edits).toEqual([
      { start: before.data.length, deleteCount: 0, data: [1, 0, 2, 0, 0, 0, 3, 7, expect.anything(), 0] },
    ]);
    const same = await request<SemanticTokensDelta>('full/delta', { previousResultId: delta.resultId });
    expect(same.edits).toEqual([]);
    const stranger = await request<SemanticTokens>('full/delta', { previousResultId: 'never' });
    expect(stranger.data).toHaveLength(before.data.length + 10);
    client.dispose();
  });

  test('in the order of the text, none twice, and every word of a statement', () => {
    fc.assert(
      fc.property(documents(), (text) => {
        const analysis = analyze(text);
        const found = classifyTokens(analysis);
        for (const [at, token] of found.entries()) {
          if (at > 0) expect(token.span.start).toBeGreaterThanOrEqual(found[at - 1]!.span.end);
        }
        const words = tokenize(text).tokens.filter(({ kind }) => kind === 'word' || kind === 'number');
        const starts = new Set(found.map(({ span }) => span.start));
        expect(
          words.filter(({ start }) => !starts.has(start)).map(({ start, end }) => text.slice(start, end)),
        ).toEqual([]);
      }),
    );
  });
});
