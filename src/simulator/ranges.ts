/**
 * Persistent maps from half-open ranges of page numbers to values. A map is a sorted array of disjoint
 * extents; adjacent extents of equal value are merged. Equal contents therefore have one form, and two maps
 * can be compared extent by extent. The cost depends on the number of distinct ranges, not on the
 * number of pages.
 */

/** `[start, end)`, in pages. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Extent<V> extends Range {
  readonly value: V;
}

export type RangeMap<V> = readonly Extent<V>[];
export type RangeSet = RangeMap<true>;

const EMPTY: readonly never[] = [];

/** Whether adjacent extents are merged: values are compared by content, one level deep. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => left[key] === right[key]);
}

/** Index of the first extent that ends after `key`. */
function firstEndingAfter<V>(map: RangeMap<V>, key: number): number {
  let low = 0;
  let high = map.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    // biome-ignore lint/style/noNonNullAssertion: low <= middle < high <= length, and no loop runs more often.
    if (map[middle]!.end <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first extent from `from` on that starts at `key` or after it. */
function firstStartingAt<V>(map: RangeMap<V>, from: number, key: number): number {
  let index = from;
  // biome-ignore lint/style/noNonNullAssertion: the index is below the length, and a read beyond it would be slow.
  while (index < map.length && map[index]!.start < key) index++;
  return index;
}

export function extentAt<V>(map: RangeMap<V>, key: number): Extent<V> | undefined {
  const extent = map[firstEndingAfter(map, key)];
  return extent !== undefined && extent.start <= key ? extent : undefined;
}

export function valueAt<V>(map: RangeMap<V>, key: number): V | undefined {
  return extentAt(map, key)?.value;
}

/** The extents that intersect `[start, end)`, not clipped. */
export function touching<V>(map: RangeMap<V>, start: number, end: number): readonly Extent<V>[] {
  if (end <= start) return EMPTY;
  const from = firstEndingAfter(map, start);
  const to = firstStartingAt(map, from, end);
  return from === to ? EMPTY : map.slice(from, to);
}

/** The extents that intersect `[start, end)`, clipped to it. */
export function within<V>(map: RangeMap<V>, start: number, end: number): readonly Extent<V>[] {
  return touching(map, start, end).map((extent) =>
    extent.start >= start && extent.end <= end
      ? extent
      : { start: Math.max(extent.start, start), end: Math.min(extent.end, end), value: extent.value },
  );
}

export function intersects<V>(map: RangeMap<V>, start: number, end: number): boolean {
  const extent = map[firstEndingAfter(map, start)];
  return end > start && extent !== undefined && extent.start < end;
}

/** The parts of `[start, end)` that have no value. */
export function gaps<V>(map: RangeMap<V>, start: number, end: number): readonly Range[] {
  const free: Range[] = [];
  let at = start;
  for (const extent of touching(map, start, end)) {
    if (extent.start > at) free.push({ start: at, end: extent.start });
    at = Math.max(at, extent.end);
  }
  if (at < end) free.push({ start: at, end });
  return free;
}

/** Replaces the contents of `[start, end)` with `pieces`, which are sorted, disjoint and inside it. */
function splice<V>(map: RangeMap<V>, start: number, end: number, pieces: readonly Extent<V>[]): RangeMap<V> {
  const from = firstEndingAfter(map, start);
  const to = firstStartingAt(map, from, end);
  const middle: Extent<V>[] = [];
  const push = (extent: Extent<V>) => {
    const last = middle[middle.length - 1];
    if (last !== undefined && last.end === extent.start && sameValue(last.value, extent.value)) {
      middle[middle.length - 1] = { start: last.start, end: extent.end, value: last.value };
    } else {
      middle.push(extent);
    }
  };
  const before = map[from - 1];
  const after = map[to];
  if (before !== undefined && before.end === start) push(before);
  const head = map[from];
  if (head !== undefined && head.start < start && from < to) push({ ...head, end: start });
  for (const piece of pieces) push(piece);
  const tail = map[to - 1];
  if (tail !== undefined && tail.end > end && from < to) push({ ...tail, start: end });
  if (after !== undefined && after.start === end) push(after);
  const first = before !== undefined && before.end === start ? from - 1 : from;
  const last = after !== undefined && after.start === end ? to + 1 : to;
  // Copies whole blocks: most of a map stays as it is.
  return map.slice(0, first).concat(middle, map.slice(last));
}

export function put<V>(map: RangeMap<V>, start: number, end: number, value: V): RangeMap<V> {
  return end <= start ? map : splice(map, start, end, [{ start, end, value }]);
}

export function remove<V>(map: RangeMap<V>, start: number, end: number): RangeMap<V> {
  return intersects(map, start, end) ? splice(map, start, end, []) : map;
}

/** Replaces the value of every page in `[start, end)` that has one; other pages get no value. */
export function update<V>(
  map: RangeMap<V>,
  start: number,
  end: number,
  change: (value: V) => V,
): RangeMap<V> {
  const extents = within(map, start, end);
  // An extent whose value stays the same stays the same object: readers compare two maps by identity.
  const pieces = extents.map((extent) => {
    const value = change(extent.value);
    return sameValue(value, extent.value) ? extent : { ...extent, value };
  });
  return pieces.every((piece, at) => piece === extents[at]) ? map : splice(map, start, end, pieces);
}

/** The set of the pages in any of the ranges, which may overlap and be in any order. */
export function union(ranges: readonly Range[]): RangeSet {
  const joined: Extent<true>[] = [];
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (start >= end) continue;
    if (last !== undefined && start <= last.end) {
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, end), value: true };
    } else joined.push({ start, end, value: true });
  }
  return joined;
}

export function pageCount<V>(map: RangeMap<V>): number {
  return map.reduce((sum, extent) => sum + extent.end - extent.start, 0);
}
