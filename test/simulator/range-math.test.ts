import { describe, expect, it } from 'vitest';
import { runText } from './running';

/**
 * One hole in one binding, in pages (hex in the names): what each variant of the range arithmetic zaps.
 * `null` where it warns and skips the slot; undefined where the slot is not visited at all.
 */
interface Vector {
  readonly name: string;
  readonly base: number;
  readonly pgoff: number;
  readonly pages: number;
  readonly hole: readonly [number, number] | 'close';
  readonly clamp: readonly [number, number] | undefined;
  readonly shifted: readonly [number, number] | undefined;
  readonly warnAndSkip: readonly [number, number] | null | undefined;
}

const VECTORS: readonly Vector[] = [
  {
    name: 'inside, bound at 0',
    base: 0x100,
    pgoff: 0,
    pages: 0x40,
    hole: [0x10, 0x20],
    clamp: [0x110, 0x120],
    shifted: [0x110, 0x120],
    warnAndSkip: [0x110, 0x120],
  },
  {
    name: 'inside, bound at 0x200',
    base: 0x1000,
    pgoff: 0x200,
    pages: 0x200,
    hole: [0x280, 0x300],
    clamp: [0x1080, 0x1100],
    shifted: [0x1280, 0x1300],
    warnAndSkip: [0x1080, 0x1100],
  },
  {
    name: 'spanning two slots, the first',
    base: 0x1000,
    pgoff: 0,
    pages: 0x100,
    hole: [0xc0, 0x140],
    clamp: [0x10c0, 0x1100],
    shifted: [0x10c0, 0x1100],
    warnAndSkip: null,
  },
  {
    name: 'spanning two slots, the second',
    base: 0x2000,
    pgoff: 0x100,
    pages: 0x100,
    hole: [0xc0, 0x140],
    clamp: [0x2000, 0x2040],
    shifted: [0x2100, 0x2140],
    warnAndSkip: null,
  },
  {
    name: 'hole larger than the slot',
    base: 0x800,
    pgoff: 0x80,
    pages: 0x40,
    hole: [0, 0x200],
    clamp: [0x800, 0x840],
    shifted: [0x880, 0x8c0],
    warnAndSkip: null,
  },
  {
    name: 'release',
    base: 0x1000,
    pgoff: 0x200,
    pages: 0x200,
    hole: 'close',
    clamp: [0x1000, 0x1200],
    shifted: [0x1200, 0x1400],
    warnAndSkip: null,
  },
  {
    name: 'head overlap, low base',
    base: 0x10,
    pgoff: 0x100,
    pages: 0x40,
    hole: [0xf0, 0x120],
    clamp: [0x10, 0x30],
    shifted: [0x110, 0x130],
    warnAndSkip: null,
  },
  {
    name: 'tail overlap',
    base: 0x400,
    pgoff: 0x40,
    pages: 0x40,
    hole: [0x70, 0x90],
    clamp: [0x430, 0x440],
    shifted: [0x470, 0x480],
    warnAndSkip: null,
  },
  {
    name: 'touching, no overlap',
    base: 0x400,
    pgoff: 0x40,
    pages: 0x40,
    hole: [0x30, 0x40],
    clamp: undefined,
    shifted: undefined,
    warnAndSkip: undefined,
  },
  {
    name: 'last page',
    base: 0x400,
    pgoff: 0x40,
    pages: 0x40,
    hole: [0x7f, 0x80],
    clamp: [0x43f, 0x440],
    shifted: [0x47f, 0x480],
    warnAndSkip: [0x43f, 0x440],
  },
  {
    name: 'exactly the slot',
    base: 0x400,
    pgoff: 0x40,
    pages: 0x40,
    hole: [0x40, 0x80],
    clamp: [0x400, 0x440],
    shifted: [0x440, 0x480],
    warnAndSkip: [0x400, 0x440],
  },
  {
    name: 'small offset',
    base: 0x1000,
    pgoff: 0x10,
    pages: 0x200,
    hole: [0x20, 0x40],
    clamp: [0x1010, 0x1030],
    shifted: [0x1020, 0x1040],
    warnAndSkip: [0x1010, 0x1030],
  },
];

/** The range that was zapped in the name of the slot; null after a warning, undefined where neither is. */
function zapped(kernel: string, { base, pgoff, pages, hole }: Vector) {
  const { events, state } = runText(`
    kernel ${kernel}
    vm sw-protected
    gmem A size 4M
    slot 0 gpa ${base * 4096} size ${pages * 4096} gmem A offset ${pgoff * 4096}
    ${hole === 'close' ? 'close A' : `punch A offset ${hole[0] * 4096} size ${(hole[1] - hole[0]) * 4096}`}`);
  // Of the historical code, begin and end are balanced where a slot is bound.
  if (events.at(-1)?.some(({ type }) => type === 'zap' || type === 'slot-skipped')) {
    expect(state.vms[0]!.mmu.inProgress).toBe(0);
  }
  const last = events.at(-1) ?? [];
  const zap = last.find((event) => event.type === 'zap');
  if (zap !== undefined) return [zap.start, zap.end];
  return last.some((event) => event.type === 'warn') ? null : undefined;
}

describe('gfns of a hole in a binding', () => {
  const variants = [
    ['linux-7.3', 'clamp'],
    ['linux-6.12', 'clamp'],
    ['linux-7.3 with range-math clamp', 'clamp'],
    ['rfc-2023-05', 'shifted'],
    ['linux-7.3 with range-math shifted', 'shifted'],
    ['mail-2023-05-22', 'warnAndSkip'],
    ['linux-7.3 with range-math warn-and-skip', 'warnAndSkip'],
  ] as const;
  for (const [kernel, variant] of variants) {
    it.each(VECTORS)(`${kernel}: $name`, (vector) => {
      expect(zapped(kernel, vector)).toEqual(vector[variant]);
    });
  }
});
