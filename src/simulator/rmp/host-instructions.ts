/**
 * The instructions with which the host changes the RMP (APM volume 3, RMPUPDATE, PSMASH, RMPREAD). A result
 * other than SUCCESS leaves the table as it was. FAIL_INUSE needs a second processor in the same instruction,
 * and does not happen here.
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

/** Pages that an entry of the level speaks for. */
export function pagesOfLevel(level: 1 | 2): number {
  return level === 2 ? 512 : 1;
}

/** ASIDs that guests can have: 1 up to this. */
const MAX_ASID = 1006;

/** What RMPUPDATE writes: the rest of an entry it resets. */
export interface NewState {
  readonly assigned: boolean;
  readonly pageSize: 1 | 2;
  readonly immutable: boolean;
  readonly gfn: number;
  readonly asid: number;
}

/** What hands a page back to the hypervisor. */
export function sharedState(pageSize: 1 | 2): NewState {
  return { assigned: false, pageSize, immutable: false, gfn: 0, asid: 0 };
}

/** First gfn that the address field of an entry, bits 51 to 12, has no room for. */
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

/** Whether an entry of the other size has a say over some of the pages. */
function overlaps(rmp: Rmp, pfn: number, pageSize: 1 | 2): boolean {
  if (pageSize === 1) return entryAt(rmp, regionOf(pfn)).pageSize === 2;
  if (entryAt(rmp, pfn).pageSize === 2) return false;
  return within(rmp, pfn, pfn + 512).some(({ value }) => value.assigned);
}

/**
 * RMPUPDATE: makes a page, or 2 MiB, a guest's, the firmware's or the hypervisor's.
 * @param pages How many to update one after another, with consecutive gfns: their entries are alike.
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

/** PSMASH: makes 512 entries of 4K out of one of 2M; the guest's acceptance and permissions stay. */
export function psmash(rmp: Rmp, pfn: number): RmpChange {
  if (pfn % 512 !== 0) return { result: 'FAIL_INPUT', rmp };
  const entry = entryAt(rmp, pfn);
  if (!entry.assigned || entry.pageSize !== 2 || entry.immutable) return { result: 'FAIL_PERMISSION', rmp };
  return { result: 'SUCCESS', rmp: setEntries(rmp, pfn, pfn + 512, { ...entry, pageSize: 1 }) };
}

/** What snp_lookup_rmpentry() tells: the level is that of the entry at the start of the 2 MiB. */
export function lookup(rmp: Rmp, pfn: number): { assigned: boolean; level: 1 | 2 } {
  return { assigned: entryAt(rmp, pfn).assigned, level: entryAt(rmp, regionOf(pfn)).pageSize };
}

/** Whether the host may write through a mapping of the level; 1 GiB counts as its 2 MiB. */
export function hostMayWrite(rmp: Rmp, pfn: number, level: 1 | 2): boolean {
  const start = level === 2 ? regionOf(pfn) : pfn;
  const end = level === 2 ? start + 512 : pfn + 1;
  return isHypervisor(rmp, start, end);
}
