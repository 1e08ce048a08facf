import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedPages } from '../../src/simulator/range-changes';
import {
  extentAt,
  gaps,
  intersects,
  pageCount,
  put,
  type RangeMap,
  remove,
  touching,
  update,
  valueAt,
  within,
} from '../../src/simulator/ranges';

type Edit =
  | { readonly kind: 'put'; readonly start: number; readonly length: number; readonly value: number }
  | { readonly kind: 'remove' | 'update'; readonly start: number; readonly length: number };

const start = fc.nat(40);
const length = fc.nat(20);
const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('put' as const), start, length, value: fc.nat(3) }),
    fc.record({ kind: fc.constantFrom('remove' as const, 'update' as const), start, length }),
  ),
  { maxLength: 30 },
);

/** The same edits on a map from page to value. */
function model(list: readonly Edit[]): Map<number, number> {
  const pages = new Map<number, number>();
  for (const edit of list) {
    for (let page = edit.start; page < edit.start + edit.length; page++) {
      const known = pages.get(page);
      if (edit.kind === 'put') pages.set(page, edit.value);
      else if (edit.kind === 'remove') pages.delete(page);
      else if (known !== undefined) pages.set(page, (known + 1) % 4);
    }
  }
  return pages;
}

function apply(map: RangeMap<number>, edit: Edit): RangeMap<number> {
  const end = edit.start + edit.length;
  if (edit.kind === 'put') return put(map, edit.start, end, edit.value);
  if (edit.kind === 'remove') return remove(map, edit.start, end);
  return update(map, edit.start, end, (value) => (value + 1) % 4);
}

function edited(list: readonly Edit[]): RangeMap<number> {
  return list.reduce<RangeMap<number>>(apply, []);
}

describe('a map of ranges', () => {
  it('says of every page what a map of pages says', () => {
    fc.assert(
      fc.property(edits, (list) => {
        const map = edited(list);
        const pages = model(list);
        for (let page = 0; page < 64; page++) expect(valueAt(map, page)).toBe(pages.get(page));
        expect(pageCount(map)).toBe(pages.size);
      }),
    );
  });

  it('has one form for one content: sorted, disjoint, neighbours joined', () => {
    fc.assert(
      fc.property(edits, (list) => {
        const map = edited(list);
        map.forEach((extent, at) => {
          expect(extent.start).toBeLessThan(extent.end);
          const next = map[at + 1];
          if (next === undefined) return;
          expect(extent.end).toBeLessThanOrEqual(next.start);
          if (extent.end === next.start) expect(extent.value).not.toBe(next.value);
        });
      }),
    );
  });

  it('answers for a range as for its pages', () => {
    fc.assert(
      fc.property(edits, start, length, (list, from, count) => {
        const map = edited(list);
        const pages = model(list);
        const end = from + count;
        const inside = [...pages.keys()].filter((page) => page >= from && page < end);
        expect(intersects(map, from, end)).toBe(inside.length > 0);
        expect(pageCount(within(map, from, end))).toBe(inside.length);
        const free = gaps(map, from, end).reduce((sum, gap) => sum + gap.end - gap.start, 0);
        expect(free).toBe(count - inside.length);
        expect(touching(map, from, end).every((extent) => extent.start < end && extent.end > from)).toBe(
          true,
        );
        expect(extentAt(map, from) !== undefined).toBe(pages.has(from));
      }),
    );
  });

  it('joins objects of equal content', () => {
    const map = put(put([], 0, 4, { kind: 'own', frame: 7 }), 4, 8, { kind: 'own', frame: 7 });
    expect(map).toEqual([{ start: 0, end: 8, value: { kind: 'own', frame: 7 } }]);
  });

  it('keeps the extents whose values an update leaves as they are, even where it copies the values', () => {
    const huge = (frame: number, value: boolean) => ({ kind: 'own', frame, huge: value });
    const map = [7, 8, 9].reduce<RangeMap<ReturnType<typeof huge>>>(
      (all, frame) => put(all, frame * 2, frame * 2 + 1, huge(frame, frame === 8)),
      [],
    );
    const split = update(map, 0, 40, (page) => ({ ...page, huge: false }));
    expect(split.map((extent, at) => extent === map[at])).toEqual([true, false, true]);
    expect(split[1]?.value).toEqual(huge(8, false));
    expect(update(split, 0, 40, (page) => ({ ...page, huge: false }))).toBe(split);
  });
});

describe('what changed of a map', () => {
  it('is every page whose value differs, and no page outside of the edits', () => {
    fc.assert(
      fc.property(edits, edits, (first, second) => {
        const before = edited(first);
        const after = second.reduce(apply, before);
        const changed = changedPages(before, after);
        const isChanged = (page: number) => changed.some(({ start, end }) => page >= start && page < end);
        const isEdited = (page: number) =>
          second.some((edit) => page >= edit.start && page < edit.start + edit.length);
        for (let page = 0; page < 64; page++) {
          if (valueAt(before, page) !== valueAt(after, page)) expect(isChanged(page)).toBe(true);
          if (!isEdited(page)) expect(isChanged(page)).toBe(false);
        }
      }),
    );
  });
});
