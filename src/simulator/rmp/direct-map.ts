/**
 * Mapping sizes of the kernel's direct map of host memory: the pfns that it maps as 4K. All others are mapped as
 * 2M or larger (Linux arch/x86/virt/svm/sev.c, adjust_direct_map; arch/x86/mm/pat/set_memory.c).
 */
import { gaps, put, type Range, type RangeSet, valueAt, within } from '../ranges';
import type { Rmp } from './entry';
import { hostMayWrite, regionOf } from './host-instructions';

/** pfns mapped as 4K: always whole 2 MiB regions, which are never merged again. */
export type DirectMap = RangeSet;

/** Level of the direct map's entry for a page; a 1 GiB mapping counts as 2 MiB. */
export function directMapLevel(directMap: DirectMap, pfn: number): 1 | 2 {
  return valueAt(directMap, pfn) === true ? 1 : 2;
}

/** set_memory_4k() on pfns `[start, end)`: splits the surrounding 2 MiB regions. `split` are the ranges newly mapped as 4K. */
export function splitDirectMap(
  directMap: DirectMap,
  { start, end }: Range,
): { directMap: DirectMap; split: readonly Range[] } {
  const whole = { start: regionOf(start), end: regionOf(end + 511) };
  const split = gaps(directMap, whole.start, whole.end);
  if (split.length === 0) return { directMap, split };
  return { directMap: put(directMap, whole.start, whole.end, true), split };
}

/** The first pfn of `[start, end)` for which a write through the direct map faults; null if there is none. */
export function firstForbidden(
  { rmp, directMap }: { readonly rmp: Rmp; readonly directMap: DirectMap },
  { start, end }: Range,
): number | null {
  // A write can fault only in a 2 MiB region with an entry: from the entry on, or from the start of its region.
  for (const entry of within(rmp, regionOf(start), regionOf(end + 511))) {
    for (const candidate of [regionOf(entry.start), entry.start]) {
      const pfn = Math.max(start, candidate);
      if (pfn < end && !hostMayWrite(rmp, pfn, directMapLevel(directMap, pfn))) return pfn;
    }
  }
  return null;
}
