import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_U64, readNumber } from '../../../src/language';

describe('numbers', () => {
  test.each([
    ['0', 0n],
    ['4096', 4096n],
    ['0x1000', 0x1000n],
    ['0xdead_BEEF', 0xdeadbeefn],
    ['1_000', 1000n],
    ['4K', 4096n],
    ['2M', 2n << 20n],
    ['1G', 1n << 30n],
    ['4T', 4n << 40n],
    ['0x10K', 16n << 10n],
    ['007', 7n],
    ['18446744073709551615', MAX_U64],
    ['0xFFFFFFFFFFFFFFFF', MAX_U64],
  ])('%s', (text, value) => {
    expect(readNumber(text)).toEqual({ value });
  });

  test.each(['', '0x', '_1', '1_', '4k', '4KB', '1.5G', '0b1', '0X10', '-1', '1e3', '0x_1'])(
    '%j is malformed',
    (text) => {
      expect(readNumber(text)).toEqual({ problem: 'malformed' });
    },
  );

  test.each(['18446744073709551616', '0x1_0000_0000_0000_0000', '16777216T', '9'.repeat(400)])(
    '%s is too large',
    (text) => {
      expect(readNumber(text)).toEqual({ problem: 'too-large' });
    },
  );

  test('every 64-bit number is read as it is written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_U64 }), (value) => {
        expect(readNumber(String(value))).toEqual({ value });
        expect(readNumber(`0x${value.toString(16)}`)).toEqual({ value });
      }),
    );
  });
});
