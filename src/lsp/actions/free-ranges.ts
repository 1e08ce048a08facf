import {
  addressSpaceOf,
  type GmemFile,
  gaps,
  type HostedVm,
  kernelOf,
  type Range,
  type Slot,
  type VmState,
} from '../../simulator';

/** Finds free ranges: gfns for a slot, pages of a file for a binding. */

/** Number of pages in 2M. Moved ranges keep their 2M alignment, so that huge pages remain possible. */
const HUGE = 512;

function unitOf(at: number, pages: number): number {
  return at % HUGE === 0 && pages >= HUGE ? HUGE : 1;
}

function roundUp(page: number, unit: number): number {
  return Math.ceil(page / unit) * unit;
}

function endOf({ baseGfn, pages }: Slot): number {
  return baseGfn + pages;
}

/** The slots that slot `id` must not overlap. */
function othersOf(vm: VmState, id: number): readonly Slot[] {
  return vm.slots.filter((slot) => slot.id !== id && addressSpaceOf(slot.id) === addressSpaceOf(id));
}

/** The first gfn at or after `from` with `pages` free gfns for slot `id`; otherwise the first such gfn at all. */
export function freeGfn({ state, vm }: HostedVm, id: number, pages: number, from: number): number | null {
  const others = othersOf(vm, id);
  const unit = unitOf(from, pages);
  const { gfnLimit } = kernelOf(state.setup);
  const search = (start: number): number | null => {
    let at = start;
    for (;;) {
      const inTheWay = others.filter((slot) => slot.baseGfn < at + pages && endOf(slot) > at);
      if (inTheWay.length === 0) return at + pages > gfnLimit ? null : at;
      at = roundUp(Math.max(...inTheWay.map(endOf)), unit);
    }
  };
  return search(from) ?? search(0);
}

/** The gfn after all slots, 2M-aligned; `otherwise` if there are none. */
export function behindAllSlots({ slots }: VmState, otherwise: number): number {
  return slots.length === 0 ? otherwise : roundUp(Math.max(...slots.map(endOf)), HUGE);
}

/** The parts of `gfns` that no slot covers. */
export function withoutSlots({ slots }: VmState, gfns: Range): readonly Range[] {
  const extents = slots
    .filter(({ id }) => addressSpaceOf(id) === 0)
    .map((slot) => ({ start: slot.baseGfn, end: endOf(slot), value: true }));
  return gaps(
    extents.sort((a, b) => a.start - b.start),
    gfns.start,
    gfns.end,
  );
}

export function freeSlotId({ slots }: VmState): number {
  const taken = new Set(slots.map(({ id }) => id));
  let id = 0;
  while (taken.has(id)) id++;
  return id;
}

/** The first file page with `pages` unbound pages: at or after `from`, otherwise anywhere. */
export function freePgoff({ bindings, pages: size }: GmemFile, pages: number, from: number): number | null {
  const unit = unitOf(from, pages);
  const places = gaps(bindings, 0, size)
    .map(({ start, end }) => ({ start: roundUp(start, unit), end }))
    .filter(({ start, end }) => end - start >= pages)
    .map(({ start }) => start);
  return places.find((start) => start >= from) ?? places[0] ?? null;
}

/** The page after the last bound one. */
export function behindAllBindings({ bindings }: GmemFile): number {
  return bindings.at(-1)?.end ?? 0;
}
