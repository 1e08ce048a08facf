import { commonEnds } from '../../simulator';

/** The size of what a state does not share with another one. */

/**
 * The number of array elements and properties of `after` that are stored apart from those of `before`: states are plain
 * data, and a step copies the arrays in which something changed.
 */
export function unsharedSize(before: unknown, after: unknown): number {
  if (before === after || typeof after !== 'object' || after === null) return 0;
  if (Array.isArray(after)) return unsharedElements(Array.isArray(before) ? before : [], after);
  const old = (typeof before === 'object' && before !== null ? before : {}) as Readonly<
    Record<string, unknown>
  >;
  const properties = Object.entries(after);
  return properties.reduce((sum, [key, value]) => sum + unsharedSize(old[key], value), properties.length);
}

function unsharedElements(before: readonly unknown[], after: readonly unknown[]): number {
  const { head, tail } = commonEnds(before, after);
  let size = after.length;
  for (let at = head; at < after.length - tail; at++) size += unsharedSize(before[at], after[at]);
  return size;
}
