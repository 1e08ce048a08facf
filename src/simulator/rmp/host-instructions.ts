/**
 * The instructions with which the host changes the RMP (APM volume 3, RMPUPDATE, PSMASH, RMPREAD). A result
 * other than SUCCESS leaves the table unchanged. FAIL_INUSE needs a concurrent instruction on another processor,
 * which is not simulated.
 */
import { within } from '../ranges';
import { entryAt, HYPERVISOR, isHypervisor, type Rmp, type RmpEntry, setEntries } from './entry';

export type RmpResult =
  | 'SUCCESS'
  | 'FAIL_INPUT'
  | 'FAIL_PERMISSION'
  | 'FAIL_INUSE'
  | 'FAIL_OVERLAP'
  | 'FAIL_SIZEMISMATCH';

export interface RmpChange {
  readonly result: RmpResult;
  readonly rmp: Rmp;
}

/** Number of pages that an entry of `level` covers. */
export function pagesOfLevel(level: 1 | 2): number {
  return level === 2 ? 512 : 1;
}

/** Largest ASID of a guest; the smallest is 1. */
const MAX_ASID = 1006;

/** The fields that RMPUPDATE writes; it resets the rest of the entry. */
export interface NewState {
  readonly assigned: boolean;
  readonly pageSize: 1 | 2;
  readonly immutable: boolean;
  readonly gfn: number;
  readonly asid: number;
}

/** The state that returns a page to the hypervisor. */
export function sharedState(pageSize: 1 | 2): NewState {
  return { assigned: false, pageSize, immutable: false, gfn: 0, asid: 0 };
}

/** First gfn that does not fit the address field of an entry, bits 51 to 12. */
const GFN_LIMIT = 2 ** 40;

function isBadInput(pfn: number, { assigned, pageSize, gfn, asid }: NewState): boolean {
  const pages = pagesOfLevel(pageSize);
  if (pfn % pages !== 0 || gfn % pages !== 0 || gfn < 0 || gfn >= GFN_LIMIT) return true;
  return asid > MAX_ASID || (!assigned && (asid !== 0 || gfn !== 0));
}

/** First page of the 2 MiB around `pfn`. */
export function regionOf(pfn: number): number {
  return pfn - (pfn % 512);
}

/** Whether an entry of the other size covers any of the pages. */
function overlaps(rmp: Rmp, pfn: number, pageSize: 1 | 2): boolean {
  if (pageSize === 1) return entryAt(rmp, regionOf(pfn)).pageSize === 2;
  if (entryAt(rmp, pfn).pageSize === 2) return false;
  return within(rmp, pfn, pfn + 512).some(({ value }) => value.assigned);
}

/**
 * RMPUPDATE: assigns 4 KiB or 2 MiB to a guest, the firmware or the hypervisor.
 * @param pages Number of pages to update, with consecutive gfns and otherwise equal entries.
 */
export function rmpupdate(
  rmp: Rmp,
  pfn: number,
  state: NewState,
  pages = pagesOfLevel(state.pageSize),
): RmpChange {
  const fail = (result: RmpResult): RmpChange => ({ result, rmp });
  if (isBadInput(pfn, state)) return fail('FAIL_INPUT');
  const end = pfn + pages;
  if (within(rmp, pfn, end).some(({ value }) => value.immutable)) return fail('FAIL_PERMISSION');
  if (overlaps(rmp, pfn, state.pageSize)) return fail('FAIL_OVERLAP');
  const { assigned, pageSize, immutable, gfn, asid } = state;
  const entry: RmpEntry =
    assigned || immutable
      ? { ...HYPERVISOR, assigned, pageSize, immutable, gfnDelta: assigned ? gfn - pfn : 0, asid }
      : HYPERVISOR;
  return { result: 'SUCCESS', rmp: setEntries(rmp, pfn, end, entry) };
}

/** PSMASH: splits a 2M entry into 512 entries of 4K, which keep its validated bit and permissions. */
export function psmash(rmp: Rmp, pfn: number): RmpChange {
  if (pfn % 512 !== 0) return { result: 'FAIL_INPUT', rmp };
  const entry = entryAt(rmp, pfn);
  if (!entry.assigned || entry.pageSize !== 2 || entry.immutable) return { result: 'FAIL_PERMISSION', rmp };
  return { result: 'SUCCESS', rmp: setEntries(rmp, pfn, pfn + 512, { ...entry, pageSize: 1 }) };
}

/** snp_lookup_rmpentry(): it takes the level from the entry at the start of the 2 MiB region. */
export function lookup(rmp: Rmp, pfn: number): { assigned: boolean; level: 1 | 2 } {
  return { assigned: entryAt(rmp, pfn).assigned, level: entryAt(rmp, regionOf(pfn)).pageSize };
}

/** Whether the host can write to `pfn` through a mapping of `level`; a 1 GiB mapping counts as 2 MiB. */
export function hostMayWrite(rmp: Rmp, pfn: number, level: 1 | 2): boolean {
  const start = level === 2 ? regionOf(pfn) : pfn;
  const end = level === 2 ? start + 512 : pfn + 1;
  return isHypervisor(rmp, start, end);
}
