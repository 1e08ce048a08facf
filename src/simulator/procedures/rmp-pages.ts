/** Making guest_memfd pages private in the RMP when a guest gets them, and shared when they are freed. */
import type { Machine } from '../machine';
import { asidOf } from '../model/vms';
import { gaps, type Range, within } from '../ranges';
import { makePrivate, makeShared, mayBeHugeEntry, type RmpRuns } from '../rmp/pages';
import { roundDown, roundUp } from '../units';

export function applyRmp(machine: Machine, { rmp, runs }: RmpRuns): void {
  machine.set({ rmp });
  for (const run of runs) machine.emit({ type: 'rmp', ...run });
}

/**
 * sev_gmem_prepare(): makes those of the pages private that are not assigned. Pages of 2 MiB folios get one
 * entry for the 2 MiB where all of them are the hypervisor's. `gfn` is that of the first pfn.
 */
export function makePagesPrivate(machine: Machine, pfns: Range, gfn: number, huge: boolean): void {
  if (machine.state.vm !== 'sev-snp') return;
  const asid = asidOf(machine.state);
  const delta = gfn - pfns.start;
  for (const gap of gaps(machine.state.rmp, pfns.start, pfns.end)) {
    for (const range of huge ? regions(gap) : [gap]) {
      const wide = { start: roundDown(range.start, 2), end: roundUp(range.end, 2) };
      const whole =
        huge && (wide.start + delta) % 512 === 0 && mayBeHugeEntry(machine.state.rmp, range.start);
      const owned = whole ? wide : range;
      const level = whole ? 2 : 1;
      applyRmp(machine, makePrivate(machine.state.rmp, owned, { gfn: owned.start + delta, level, asid }));
    }
  }
}

/** The range, cut where 2 MiB begin. */
function regions({ start, end }: Range): readonly Range[] {
  const cut: Range[] = [];
  for (let at = start; at < end; at = roundUp(at + 1, 2))
    cut.push({ start: at, end: Math.min(end, roundUp(at + 1, 2)) });
  return cut;
}

/** Whether some of the pages are assigned in the RMP already. */
export function someAssigned(machine: Machine, { start, end }: Range): boolean {
  return within(machine.state.rmp, start, end).some(({ value }) => value.assigned);
}

/** sev_gmem_invalidate(), called for each folio that leaves the page cache. */
export function reclaimPages(machine: Machine, pfns: Range): void {
  applyRmp(machine, makeShared(machine.state.rmp, pfns));
}
