import { describe, expect, it } from 'vitest';
import { emptyRoot, setLeaves, zapLeaves } from '../../src/simulator/model/page-table';
import type { LeafLevel, MappedLeaf, Root } from '../../src/simulator/state';

function leaf(level: LeafLevel): MappedLeaf {
  return {
    kind: 'mapped',
    level,
    writable: true,
    executable: true,
    accessed: true,
    dirty: true,
    frame: 0x1000,
    backing: 'host',
  };
}

/** 2M leaves at 0x200 and 0x600, 4K leaves at 0x400 and 0x401. */
function rootWithLeaves(): Root {
  let { root } = setLeaves(emptyRoot(0), { start: 0x200, end: 0x400 }, leaf(2));
  ({ root } = setLeaves(root, { start: 0x400, end: 0x402 }, leaf(1)));
  return setLeaves(root, { start: 0x600, end: 0x800 }, leaf(2)).root;
}

describe('which leaves a zap of [start, end) takes', () => {
  it.each([
    [0x200, 0x400, ['2:200']],
    [0x300, 0x301, ['2:200']],
    [0x3ff, 0x400, ['2:200']],
    [0x2ff, 0x401, ['2:200', '1:400']],
    [0x400, 0x600, ['1:400', '1:401']],
    [0x401, 0x402, ['1:401']],
    [0x100, 0x200, []],
    [0x100, 0x201, ['2:200']],
    // Empty and inverted ranges come from wrong arithmetic only.
    [0x300, 0x300, ['2:200']],
    [0x200, 0x200, []],
    [0x401, 0x401, []],
    [0x600, 0x600, []],
    [0x680, 0x600, []],
    [0x680, 0x601, ['2:600']],
    [0x680, 0x610, ['2:600']],
    [0x700, 0x650, ['2:600']],
  ])('[%i, %i)', (start, end, expected) => {
    const { root, runs } = zapLeaves(rootWithLeaves(), { start, end }, () => true);
    const zapped = runs.flatMap((run) => {
      const step = run.level === 2 ? 0x200 : 1;
      const gfns: string[] = [];
      for (let gfn = run.start; gfn < run.end; gfn += step) gfns.push(`${run.level}:${gfn.toString(16)}`);
      return gfns;
    });
    expect(zapped).toEqual(expected);
    for (const run of runs) {
      expect(root.leaves.some((extent) => extent.start < run.end && extent.end > run.start)).toBe(false);
    }
  });

  it('leaves tables where they are', () => {
    const { root } = zapLeaves(rootWithLeaves(), { start: 0, end: 0x1000 }, () => true);
    expect(root.leaves).toEqual([]);
    expect(root.tables[2]).toEqual([{ start: 0x400, end: 0x600, value: true }]);
  });
});
