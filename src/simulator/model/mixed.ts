/**
 * Which huge pages of a slot contain both private and shared pages (KVM_LPAGE_MIXED_FLAG of lpage_info), and the ranges
 * that faults must not map as huge pages during a conversion.
 * Facts: arch/x86/kvm/mmu/mmu.c, kvm_arch_{pre,post}_set_memory_attributes,
 * kvm_mmu_init_memslot_memory_attributes.
 */
import { gaps, intersects, put, type Range, type RangeSet, remove, within } from '../ranges';
import type { Slot } from '../state';
import { pagesPer, roundDown, roundUp } from '../units';

type Mixed = Slot['mixed'];
const HUGE_LEVELS = [2, 3] as const;

function isMixed(privateGfns: RangeSet, start: number, end: number): boolean {
  return intersects(privateGfns, start, end) && gaps(privateGfns, start, end).length > 0;
}

/** The huge pages of `level` inside the slot that are mixed. */
function mixedAtCreation(slot: Slot, privateGfns: RangeSet, level: 2 | 3): RangeSet {
  const first = roundUp(slot.baseGfn, level);
  const last = roundDown(slot.baseGfn + slot.pages, level);
  let mixed: RangeSet = [];
  // Only a huge page in which a private range begins or ends can be mixed.
  for (const { start, end } of within(privateGfns, first, last)) {
    for (const edge of [start, end]) {
      const page = roundDown(edge, level);
      const limit = page + pagesPer(level);
      if (page >= first && limit <= last && isMixed(privateGfns, page, limit)) {
        mixed = put(mixed, page, limit, true);
      }
    }
  }
  return mixed;
}

export function initialMixed(slot: Slot, privateGfns: RangeSet): Mixed {
  return { 2: mixedAtCreation(slot, privateGfns, 2), 3: mixedAtCreation(slot, privateGfns, 3) };
}

/** The mixed flags after `[start, end)`, which is inside the slot, got new attributes. */
export function mixedAfter(slot: Slot, { start, end }: Range, privateGfns: RangeSet): Mixed {
  const limit = slot.baseGfn + slot.pages;
  const mixed = { ...slot.mixed };
  for (const level of HUGE_LEVELS) {
    mixed[level] = remove(mixed[level], roundUp(start, level), roundDown(end, level));
    for (const page of new Set([roundDown(start, level), roundDown(end - 1, level)])) {
      const next = page + pagesPer(level);
      const partly = page < start || next > end;
      if (!partly || page < slot.baseGfn || next > limit) continue;
      mixed[level] = isMixed(privateGfns, page, next)
        ? put(mixed[level], page, next, true)
        : remove(mixed[level], page, next);
    }
  }
  return mixed;
}

/**
 * The range that a conversion of `[start, end)` of the slot adds to its invalidation: it includes the huge pages at both
 * ends that become mixed. The result is their hull, because the bookkeeping keeps only one range.
 */
export function guardedRange(slot: Slot, { start, end }: Range): Range {
  const limit = slot.baseGfn + slot.pages;
  let [low, high] = [start, end];
  for (const level of HUGE_LEVELS) {
    for (const page of new Set([roundDown(start, level), roundDown(end - 1, level)])) {
      const next = page + pagesPer(level);
      const partly = page < start || next > end;
      if (!partly || page < slot.baseGfn || next > limit || intersects(slot.mixed[level], page, next))
        continue;
      low = Math.min(low, page);
      high = Math.max(high, next);
    }
  }
  return { start: low, end: high };
}
