/** The VM's memslots with their bindings. */
import { hex, rangeText } from '../../outcome';
import type { Slot, State } from '../../simulator/state';
import { bytesOf } from '../../simulator/units';
import { branch, counted, leaf, rangeList, type VariableNode } from './node';

/** `A pages 0x200..0x300`; the file's pages that the slot shows. */
function bindingText(state: State, { gmem, pages }: Slot): string {
  if (gmem === null) return 'none';
  const name = gmem.file === null ? 'a closed file' : (state.files[gmem.file]?.name ?? `file ${gmem.file}`);
  return `${name} pages ${rangeText({ start: gmem.pgoff, end: gmem.pgoff + pages })}`;
}

function flagsText({ readonly, gmem, gmemOnly, invalid }: Slot): string {
  const flags = [
    readonly ? 'read-only' : null,
    gmem === null ? null : 'guest_memfd',
    gmemOnly ? 'guest_memfd-only' : null,
    invalid ? 'invalid' : null,
  ].filter((flag) => flag !== null);
  return flags.join(', ') || 'none';
}

function slotNode(state: State, slot: Slot): VariableNode {
  const { id, baseGfn, pages, mixed } = slot;
  const gfns = rangeText({ start: baseGfn, end: baseGfn + pages });
  const binding = bindingText(state, slot);
  const value = `gfn ${gfns}${slot.gmem === null ? '' : ` = ${binding}`}${slot.invalid ? ', invalid' : ''}`;
  return branch(`slot ${id}`, value, () => [
    leaf('gfns', gfns),
    leaf('gpa', hex(bytesOf(baseGfn))),
    leaf('size', `${hex(bytesOf(pages))} (${counted(pages, 'page')})`),
    leaf('binding', binding),
    leaf('flags', flagsText(slot)),
    rangeList('2M mixed', mixed[2], () => 'private and shared pages'),
    rangeList('1G mixed', mixed[3], () => 'private and shared pages'),
  ]);
}

export function memslotNodes(state: State): readonly VariableNode[] {
  return state.slots.map((slot) => slotNode(state, slot));
}

/** `slot 0`, or the ids of all slots that have gfns of the range; empty where none has. */
export function slotsText(state: State, start: number, end: number): string {
  const ids = state.slots
    .filter(({ baseGfn, pages }) => baseGfn < end && baseGfn + pages > start)
    .map(({ id }) => id);
  return ids.length === 0 ? '' : `${ids.length === 1 ? 'slot' : 'slots'} ${ids.join(', ')}`;
}
