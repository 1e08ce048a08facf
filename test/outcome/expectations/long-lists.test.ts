import { describe, expect, it } from 'vitest';
import { isListKind } from '../../../src/outcome';
import { differenceOf } from '../../../src/outcome/expectations/difference';

/** Ranges of one page each, which count how often they are read. */
function ranges(count: number, first: number, reads: { count: number }) {
  return Array.from({ length: count }, (_, at) => ({
    get start() {
      reads.count++;
      return first + at * 3;
    },
    end: first + at * 3 + 1,
  }));
}

/** Lists of expectations with `count` ranges, by their kind. */
const LISTS = {
  mapped: (count: number, first: number, reads: { count: number }) =>
    ranges(count, first, reads).map((range) => Object.assign(range, { level: 1, rights: 'rwx' })),
  zapped: (count: number, first: number, reads: { count: number }) => [
    { slot: 0, leaves: ranges(count, first, reads).map((range) => Object.assign(range, { level: 1 })) },
  ],
  freed: (count: number, first: number, reads: { count: number }) => [
    { file: 'A', pages: ranges(count, first, reads) },
  ],
  attributes: (count: number, first: number, reads: { count: number }) =>
    ranges(count, first, reads).map((range) => Object.assign(range, { to: 'private' })),
  stale: ranges,
};

/** How many times the ranges are read to compare a list of `count` of them with as many others. */
function readsOf(kind: keyof typeof LISTS, count: number): number {
  const reads = { count: 0 };
  const lists = [0, 1].map((first) => LISTS[kind](count, first, reads) as never);
  const difference = differenceOf(kind, lists[0], lists[1]);
  expect(isListKind(kind) && difference !== null).toBe(true);
  return reads.count;
}

describe('comparing an expectation of many items with an outcome of as many', () => {
  it.each(Object.keys(LISTS) as (keyof typeof LISTS)[])('takes %s in proportion to their number', (kind) => {
    expect(readsOf(kind, 2000) / readsOf(kind, 500)).toBeLessThan(6);
  });
});
