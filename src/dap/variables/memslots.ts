/** The VM's memslots with their bindings. */
import { counted, filePagesText, hex, rangeText } from '../../outcome';
import { bytesOf, gfnsOf, type HostedVm, type Slot, type State, type VmState } from '../../simulator';
import { memoryReference } from '../memory/reference';
import {
  as,
  branch,
  leaf,
  type MoreRows,
  part,
  rangeList,
  suffixed,
  type VariableNode,
  withMemory,
} from './node';

/** `A pages 0x200..0x300`; the file pages the slot is bound to. */
function bindingText(state: State, { gmem, pages }: Slot): string {
  if (gmem === null) return 'none';
  const name = gmem.file === null ? 'a closed file' : (state.files[gmem.file]?.name ?? `file ${gmem.file}`);
  return `${name} ${filePagesText([{ start: gmem.pgoff, end: gmem.pgoff + pages }])}`;
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

export function slotNode({ state, vm }: HostedVm, slot: Slot, more: MoreRows<Slot> = () => []): VariableNode {
  const { id, baseGfn, pages, mixed } = slot;
  const gfns = rangeText(gfnsOf(slot));
  const binding = bindingText(state, slot);
  const value = `gfn ${gfns}${slot.gmem === null ? '' : ` = ${binding}`}${slot.invalid ? ', invalid' : ''}`;
  const memory = memoryReference({ kind: 'gpa', vm: vm.id }, baseGfn);
  const row = branch(`slot ${id}`, value, () => [
    part('gfns', gfns),
    part('gpa', hex(bytesOf(baseGfn))),
    part('size', `${hex(bytesOf(pages))} (${counted(pages, 'page')})`),
    slot.gmem?.file === null ? leaf('binding', binding) : part('binding', binding),
    leaf('flags', flagsText(slot)),
    suffixed(
      '.mixed_2M',
      rangeList('2M mixed', mixed[2], () => 'private and shared pages'),
    ),
    suffixed(
      '.mixed_1G',
      rangeList('1G mixed', mixed[3], () => 'private and shared pages'),
    ),
    ...more(slot),
  ]);
  return withMemory(memory, row);
}

/**
 * @param of The expression of the slots' VM, with a dot; empty for the current VM.
 * @param more Additional rows below each slot.
 */
export function memslotNodes(seen: HostedVm, of = '', more?: MoreRows<Slot>): readonly VariableNode[] {
  return seen.vm.slots.map((slot, at) =>
    as(of === '' ? `slot(${slot.id})` : `${of}slots[${at}]`, slotNode(seen, slot, more)),
  );
}

/** `slot 0`, or the ids of all slots that overlap the range; empty if none does. */
export function slotsText(vm: VmState, start: number, end: number): string {
  const ids = vm.slots
    .filter(({ baseGfn, pages }) => baseGfn < end && baseGfn + pages > start)
    .map(({ id }) => id);
  return ids.length === 0 ? '' : `${ids.length === 1 ? 'slot' : 'slots'} ${ids.join(', ')}`;
}
