/** Pages that were freed while the RMP has them as a guest's: the host that gets them next cannot write to them. */
import { pfnsOf } from '../model/frames';
import { differing } from '../range-changes';
import {
  type Extent,
  extentAt,
  gaps,
  intersects,
  type Range,
  type RangeSet,
  touching,
  union,
  within,
} from '../ranges';
import type { GmemFile, State, VmState } from '../state';
import type { RmpEntry } from './entry';

/** pfns of all pages in the page cache of the files. */
export function filePages(files: readonly GmemFile[]): readonly Range[] {
  return files.flatMap(({ cache }) => cache.map(pfnsOf)).sort((a, b) => a.start - b.start);
}

/** pfns of the pages that hold the registers of vCPUs. */
export function vmsaPages({ vcpus }: VmState): readonly Range[] {
  return vcpus.flatMap(({ vmsa }) => (vmsa === null ? [] : [{ start: vmsa, end: vmsa + 1 }]));
}

/** pfns that are assigned, but neither in the page cache of a file nor a VMSA: they were freed while assigned. */
export function freedAssigned(state: State): readonly Range[] {
  const known = [...filePages(state.files), ...state.vms.flatMap(vmsaPages)]
    .sort((a, b) => a.start - b.start)
    .map((range) => ({ ...range, value: true }));
  return state.rmp.filter(({ value }) => value.assigned).flatMap(({ start, end }) => gaps(known, start, end));
}

/** pfns of the pages of files that may have changed: those that the files had, and those that files and vCPUs have now. */
function fileChanges(
  before: State,
  after: State,
): { readonly left: readonly Range[]; readonly here: RangeSet } {
  const left: Range[] = [];
  const here: Range[] = [];
  for (let id = 0; id < Math.max(before.files.length, after.files.length); id++) {
    const [old, file] = [before.files[id], after.files[id]];
    if (old === file) continue;
    const changed = differing(old?.cache ?? [], file?.cache ?? []);
    left.push(...changed.before.map(pfnsOf));
    here.push(...changed.after.map(pfnsOf));
  }
  return { left, here: union([...here, ...after.vms.flatMap(vmsaPages)]) };
}

function assignedIn({ rmp }: State, { start, end }: Range): readonly Extent<RmpEntry>[] {
  return touching(rmp, start, end).filter(({ value }) => value.assigned);
}

/** The pages of files and the VMSAs that lie in any of `ranges`. */
function ownedWithin({ files, vms }: State, ranges: RangeSet): RangeSet {
  const owned: Range[] = vms.flatMap(vmsaPages);
  for (const { cache } of files) {
    for (const extent of cache) {
      const pfns = pfnsOf(extent);
      if (intersects(ranges, pfns.start, pfns.end)) owned.push(pfns);
    }
  }
  return union(owned);
}

/**
 * The ranges of freedAssigned() after a statement that lie in none of those before it. Looks only at what changed: an
 * assigned page is freed either when it leaves a file, or when its entry of the RMP changes.
 */
export function newlyFreedAssigned(before: State, after: State): readonly Range[] {
  const { left, here } = fileChanges(before, after);
  const entries = differing(before.rmp, after.rmp).after.filter(({ value }) => value.assigned);
  const gone = [...left, ...before.vms.flatMap(vmsaPages)].flatMap(({ start, end }) =>
    within(after.rmp, start, end).filter(({ value }) => value.assigned),
  );
  const suspects = [...entries, ...gone].flatMap(({ start, end }) => gaps(here, start, end));
  if (suspects.length === 0) return [];
  const extents = new Set(suspects.flatMap((range) => assignedIn(after, range)));
  const owned = ownedWithin(after, union([...extents]));
  const freed = [...extents]
    .sort((a, b) => a.start - b.start)
    .flatMap(({ start, end }) => gaps(owned, start, end));
  const ownedBefore = ownedWithin(before, union(freed));
  return freed.filter(({ start, end }) => {
    const entry = extentAt(before.rmp, start);
    const wasFreed = entry?.value.assigned && entry.end >= end && !intersects(ownedBefore, start, end);
    return wasFreed !== true;
  });
}
