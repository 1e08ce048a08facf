/** What the kernel does to the RMP for runs of pages: what its wrappers do to one page after the other. */
import { type Range, within } from '../ranges';
import { HYPERVISOR, isHypervisor, type Rmp, type RmpEntry, setEntries } from './entry';
import { psmash } from './host-instructions';

/** A change of the table, as the outside is told. */
export interface RmpChangeRun extends Range {
  readonly change: 'private' | 'shared' | 'psmash';
  /** Level of the entries that changed, before the change. */
  readonly level: 1 | 2;
  /** First gfn, where the pages are a guest's. */
  readonly gfn: number | null;
  readonly asid: number;
}

/** What a PSMASH of the 2M entry at pfn `start` changed. */
export function smashedRun(start: number): RmpChangeRun {
  return { start, end: start + 512, change: 'psmash', level: 2, gfn: null, asid: 0 };
}

export interface RmpRuns {
  readonly rmp: Rmp;
  readonly runs: readonly RmpChangeRun[];
}

/** rmp_make_private() for pfns `[start, end)` of the hypervisor, at gfns from `gfn` on. */
export function makePrivate(
  rmp: Rmp,
  { start, end }: Range,
  state: { readonly gfn: number; readonly level: 1 | 2; readonly asid: number; readonly validated?: boolean },
): RmpRuns {
  const { gfn, level, asid, validated = false } = state;
  const entry: RmpEntry = {
    ...HYPERVISOR,
    assigned: true,
    pageSize: level,
    gfnDelta: gfn - start,
    asid,
    validated,
  };
  return {
    rmp: setEntries(rmp, start, end, entry),
    runs: [{ start, end, change: 'private', level, gfn, asid }],
  };
}

/** The 2M entries that the range covers only in part: their first pfns. */
function partial(rmp: Rmp, { start, end }: Range): readonly number[] {
  const regions = new Set([start, end - 1].map((pfn) => pfn - (pfn % 512)));
  return [...regions].filter((region) => {
    const covered = start <= region && end >= region + 512;
    return (
      !covered && within(rmp, region, region + 1).some(({ value }) => value.assigned && value.pageSize === 2)
    );
  });
}

/**
 * Hands pfns back to the hypervisor (sev_gmem_invalidate() and its successors): a 2M entry that covers other
 * pages too is smashed first. Immutable pages stay assigned: PSMASH and RMPUPDATE fail for them, and the kernel
 * only warns, so a later write of the host would fault.
 */
export function makeShared(before: Rmp, range: Range): RmpRuns {
  let rmp = before;
  const runs: RmpChangeRun[] = [];
  for (const region of partial(rmp, range)) {
    const smashed = psmash(rmp, region);
    if (smashed.result !== 'SUCCESS') continue;
    rmp = smashed.rmp;
    runs.push(smashedRun(region));
  }
  for (const { start, end, value } of within(rmp, range.start, range.end)) {
    if (!value.assigned || value.immutable) continue;
    rmp = setEntries(rmp, start, end, HYPERVISOR);
    runs.push({ start, end, change: 'shared', level: value.pageSize, gfn: null, asid: value.asid });
  }
  return { rmp, runs };
}

/** Whether the pages may become one 2M entry: the whole 2 MiB are the hypervisor's. */
export function mayBeHugeEntry(rmp: Rmp, pfn: number): boolean {
  const start = pfn - (pfn % 512);
  return isHypervisor(rmp, start, start + 512);
}
