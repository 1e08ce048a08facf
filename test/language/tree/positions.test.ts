import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexLines, offsetAt, positionAt } from '../../../src/language';

describe('positions', () => {
  const text = 'ab\ncd\r\nef\rg🐧h';
  const lines = indexLines(text);

  test.each([
    [0, 0, 0],
    [2, 0, 2],
    [3, 1, 0],
    [7, 2, 0],
    [10, 3, 0],
    [13, 3, 3],
    [14, 3, 4],
  ])('offset %i is line %i, character %i', (offset, line, character) => {
    expect(positionAt(lines, offset)).toEqual({ line, character });
    expect(offsetAt(lines, { line, character })).toBe(offset);
  });

  test('what lies outside counts as the nearest end', () => {
    expect(positionAt(lines, -5)).toEqual({ line: 0, character: 0 });
    expect(positionAt(lines, 99)).toEqual({ line: 3, character: 4 });
    expect(offsetAt(lines, { line: -1, character: 3 })).toBe(0);
    expect(offsetAt(lines, { line: 99, character: 0 })).toBe(text.length);
    expect(offsetAt(lines, { line: 0, character: 99 })).toBe(3);
  });

  test('there and back again', () => {
    const texts = fc
      .array(fc.constantFrom('a', '\n', '\r', '\r\n', '🐧'), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, fc.nat(60), (any, at) => {
        const index = indexLines(any);
        const offset = Math.min(at, any.length);
        expect(offsetAt(index, positionAt(index, offset))).toBe(offset);
      }),
    );
  });
});
