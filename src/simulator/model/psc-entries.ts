/**
 * The entries of a page state change, as Linux fills the GHCB's buffer (arch/x86/coco/sev/core.c, __set_pages_state): 2M
 * where the range contains an aligned 2 MiB, 4K elsewhere. KVM merges consecutive entries of one size into one exit, but
 * never across two buffers (arch/x86/kvm/svm/sev.c, snp_begin_psc; snp_do_psc on 7.3).
 */
import type { Range } from '../ranges';
import { pagesPer, roundDown, roundUp } from '../units';

const HUGE = pagesPer(2);

/** Size of the GHCB's buffer, in entries (VMGEXIT_PSC_MAX_COUNT). Linux guests fill at most 64 of them (VMGEXIT_PSC_MAX_ENTRY). */
export const PSC_ENTRIES = 253;

/** Consecutive exits that are equal. */
export interface PscRun {
  /** Pages of all of them together. */
  readonly pages: number;
  readonly pageSize: 1 | 2;
  /** Number of exits. */
  readonly times: number;
  /** Free entries of the last buffer after them. */
  readonly room: number;
}

/**
 * The first exits for a range of gfns.
 * @param room Free entries of the current buffer, at least 1.
 * @param alike End of the gfns whose exits can be handled together.
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
  // Buffers full of 2M entries.
  if (times > 1 && room === PSC_ENTRIES) return { pages: times * buffer, pageSize: 2, times, room: 0 };
  const taken = Math.min(entries, room);
  return { pages: taken * HUGE, pageSize: 2, times: 1, room: room - taken };
}
