import { describe, expect, it } from 'vitest';
import { ascii, layoutFigure, svg } from '../../src/figures';
import { MOST_ROWS } from '../../src/figures/fold';
import { gridOf } from '../../src/figures/grid';
import { figureOfText } from './figures';

/** Every fourth page of 16M is shared: 2048 ranges. */
const CHECKED = [
  'vm sw-protected',
  'gmem A size 16M',
  'slot 0 gpa 2G size 16M gmem A offset 0',
  'convert gpa 2G size 16M private',
  ...Array.from({ length: 1024 }, (_, at) => `convert gpa ${0x80000000 + at * 16384} size 4K shared`),
  'prefault vcpu 0 gpa 2G size 16M',
].join('\n');

const FOUR_TIB = `kernel linux-7.3 with phys-bits bits-48
vm sw-protected
gmem A size 4T
gmem B size 8K
slot 0 gpa 1T size 4T gmem A offset 0
slot 1 gpa 8T size 8K gmem B offset 0
convert gpa 1T size 4T private
prefault vcpu 0 gpa 1T size 4T
punch A offset 512G size 4K
`;

function rowsOf(text: string) {
  return figureOfText(text).panels.map((panel) => gridOf(panel).rows);
}

describe('thousands of ranges', () => {
  it('are few rows: what changed with its neighbours, both ends, and folds', () => {
    const [rows] = rowsOf(`${CHECKED}\npunch A offset 8M size 4K\n`);
    expect(rows!.length).toBeLessThanOrEqual(MOST_ROWS);
    const drawn = rows!.flatMap((row) => (row.kind === 'range' ? [row.gfns!.start] : []));
    expect(drawn).toEqual(expect.arrayContaining([0x80000, 0x807fd, 0x80800, 0x80801, 0x80ffd]));
  });

  it('that all changed are drawn at both ends', () => {
    const [rows] = rowsOf(`${CHECKED}\npunch A offset 0 size 16M\n`);
    expect(rows!.map(({ kind }) => kind).join(' ')).toMatch(/^(range ){6}fold( range){6}$/);
  });

  it('leave no page out: rows and folds follow each other', () => {
    const [rows] = rowsOf(`${CHECKED}\npunch A offset 2M size 4M\n`);
    let at = 0;
    for (const { base, pages } of rows!) {
      expect(base).toEqual({ start: at, end: at + pages });
      at += pages;
    }
    expect(at).toBe(4096);
  });

  it('are counted in every format', () => {
    const figure = figureOfText(`${CHECKED}\npunch A offset 0 size 16M\n`);
    const fold = '2036 ranges folded, 16288K';
    expect(ascii(figure)).toContain(fold);
    expect(svg(figure)).toContain(fold);
    expect(layoutFigure(figure).folds.length).toBe(1);
    const [, more] = / and (\d+) more ranges$/.exec(figure.outcome[0]!)!;
    const named = figure.outcome[0]!.split(', ').length;
    expect(named + Number(more)).toBe(2048);
  });

  it('are counted by slot, where many are bound', () => {
    const slots = Array.from(
      { length: 500 },
      (_, at) => `slot ${at} gpa ${0x80000000 + at * 65536} size 16K gmem A offset ${at * 16384}`,
    );
    const text = ['vm sw-protected', 'gmem A size 16M', ...slots].join('\n');
    const figure = figureOfText(text);
    expect(ascii(figure)).toContain('in 489 places folded');
    expect(ascii(figure).split('\n').length).toBeLessThan(100);
  });
});

describe('ranges of any size', () => {
  it('are a row each, and marked where they are drawn shorter than they are', () => {
    const [a, b] = rowsOf(FOUR_TIB);
    expect(a!.map((row) => [row.pages, row.kind === 'range' && row.shortened])).toEqual([
      [2 ** 27, true],
      [1, false],
      [2 ** 30 - 2 ** 27 - 1, true],
    ]);
    expect(b!.map((row) => row.kind === 'range' && row.shortened)).toEqual([false]);
  });

  it('have their sizes beside them', () => {
    const text = ascii(figureOfText(FOUR_TIB));
    for (const size of ['512G', '4K', '8K']) expect(text).toMatch(new RegExp(` ${size} [|:]`));
  });
});
