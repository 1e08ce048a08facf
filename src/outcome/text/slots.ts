/** Describes changes of memslots, and the mappings that they lost. */
import { leavesText } from '../../language';
import {
  addressSpaceOf,
  elementAt,
  type Slot,
  type SlotEvent,
  type SptesEvent,
  type VmState,
  within,
} from '../../simulator';
import { type Around, vmAtEnd } from '../affected-vm';
import { type LeafRange, removedLeaves } from '../events/leaves';
import { pagesRecord } from '../json/ranges';
import type { SlotRecord } from '../json/told';
import { filePagesText, gfnText, hex } from './notation';
import { type Part, remark } from './part';

/** A slot of one of the VMs. */
export interface SlotOfVm {
  readonly vmId: number;
  readonly slot: number;
}

export interface SlotLoss extends SlotOfVm {
  /** `lost gfn 0x90000..0x90002`. */
  readonly text: string;
}

export interface LostLeaves extends SlotOfVm {
  readonly leaves: readonly LeafRange[];
}

function slotRange({ baseGfn, pages }: Slot): { start: number; end: number } {
  return { start: baseGfn, end: baseGfn + pages };
}

/** The change of a memslot: its gfns, and the pages of the file to which it is bound. */
export function slotParts(events: readonly SlotEvent[], around: Around): readonly Part[] {
  return events.flatMap((event) => {
    const { slot: id, change } = event;
    const part = (text: string, more: Partial<SlotRecord> = {}) => [
      remark(text, { adds: { slots: [{ slot: id, change, ...more }] } }),
    ];
    if (change === 'deleted' || change === 'unchanged') return part(`slot ${id} ${change}`);
    const slot = vmAtEnd(around).slots.find((candidate) => candidate.id === id);
    if (slot === undefined) return [];
    const where = `slot ${slot.id} at ${gfnText(slotRange(slot))}`;
    const gfns = pagesRecord(slotRange(slot));
    if (slot.gmem?.file === null || slot.gmem?.file === undefined) return part(where, gfns);
    const { file: fileId, pgoff } = slot.gmem;
    const file = elementAt(around.after.files, fileId).name;
    const pages = { start: pgoff, end: pgoff + slot.pages };
    return part(`${where} = ${file} ${filePagesText([pages])}`, { ...gfns, file, page: hex(pgoff) });
  });
}

/** The slots that lost mappings, and which. */
export function lossesOf(walks: readonly SptesEvent[], before: VmState): readonly LostLeaves[] {
  const removed = removedLeaves(walks);
  // Of most statements; a VM may have thousands of slots.
  if (removed.length === 0) return [];
  const slots = before.slots
    .filter(({ id }) => addressSpaceOf(id) === 0)
    .map((slot) => ({ ...slotRange(slot), value: slot }))
    .sort((a, b) => a.start - b.start);
  const bySlot = new Map<Slot, LeafRange[]>();
  for (const leaf of removed) {
    for (const { start, end, value } of within(slots, leaf.start, leaf.end)) {
      const part = { ...leaf, start, end };
      const leaves = bySlot.get(value);
      if (leaves === undefined) bySlot.set(value, [part]);
      else leaves.push(part);
    }
  }
  return [...bySlot]
    .map(([{ id }, leaves]) => ({ vmId: before.id, slot: id, leaves }))
    .sort((a, b) => a.slot - b.slot);
}

export function lossText({ leaves, ...slot }: LostLeaves): SlotLoss {
  return { ...slot, text: `lost ${leavesText(leaves)}` };
}
