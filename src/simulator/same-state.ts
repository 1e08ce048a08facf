/**
 * Comparison of states by content. Parts that two states share are the same objects, so only parts that are not shared
 * are compared.
 */
import type { State } from './state';

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => same(item, b[at]));
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => same(left[key], right[key]));
}

/** Whether two states are equal in every part. */
export function sameState(a: State, b: State): boolean {
  // Tasks differ after almost every step, so comparing them first is fastest.
  return same(a.tasks, b.tasks) && same(a, b);
}
