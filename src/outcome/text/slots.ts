/** Describes changes of memslots, and the mappings that they lost. */
import { leavesText } from '../../language';
import { addressSpaceOf, type Slot, type SlotEvent, type SptesEvent, type VmState } from '../../simulator';
import { type Around, vmAtEnd } from '../affected-vm';
import { leavesInSlot, removedLeaves } from '../events/leaves';
import { filePagesText, gfnText } from './notation';

/** A slot of one of the VMs. */
export interface SlotOfVm {
  readonly vmId: number;
  readonly slot: number;
}

export interface SlotLoss extends SlotOfVm {
  /** `lost gfn 0x90000..0x90002`. */
  readonly text: string;
}

function slotRange({ baseGfn, pages }: Slot): { start: number; end: number } {
  return { start: baseGfn, end: baseGfn + pages };
}

/** The change of a memslot: its gfns, and the pages of the file to which it is bound. */
export function slotPhrases(events: readonly SlotEvent[], around: Around): readonly string[] {
  return events.flatMap((event) => {
    if (event.change === 'deleted') return [`slot ${event.slot} deleted`];
    if (event.change === 'unchanged') return [`slot ${event.slot} unchanged`];
    const slot = vmAtEnd(around).slots.find(({ id }) => id === event.slot);
    if (slot === undefined) return [];
    const where = `slot ${slot.id} at ${gfnText(slotRange(slot))}`;
    if (slot.gmem?.file === null || slot.gmem?.file === undefined) return [where];
    const { file, pgoff } = slot.gmem;
    const pages = { start: pgoff, end: pgoff + slot.pages };
    return [`${where} = ${around.after.files[file]?.name} ${filePagesText([pages])}`];
  });
}

/** The slots that lost mappings, and which. */
export function lossesOf(walks: readonly SptesEvent[], before: VmState): readonly SlotLoss[] {
  const removed = removedLeaves(walks);
  return before.slots
    .filter(({ id }) => addressSpaceOf(id) === 0)
    .flatMap((slot) => {
      const leaves = leavesInSlot(removed, slot);
      return leaves.length === 0
        ? []
        : [{ vmId: before.id, slot: slot.id, text: `lost ${leavesText(leaves)}` }];
    });
}
