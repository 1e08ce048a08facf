/**
 * The entries of a page state change, as Linux fills the GHCB's buffer (arch/x86/coco/sev/core.c, __set_pages_state): of 2M
 * where 2 MiB of the range are aligned, of 4K elsewhere; and how KVM merges them (arch/x86/kvm/svm/sev.c, snp_begin_psc;
 * snp_do_psc on 7.3): neighbours of one size become one exit, never across two buffers.
 */
import type { Range } from '../ranges';
import { pagesPer, roundDown, roundUp } from '../units';

const HUGE = pagesPer(2);

/** Entries of the GHCB's buffer (VMGEXIT_PSC_MAX_COUNT). Linux guests fill at most 64 of them (VMGEXIT_PSC_MAX_ENTRY). */
export const PSC_ENTRIES = 253;

/** Exits that follow each other and are alike. */
export interface PscRun {
  /** Pages of all of them. */
  readonly pages: number;
  readonly pageSize: 1 | 2;
  /** Number of exits. */
  readonly times: number;
  /** Entries that the last buffer has room for after them. */
  readonly room: number;
}

/**
 * The exits that a range of gfns begins with.
 * @param room Entries that the current buffer has room for: at least 1.
 * @param alike End of the gfns for which several exits may be taken together.
 */
export function pscRun({ start, end }: Range, room: number, alike: number): PscRun {
  const hugeStart = roundUp(start, 2);
  if (hugeStart !== start || end - start < HUGE) {
    const small = (hugeStart + HUGE <= end ? hugeStart : end) - start;
    const pages = Math.min(small, room);
    return { pages, pageSize: 1, times: 1, room: room - pages };
  }
  const entries = (roundDown(end, 2) - start) / HUGE;
  const buffer = room * HUGE;
  const times = Math.floor((alike - start) / buffer);
  // Buffers that are full of 2M entries.
  if (times > 1 && room === PSC_ENTRIES) return { pages: times * buffer, pageSize: 2, times, room: 0 };
  const taken = Math.min(entries, room);
  return { pages: taken * HUGE, pageSize: 2, times: 1, room: room - taken };
}
