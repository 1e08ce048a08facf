/** Where the VM's slots are, before and after: a slot that went, came or moved has its place in the figure too. */
import { vmAtEnd, vmBefore } from '../outcome';
import { addressSpaceOf, gaps, type Range, type RangeMap, type Slot, type VmState } from '../simulator';
import type { Moment } from './moment';
import { union } from './overlay';

/** A slot at its gfns, in the state before, in the one after, or in both. */
export interface Place {
  readonly slot: Slot;
  readonly there: 'before' | 'after' | 'both';
  /** What became of it, where it is not as it was. */
  readonly fate: string | null;
}

export function gfnsOf({ baseGfn, pages }: Slot): Range {
  return { start: baseGfn, end: baseGfn + pages };
}

function isSame(a: Slot, b: Slot): boolean {
  return a.baseGfn === b.baseGfn && a.pages === b.pages && a.gmem?.pgoff === b.gmem?.pgoff;
}

function byId({ slots }: VmState): ReadonlyMap<number, Slot> {
  return new Map(slots.map((slot) => [slot.id, slot]));
}

export function placesOf(moment: Moment): readonly Place[] {
  const [before, after] = [vmBefore(moment), vmAtEnd(moment)];
  const places: Place[] = [];
  const [earlier, later] = [byId(before), byId(after)];
  for (const slot of after.slots) {
    const was = earlier.get(slot.id);
    if (was !== undefined && isSame(was, slot)) {
      const lostFile = (was.gmem?.file ?? null) !== null && slot.gmem?.file === null;
      places.push({ slot: lostFile ? was : slot, there: 'both', fate: lostFile ? 'loses its file' : null });
    } else places.push({ slot, there: 'after', fate: was === undefined ? 'created' : 'moved here' });
  }
  for (const slot of before.slots) {
    const is = later.get(slot.id);
    if (is !== undefined && isSame(is, slot)) continue;
    places.push({ slot, there: 'before', fate: is === undefined ? 'deleted' : 'moved away' });
  }
  return places;
}

/** Whether vCPUs see the slot: none of them enters SMM, which has an address space of its own. */
export function isSeen({ slot }: Place): boolean {
  return addressSpaceOf(slot.id) === 0;
}

/** The gfns that slots had before, and have after. */
export function slotGfns(moment: Moment): { before: RangeMap<true>; after: RangeMap<true> } {
  const seen = ({ slots }: VmState) => union(slots.filter(({ id }) => addressSpaceOf(id) === 0).map(gfnsOf));
  return { before: seen(vmBefore(moment)), after: seen(vmAtEnd(moment)) };
}

/** The parts of `range` that `taken` leaves. */
export function without(range: Range, taken: RangeMap<true>): readonly Range[] {
  return gaps(taken, range.start, range.end);
}
