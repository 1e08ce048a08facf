import { describe, expect, it } from 'vitest';
import { describeSpte } from '../../kernel/sptes';

describe('describeSpte', () => {
  it.each<[string, bigint, number, string]>([
    ['no entry', 0x8000000000000000n, 1, 'none'],
    ['a frozen entry of 6.12', 0x80000000000005a0n, 2, 'none'],
    ['a frozen entry of 7.3', 0x80000000000001a0n, 2, 'none'],
    ['a table', 0x10ee827n, 4, 'table'],
    ['an MMIO entry of 7.3', 0x800001000000fn, 1, 'mmio'],
    ['an MMIO entry with a generation in its upper half', 0x38000010000017n, 1, 'mmio'],
    ['a page the guest wrote to', 0x4a2be67n, 1, 'rwxad'],
    ['a page that was prefaulted', 0x4a2be47n, 1, 'rwx-d'],
    ['the zero page', 0x2e0c825n, 1, 'r-xa-'],
    ['the zero page, prefaulted', 0x2e0c805n, 1, 'r-x--'],
    ['a huge page', 0x4a00ee7n, 2, 'rwxad'],
    ['a huge page of 1 GiB, prefaulted', 0x40000ec7n, 3, 'rwx-d'],
    ['a page that must not be executed', 0x8000000004a2be67n, 1, 'rw-ad'],
  ])('%s', (_, value, level, expected) => {
    expect(describeSpte(value, level)).toBe(expected);
  });
});
