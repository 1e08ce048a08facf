import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distancesFrom, nearest } from '../../../src/language/diagnostics/suggest';

/** The same, by the table of the distances between all beginnings of the words. */
function distance(from: string, to: string): number {
  const rows: number[][] = [];
  for (let row = 0; row <= from.length; row++) {
    rows[row] = [];
    for (let column = 0; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      rows[row]![column] =
        row === 0 || column === 0
          ? row + column
          : Math.min(
              rows[row - 1]![column]! + 1,
              rows[row]![column - 1]! + 1,
              rows[row - 1]![column - 1]! + (same ? 0 : 1),
              swapped ? rows[row - 2]![column - 2]! + 1 : Number.POSITIVE_INFINITY,
            );
    }
  }
  return rows[from.length]![to.length]!;
}

describe('did you mean', () => {
  test.each([
    ['punhc', 'punch', 1],
    ['slto', 'slot', 1],
    ['gmem', 'gmem', 0],
    ['', 'vm', 2],
    ['ca', 'abc', 3],
  ])('from %s to %s it is %i', (from, to, distance) => {
    expect(distancesFrom(from)(to)).toBe(distance);
  });

  test('words have the distance that the table of all their beginnings gives', () => {
    const letters = fc.constantFrom('a', 'b', 'c', 'é');
    const short = fc.string({ unit: letters, maxLength: 8 });
    const long = fc.string({ unit: letters, minLength: 28, maxLength: 32 });
    const any = fc.string({ unit: letters, maxLength: 50 });
    fc.assert(
      fc.property(fc.oneof(short, long), fc.oneof(short, any), (from, to) => {
        expect(distancesFrom(from)(to)).toBe(distance(from, to));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['prefualt', 'prefault'],
    ['SLOT', 'slot'],
    ['converts', 'convert'],
    ['explode', null],
    ['x'.repeat(10_000), null],
    ['', null],
  ])('%s', (word, expected) => {
    expect(nearest(word, ['slot', 'convert', 'prefault', 'fault'])).toBe(expected);
  });

  test('a name of one letter is no misspelling of another', () => {
    expect(nearest('B', ['A', 'C'])).toBeNull();
  });
});
