/**
 * The differences between two range maps, one of which was derived from the other. They share the extents that did not
 * change, so these are compared by identity.
 */
import { commonEnds } from './common-ends';
import { elementAt } from './known';
import type { Extent, Range, RangeMap } from './ranges';

/** The extents from the first to the last that two maps do not share, in each of them. */
export interface Differing<V> {
  readonly before: readonly Extent<V>[];
  readonly after: readonly Extent<V>[];
}

const SAME: Differing<never> = { before: [], after: [] };

export function differing<V>(before: RangeMap<V>, after: RangeMap<V>): Differing<V> {
  if (before === after) return SAME;
  const { head, tail } = commonEnds(before, after);
  return { before: before.slice(head, before.length - tail), after: after.slice(head, after.length - tail) };
}

/** The parts of `extents` where `others` has no extent, or one of another value. */
function unlike<V>(extents: readonly Extent<V>[], others: readonly Extent<V>[]): readonly Range[] {
  const parts: Range[] = [];
  let next = 0;
  for (const { start, end, value } of extents) {
    let at = start;
    while (next < others.length && elementAt(others, next).end <= start) next++;
    for (let other = others[next]; other !== undefined && other.start < end; other = others[next]) {
      const same = other.value === value;
      if (same && other.start > at) parts.push({ start: at, end: other.start });
      if (same) at = Math.max(at, other.end);
      if (other.end > end) break;
      next++;
    }
    if (at < end) parts.push({ start: at, end });
  }
  return parts;
}

/** The pages whose value may differ, as ranges in no order: no page that differs is missing. */
export function changedPages<V>(before: RangeMap<V>, after: RangeMap<V>): readonly Range[] {
  const changed = differing(before, after);
  return [...unlike(changed.before, changed.after), ...unlike(changed.after, changed.before)];
}
