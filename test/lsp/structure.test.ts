import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FoldingRange, SelectionRange } from 'vscode-languageserver';
import { enclosingSpans, parse } from '../../src/language';
import { documents } from '../generators/documents';
import { ask, textIn } from './client';

const LINES = { textDocument: { foldingRange: { lineFoldingOnly: true } } };

const TEXT = `# Two lines
# of comment.
gmem A size 4M # alone

# region set-up
slot 0 gpa 0
  size 4K
# endregion
scenario "one" {
  # in it
  # as well
  close A
}
scenario "two" {
  close A`;

describe('folding', () => {
  test('blocks but for their last line, regions, runs of comments, statements on several lines', async () => {
    const { found } = await ask<FoldingRange[]>(`|${TEXT}`, 'foldingRange', {}, LINES);
    expect(found).toEqual([
      { startLine: 0, endLine: 1, kind: 'comment' },
      { startLine: 4, endLine: 7, kind: 'region' },
      { startLine: 5, endLine: 6 },
      { startLine: 8, endLine: 11 },
      { startLine: 9, endLine: 10, kind: 'comment' },
      { startLine: 13, endLine: 14 },
    ]);
  });

  test('with the places in their lines, for editors that fold those', async () => {
    const { found } = await ask<FoldingRange[]>('|scenario "one" {\n  close A\n}', 'foldingRange');
    expect(found).toEqual([{ startLine: 0, endLine: 1, startCharacter: 16, endCharacter: 9 }]);
  });

  test('markers without their other half are no regions', async () => {
    const { found } = await ask<FoldingRange[]>(
      '|# endregion\nclose A\n# region\nclose B',
      'foldingRange',
      {},
      LINES,
    );
    expect(found).toEqual([]);
  });
});

/** The texts that are selected, one after another. */
async function selections(marked: string): Promise<string[]> {
  const offset = marked.indexOf('|');
  const lines = marked.slice(0, offset).split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)!.length };
  const { found, text } = await ask<SelectionRange[]>(marked, 'selectionRange', { positions: [position] });
  const texts: string[] = [];
  for (let range: SelectionRange | undefined = found[0]; range; range = range.parent)
    texts.push(textIn(text, range.range));
  return texts;
}

describe('selection', () => {
  const statement = 'punch A offset base + 4K size 8K => zapped slot 0 gfn 1..3, 5, flush';
  const block = `scenario "a" { ${statement} }`;

  test.each([
    [
      'a word of an expression',
      block.replace('base', 'ba|se'),
      [
        ...['base', 'base + 4K', 'offset base + 4K', 'offset base + 4K size 8K'],
        ...['punch A offset base + 4K size 8K', statement, ` ${statement} `, `{ ${statement} }`, block],
      ],
    ],
    [
      'a number of an expectation',
      block.replace('1..3', '1..|3'),
      [
        ...['3', 'zapped slot 0 gfn 1..3', 'zapped slot 0 gfn 1..3, 5', 'zapped slot 0 gfn 1..3, 5, flush'],
        ...['=> zapped slot 0 gfn 1..3, 5, flush', statement, ` ${statement} `, `{ ${statement} }`, block],
      ],
    ],
    [
      'a comment',
      'close A\n# on|e\n# two\nclose B',
      ['# one', '# one\n# two', 'close A\n# one\n# two\nclose B'],
    ],
    ['nothing', 'close A\n|\nclose B', ['close A\n\nclose B']],
  ])('%s', async (_what, marked, expected) => {
    expect(await selections(marked)).toEqual(expected);
  });

  test('each is in the next, and the last is the document', () => {
    fc.assert(
      fc.property(documents(), fc.nat(), (text, draw) => {
        const offset = draw % (text.length + 1);
        const spans = enclosingSpans(parse(text), offset);
        expect(spans.at(-1)).toEqual({ start: 0, end: text.length });
        for (const [at, { start, end }] of spans.entries()) {
          expect(start <= offset && offset <= end).toBe(true);
          const outer = spans[at + 1];
          if (outer !== undefined) expect(outer.start <= start && end <= outer.end).toBe(true);
        }
      }),
    );
  });

  test('a request without places', async () => {
    await expect(ask('|close A', 'selectionRange')).rejects.toMatchObject({ code: -32602 });
  });
});
