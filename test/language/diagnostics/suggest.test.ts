import { describe, expect, test } from 'vitest';
import { editDistance, nearest } from '../../../src/language/diagnostics/suggest';

describe('did you mean', () => {
  test.each([
    ['punhc', 'punch', 1],
    ['slto', 'slot', 1],
    ['gmem', 'gmem', 0],
    ['', 'vm', 2],
    ['ca', 'abc', 3],
  ])('from %s to %s it is %i', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
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
