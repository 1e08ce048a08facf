/**
 * Reads values that must exist. If a bug makes one of them missing, these functions throw an error that names it, instead
 * of returning an undefined value that causes a failure elsewhere.
 */

/** A list with at least one element. */
export type NonEmpty<T> = readonly [T, ...T[]];

/** The element at an index in [0, length). @throws RangeError if there is none. */
export function elementAt<T>(items: ArrayLike<T>, index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`there is no element ${index} of ${items.length}`);
  return item;
}

/** The first element of a list that is not empty. @throws RangeError if it is empty. */
export function firstOf<T>(items: ArrayLike<T>): T {
  return elementAt(items, 0);
}

/** The last element of a list that is not empty. @throws RangeError if it is empty. */
export function lastOf<T>(items: ArrayLike<T>): T {
  return elementAt(items, items.length - 1);
}

/**
 * The value, which is neither null nor undefined.
 * @param what Names it in the error: `slot 3`.
 * @throws Error if there is none.
 */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`there is no ${what}`);
  return value;
}
