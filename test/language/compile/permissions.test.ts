import { describe, expect, test } from 'vitest';
import { PERMISSIONS, permissionsMask } from '../../../src/language';

describe('permissions of a VMPL', () => {
  test.each([
    ['none', 0],
    ['r', 1],
    ['w', 2],
    ['rw', 3],
    ['u', 4],
    ['s', 8],
    ['rus', 13],
    ['rwus', 15],
    ['', null],
    ['wr', null],
    ['rr', null],
    ['x', null],
    ['nonerw', null],
  ])('%j is %s', (text, mask) => {
    expect(permissionsMask(text)).toBe(mask);
  });

  test('there is one way to write each mask', () => {
    expect(PERMISSIONS.map(permissionsMask)).toEqual(Array.from({ length: 16 }, (_, mask) => mask));
    expect(new Set(PERMISSIONS).size).toBe(16);
  });
});
