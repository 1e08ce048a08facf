/** Replaces parts of a value of any shape. */

/**
 * The value with `map` applied to each part in it that `isPart` accepts, however deep. Parts in which nothing changes are
 * returned as the same objects.
 */
export function mapParts<T, P extends object>(
  value: T,
  isPart: (part: object) => part is P,
  map: (part: P) => P,
): T {
  if (typeof value !== 'object' || value === null) return value;
  if (isPart(value)) return map(value) as typeof value;
  let changed = false;
  const made = Object.entries(value).map(([name, part]) => {
    const own = mapParts(part, isPart, map);
    changed ||= own !== part;
    return [name, own] as const;
  });
  if (!changed) return value;
  return (Array.isArray(value) ? made.map(([, part]) => part) : Object.fromEntries(made)) as T;
}
