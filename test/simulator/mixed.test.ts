import { describe, expect, it } from 'vitest';
import { guardedRange, initialMixed, mixedAfter } from '../../src/simulator/model/mixed';
import { put, type RangeSet, remove } from '../../src/simulator/ranges';
import type { Slot } from '../../src/simulator/state';

function slotAt(baseGfn: number, pages: number): Slot {
  const mixed = { 2: [], 3: [] };
  return { id: 0, baseGfn, pages, readonly: false, invalid: false, gmem: null, gmemOnly: false, mixed };
}

interface Step {
  readonly range: readonly [number, number];
  readonly to: 'private' | 'shared';
  /** Hull of what faults may not map meanwhile. */
  readonly guarded: readonly [number, number];
  readonly mixed2M: readonly number[];
  readonly mixed1G: readonly number[];
}

const CASES: readonly { name: string; slot: Slot; steps: readonly Step[] }[] = [
  {
    name: '2 GiB, aligned to 1 GiB',
    slot: slotAt(0x40000, 0x80000),
    steps: [
      {
        range: [0x40010, 0x40020],
        to: 'private',
        guarded: [0x40000, 0x80000],
        mixed2M: [0x40000],
        mixed1G: [0x40000],
      },
      {
        range: [0x40200, 0x40400],
        to: 'private',
        guarded: [0x40200, 0x40400],
        mixed2M: [0x40000],
        mixed1G: [0x40000],
      },
      {
        range: [0x403f0, 0x40610],
        to: 'shared',
        guarded: [0x40200, 0x40800],
        mixed2M: [0x40000, 0x40200],
        mixed1G: [0x40000],
      },
      {
        range: [0x40000, 0x40200],
        to: 'private',
        guarded: [0x40000, 0x40200],
        mixed2M: [0x40200],
        mixed1G: [0x40000],
      },
      { range: [0x40000, 0x80000], to: 'private', guarded: [0x40000, 0x80000], mixed2M: [], mixed1G: [] },
    ],
  },
  {
    name: 'begins in the middle of 2 MiB',
    slot: slotAt(0x100, 0x700),
    steps: [
      { range: [0x180, 0x210], to: 'private', guarded: [0x180, 0x400], mixed2M: [0x200], mixed1G: [] },
      { range: [0x100, 0x800], to: 'private', guarded: [0x100, 0x800], mixed2M: [], mixed1G: [] },
    ],
  },
  {
    name: 'both ends of the range are partial',
    slot: slotAt(0, 0x400),
    steps: [{ range: [0x100, 0x300], to: 'private', guarded: [0, 0x400], mixed2M: [0, 0x200], mixed1G: [] }],
  },
];

/** First gfns of the huge pages in the set. */
function pages(set: RangeSet, size: number): number[] {
  return set.flatMap(({ start, end }) =>
    Array.from({ length: (end - start) / size }, (_, at) => start + at * size),
  );
}

describe('huge pages that hold private and shared gfns', () => {
  it.each(CASES)('$name', ({ slot, steps }) => {
    let now = slot;
    let privateGfns: RangeSet = [];
    for (const { range, to, guarded, mixed2M, mixed1G } of steps) {
      const [start, end] = range;
      const hull = guardedRange(now, { start, end });
      expect([hull.start, hull.end]).toEqual(guarded);
      privateGfns = to === 'private' ? put(privateGfns, start, end, true) : remove(privateGfns, start, end);
      now = { ...now, mixed: mixedAfter(now, { start, end }, privateGfns) };
      expect(pages(now.mixed[2], 0x200)).toEqual(mixed2M);
      expect(pages(now.mixed[3], 0x40000)).toEqual(mixed1G);
      expect(initialMixed(slot, privateGfns)).toEqual(now.mixed);
    }
  });
});
