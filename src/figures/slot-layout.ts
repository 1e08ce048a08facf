/** Where the VM's slots are, before and after: a slot that went, came or moved has its layout in the figure too. */
import { vmAtEnd, vmBefore } from '../outcome';
import {
  addressSpaceOf,
  gaps,
  gfnsOf,
  type Range,
  type RangeMap,
  type Slot,
  union,
  type VmState,
} from '../simulator';
import type { Transition } from './transition';

/** A slot at its gfns, in the state before, in the one after, or in both. */
export interface SlotLayout {
  readonly slot: Slot;
  readonly there: 'before' | 'after' | 'both';
  /** What happened to it; null if it is unchanged. */
  readonly fate: string | null;
}

function isSame(a: Slot, b: Slot): boolean {
  return a.baseGfn === b.baseGfn && a.pages === b.pages && a.gmem?.pgoff === b.gmem?.pgoff;
}

function byId({ slots }: VmState): ReadonlyMap<number, Slot> {
  return new Map(slots.map((slot) => [slot.id, slot]));
}

export function slotLayoutsOf(transition: Transition): readonly SlotLayout[] {
  const [before, after] = [vmBefore(transition), vmAtEnd(transition)];
  const layouts: SlotLayout[] = [];
  const [earlier, later] = [byId(before), byId(after)];
  for (const slot of after.slots) {
    const was = earlier.get(slot.id);
    if (was !== undefined && isSame(was, slot)) {
      const lostFile = (was.gmem?.file ?? null) !== null && slot.gmem?.file === null;
      layouts.push({ slot: lostFile ? was : slot, there: 'both', fate: lostFile ? 'loses its file' : null });
    } else layouts.push({ slot, there: 'after', fate: was === undefined ? 'created' : 'moved here' });
  }
  for (const slot of before.slots) {
    const is = later.get(slot.id);
    if (is !== undefined && isSame(is, slot)) continue;
    layouts.push({ slot, there: 'before', fate: is === undefined ? 'deleted' : 'moved away' });
  }
  return layouts;
}

/** Whether vCPUs see the slot: none of them enters SMM, which has a separate address space. */
export function isSeen({ slot }: SlotLayout): boolean {
  return addressSpaceOf(slot.id) === 0;
}

/** The gfns that slots had before, and have after. */
export function slotGfns(transition: Transition): { before: RangeMap<true>; after: RangeMap<true> } {
  const seen = ({ slots }: VmState) => union(slots.filter(({ id }) => addressSpaceOf(id) === 0).map(gfnsOf));
  return { before: seen(vmBefore(transition)), after: seen(vmAtEnd(transition)) };
}

/** The parts of `range` outside `taken`. */
export function without(range: Range, taken: RangeMap<true>): readonly Range[] {
  return gaps(taken, range.start, range.end);
}
