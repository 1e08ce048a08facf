import { describe, expect, test } from 'vitest';
import type { InlayHint } from 'vscode-languageserver';
import { ask, TWO_SLOTS as SETUP } from './client';

describe('inlay hints', () => {
  test.each([
    ['slot 2 gpa 0x1000 size 8K', 'gfn 0x1..0x3'],
    ['slot 2 gpa 0xa0000000 size 4K gmem A offset 3M', 'gfn 0xa0000 = A page 0x300'],
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

  test.each([
    ['convert gpa base size 2M private', ['@base = 0x80000000', '@private gfn 0x80000..0x80200']],
    ['convert gfn first..first + 2 private', ['@first = 0x80000', '@first + 2 = 0x80002 · 8K']],
    ['convert gfn 0x80000..0x80002 private', ['@0x80002 8K']],
    [
      'punch A offset 2 * 4K size 3 * 4K',
      ['@2 * 4K = 0x2000', '@3 * 4K = 12K', '@3 * 4K slot 0 gfn 0x80002..0x80005'],
    ],
    ['gmem B pages 2 * 512', ['@2 * 512 = 1024']],
    ['let end = base + 2M', ['@base + 2M = 0x80200000']],
    ['slot 2 gfn 1..3 gmem A offset 3M', ['@3 8K', '@3M = A pages 0x300..0x302']],
    ['slot 2 gfn 1..3', ['@3 8K']],
    ['punch A offset 0 size 4K => freed A page 0, flush', ['@4K slot 0 gfn 0x80000']],
    ['punch A offset 0 size 4K as early => flush', ['@early slot 0 gfn 0x80000']],
  ])('%s, with values', async (statement, expected) => {
    const text = `${SETUP}let base = 0x80000000 let first = 0x80000\n${statement}|\n`;
    const range = { start: { line: 5, character: 0 }, end: { line: 6, character: 0 } };
    const { found, text: source } = await ask<InlayHint[]>(text, 'inlayHint', { range });
    const line = source.split('\n')[5]!;
    const behind = ({ position, label }: InlayHint) => {
      const before = line.slice(0, position.character);
      const word = expected
        .map((one) => one.slice(1, one.indexOf(` ${label}`)))
        .find((one) => before.endsWith(one));
      return `@${word} ${label}`;
    };
    expect(found.map(behind)).toEqual(expected);
  });

  test('only those of the range that is asked for', async () => {
    const range = { start: { line: 2, character: 0 }, end: { line: 3, character: 0 } };
    const { found } = await ask<InlayHint[]>(`|${SETUP}`, 'inlayHint', { range });
    expect(found.map(({ position }) => position)).toEqual([{ line: 2, character: 45 }]);
  });
});
