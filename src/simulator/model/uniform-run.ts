/**
 * How many gfns a prefault can handle in one step: those that behave exactly like the first one. With it, the cost of a
 * prefault depends on the number of distinct ranges instead of the number of pages.
 */
import { type Extent, extentAt, type Range, type RangeMap, touching } from '../ranges';
import type { HostMemory, Root, Slot, State, VmState } from '../state';
import { roundDown, roundUp } from '../units';
import { mayBeHuge } from './host-memory';
import { allowsHuge, isCongruent } from './mapping-level';
import { fileById, memoryOf, slotAt } from './state-parts';

/** First page after `page` with another value; at most `limit`. */
function sameUntil<V>(map: RangeMap<V>, page: number, limit: number): number {
  const here: Extent<V> | undefined = extentAt(map, page);
  if (here !== undefined) return Math.min(here.end, limit);
  return Math.min(touching(map, page, limit)[0]?.start ?? limit, limit);
}

/** End of the gfns that invalidations in progress affect in the same way. */
function sameInvalidation({ mmu }: VmState, gfn: number, limit: number): number {
  if (mmu.inProgress === 0) return limit;
  if (mmu.range === null) return gfn + 1;
  if (gfn < mmu.range.start) return Math.min(limit, mmu.range.start);
  return gfn < mmu.range.end ? gfn + 1 : limit;
}

/** End of the pfns of the range that can be zeroed and assigned to a guest in the same way as the first. */
export type Together = (pfns: Range) => number;

/** End of the run of gfns with the same kind of file page. */
function sameFilePages(state: State, slot: Slot, gfn: number, limit: number, together: Together): number {
  if (!slot.gmem || slot.gmem.file === null) return gfn + 1;
  const toIndex = slot.gmem.pgoff - slot.baseGfn;
  const { cache, bindings, huge } = fileById(state, slot.gmem.file);
  const index = gfn + toIndex;
  const end = sameUntil(bindings, index, limit + toIndex);
  // Folios of 2 MiB are allocated, assigned and mapped one by one.
  const folioEnd = huge ? Math.min(end, roundUp(index + 1, 2)) : end;
  const page = extentAt(cache, index);
  const alike = sameUntil(cache, index, folioEnd);
  // Frames are allocated in order: the first missing page gets the next frame.
  const pfn = page === undefined ? state.next.frame : index + page.value.frame;
  const pfns = { start: pfn, end: pfn + alike - index };
  if (page === undefined) return together(pfns) - pfn + gfn;
  const owned = sameUntil(state.rmp, pfn, pfns.end);
  return (page.value.uptodate ? owned : together({ ...pfns, end: owned })) - pfn + gfn;
}

/** End of the run of gfns for which the slot allows huge entries as it does for `gfn`. */
function sameHugeAllowance(slot: Slot, gfn: number, limit: number): number {
  if (!isCongruent(slot)) return limit;
  const lastWhole = roundDown(slot.baseGfn + slot.pages, 2);
  const end = gfn < lastWhole ? Math.min(limit, lastWhole) : limit;
  return sameUntil(slot.mixed[2], gfn, end);
}

/** End of the run of gfns with the same kind of userspace page, mapped at the same level. */
function sameHostPages(memory: HostMemory, slot: Slot, gfn: number, limit: number): number {
  const page = gfn - slot.baseGfn;
  let end = sameUntil(memory.chunks, page, limit - slot.baseGfn);
  end = sameUntil(memory.present, page, end);
  const lastWhole = roundDown(memory.pages, 2);
  if (memory.thp && page < lastWhole) end = Math.min(end, lastWhole);
  return sameHugeAllowance(slot, gfn, end + slot.baseGfn);
}

/** Whether the first fault of the run will map a 2 MiB entry. */
function willBeHuge(memory: HostMemory, slot: Slot, gfn: number): boolean {
  const page = gfn - slot.baseGfn;
  const chunk = extentAt(memory.chunks, page)?.value;
  return (
    allowsHuge(slot, gfn) && (mayBeHuge(memory, page) || (chunk !== undefined && chunk !== 'page-table'))
  );
}

/** End of the run of gfns with the same entries in the page tables. */
function sameEntries(root: Root, gfn: number, limit: number, huge: boolean): number {
  const end = sameUntil(root.leaves, gfn, limit);
  // Each page table that a huge entry replaces is removed separately.
  return huge ? sameUntil(root.tables[2], gfn, end) : end;
}

/**
 * End of the run that begins at `gfn`, at most `limit`: gfns with the same attribute in the same slot, with the same kind
 * of page behind them and the same entry in `root`, mapped at the same level. At least one page.
 */
export function uniformRun(
  state: State,
  vm: VmState,
  root: Root | undefined,
  gfn: number,
  limit: number,
  together: Together,
): number {
  const slot = slotAt(vm, gfn);
  const isPrivate = extentAt(vm.privateGfns, gfn) !== undefined;
  if (slot === undefined || root === undefined) return gfn + 1;
  if (state.tasks.length > 1 || state.tasks.some(({ pagewise }) => pagewise)) return gfn + 1;
  let end = Math.min(limit, slot.baseGfn + slot.pages);
  end = sameUntil(vm.privateGfns, gfn, end);
  end = sameInvalidation(vm, gfn, end);
  const memory = memoryOf(vm, slot.id);
  let huge = false;
  if (isPrivate || slot.gmemOnly) {
    end = sameFilePages(state, slot, gfn, end, together);
  } else if (memory !== undefined) {
    huge = willBeHuge(memory, slot, gfn);
    end = sameHostPages(memory, slot, gfn, end);
  }
  end = sameEntries(root, gfn, end, huge);
  if (!huge) return Math.max(end, gfn + 1);
  const replacesTable = extentAt(root.tables[2], gfn) !== undefined;
  if (replacesTable) return Math.min(limit, roundUp(gfn + 1, 2));
  // The last pages of the range also get a whole 2 MiB entry.
  return end === limit ? limit : Math.max(roundDown(end, 2), Math.min(limit, roundUp(gfn + 1, 2)));
}
