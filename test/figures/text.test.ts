import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../src/figures/columns';
import type { Panel } from '../../src/figures/figure';
import { cut, sizeText, withFewRanges, wrap } from '../../src/figures/text';
import type { NonEmpty } from '../../src/simulator/known';

describe('sizes', () => {
  it.each([
    [1, '4K'],
    [511, '2044K'],
    [512, '2M'],
    [2 ** 18, '1G'],
    [2 ** 28, '1T'],
    [2 ** 51, '8192P'],
    [2 ** 28 - 1, '1073741820K'],
  ])('of %i pages: %s', (pages, text) => {
    expect(sizeText(pages)).toBe(text);
  });
});

describe('wrapping', () => {
  it.each([
    ['', []],
    ['one two three', ['one two', 'three']],
    ['abcdefghijkl', ['abcdefgh', 'ijkl']],
    ['a abcdefghijkl b', ['a', 'abcdefgh', 'ijkl b']],
  ])('%j', (text, lines) => {
    expect(wrap(text, 8)).toEqual(lines);
  });
});

describe('phrases that list ranges', () => {
  const ranges = (count: number) =>
    Array.from({ length: count }, (_, at) => `0x${at}..0x${at + 1}`).join(', ');

  it('stay as they are where they are short', () => {
    expect(withFewRanges(`freed A pages ${ranges(5)}`)).toBe(`freed A pages ${ranges(5)}`);
  });

  it('name the first, and count the others', () => {
    const text = withFewRanges(`freed A pages ${ranges(100)}`);
    expect(text.length).toBeLessThan(240);
    const [, more] = /and (\d+) more ranges$/.exec(text)!;
    expect(text.match(/0x[0-9a-f]+(?:\.\.0x[0-9a-f]+)?/g)!.length + Number(more)).toBe(100);
  });

  it('without ranges stay as they are', () => {
    expect(withFewRanges('x'.repeat(300))).toBe('x'.repeat(300));
  });
});

describe('the texts of lanes', () => {
  const lane = (id: 'file' | 'rmp', spare: number) => ({
    id,
    axis: 'base' as const,
    titles: ['title', 't'],
    spare,
  });
  const panel = { lanes: [lane('file', 0), lane('rmp', 1)] } as unknown as Panel;
  const cell = (index: number, texts: NonEmpty<string>) => ({
    lane: index,
    first: 0,
    end: 1,
    segment: { start: 0, end: 1, word: 'page' as const, texts, changed: false, about: '' },
  });
  const cells = [cell(0, ['longer', 'long']), cell(1, ['the longest', 'longest', 'l'])];

  it.each([
    ['are whole where there is room', 17, [6, 11], [0, 0], 0],
    ['get shorter where that saves most', 13, [6, 7], [0, 1], 0],
    ['get shorter still', 10, [6, 1], [0, 2], 1],
    ['all get short', 5, [4, 1], [1, 2], 2],
  ])('%s', (_, available, widths, variants, loss) => {
    expect(columnsOf(panel, cells, available)).toEqual({ widths, variants, loss });
  });

  it('are cut at last', () => {
    const { widths, loss } = columnsOf(panel, cells, 3);
    expect(widths).toEqual([2, 1]);
    expect(loss).toBeGreaterThan(100);
    expect(cut('longest', 5)).toBe('lon..');
  });
});
