/**
 * The kernel's direct map of host memory, as far as the RMP depends on it: which pfns it maps as 4K. Everything else is
 * mapped by 2M or more (Linux arch/x86/virt/svm/sev.c, adjust_direct_map; arch/x86/mm/pat/set_memory.c).
 */
import { gaps, put, type Range, type RangeSet, valueAt, within } from '../ranges';
import type { Rmp } from './entry';
import { hostMayWrite, regionOf } from './host-instructions';

/** pfns that are mapped as 4K: whole 2 MiB, and never mapped larger again. */
export type DirectMap = RangeSet;

/** Level at which the host writes to a page; 1 GiB counts as its 2 MiB. */
export function directMapLevel(directMap: DirectMap, pfn: number): 1 | 2 {
  return valueAt(directMap, pfn) === true ? 1 : 2;
}

/** set_memory_4k() on pfns `[start, end)`: the 2 MiB around them are mapped page by page. Returns what was not. */
export function splitDirectMap(
  directMap: DirectMap,
  { start, end }: Range,
): { directMap: DirectMap; split: readonly Range[] } {
  const whole = { start: regionOf(start), end: regionOf(end + 511) };
  const split = gaps(directMap, whole.start, whole.end);
  if (split.length === 0) return { directMap, split };
  return { directMap: put(directMap, whole.start, whole.end, true), split };
}

/** The first pfn of `[start, end)` to which a write through the direct map faults; null where none does. */
export function firstForbidden(
  { rmp, directMap }: { readonly rmp: Rmp; readonly directMap: DirectMap },
  { start, end }: Range,
): number | null {
  // Only pages in 2 MiB that have an entry can be forbidden: from the entry on, or from where its 2 MiB begin.
  for (const entry of within(rmp, regionOf(start), regionOf(end + 511))) {
    for (const candidate of [regionOf(entry.start), entry.start]) {
      const pfn = Math.max(start, candidate);
      if (pfn < end && !hostMayWrite(rmp, pfn, directMapLevel(directMap, pfn))) return pfn;
    }
  }
  return null;
}
