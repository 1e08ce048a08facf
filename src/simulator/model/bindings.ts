/** Translation between file pages and gfns, for a slot that is bound at an offset. */
import { type Range, touching } from '../ranges';
import type { Slot, State } from '../state';
import { fileById, slotById } from './state-parts';
import { vmOf } from './vms';

type SlotPlace = Pick<Slot, 'baseGfn' | 'pages'>;

/** The gfns at which a slot bound at `pgoff` maps file pages `[start, end)`; empty if it maps none. */
export function gfnsOfFilePages({ baseGfn, pages }: SlotPlace, pgoff: number, { start, end }: Range): Range {
  const first = Math.max(start, pgoff);
  const last = Math.min(end, pgoff + pages);
  return { start: baseGfn + first - pgoff, end: baseGfn + Math.max(first, last) - pgoff };
}

/** The file pages that a slot bound at `pgoff` maps at gfns `[start, end)`, clamped to the slot. */
export function filePagesOfGfns({ baseGfn, pages }: SlotPlace, pgoff: number, { start, end }: Range): Range {
  const first = Math.max(start, baseGfn);
  const last = Math.min(end, baseGfn + pages);
  return { start: first - baseGfn + pgoff, end: Math.max(first, last) - baseGfn + pgoff };
}

export interface BoundGfns extends Range {
  readonly slot: Slot;
}

/** The gfns of pages `[start, end)` of a file in each bound slot, in order of file offset. */
export function gfnsBoundTo(state: State, file: number, pages: Range): readonly BoundGfns[] {
  const { bindings, vmId } = fileById(state, file);
  const vm = vmOf(state, vmId);
  const ids = new Set(touching(bindings, pages.start, pages.end).map(({ value }) => value.id));
  return [...ids].flatMap((id) => {
    const slot = slotById(vm, id);
    if (!slot?.gmem) return [];
    return [{ slot, ...gfnsOfFilePages(slot, slot.gmem.pgoff, pages) }];
  });
}
