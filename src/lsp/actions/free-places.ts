import { kernelOf } from '../../simulator/kernel';
import { addressSpaceOf } from '../../simulator/model/state-parts';
import type { HostedVm } from '../../simulator/model/vms';
import { gaps, type Range } from '../../simulator/ranges';
import type { GmemFile, Slot, VmState } from '../../simulator/state';

/** Where there is room: for a slot in guest memory, for a binding in a file. Page numbers. */

/** Pages of 2M: what can be mapped by a huge page now should be afterwards. */
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

/** The slots that a slot must not overlap. */
function othersOf(vm: VmState, id: number): readonly Slot[] {
  return vm.slots.filter((slot) => slot.id !== id && addressSpaceOf(slot.id) === addressSpaceOf(id));
}

/** The first free gfn from `from` on, or from 0 where there is none, at which `pages` are free for slot `id`. */
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

/** Behind all slots, on a 2M boundary; `otherwise` where there are none. */
export function behindAllSlots({ slots }: VmState, otherwise: number): number {
  return slots.length === 0 ? otherwise : roundUp(Math.max(...slots.map(endOf)), HUGE);
}

/** The parts of `gfns` that no slot has. */
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

/** The first page of a file from which on `pages` are bound to no slot: behind `from`, or else anywhere. */
export function freePgoff({ bindings, pages: size }: GmemFile, pages: number, from: number): number | null {
  const unit = unitOf(from, pages);
  const places = gaps(bindings, 0, size)
    .map(({ start, end }) => ({ start: roundUp(start, unit), end }))
    .filter(({ start, end }) => end - start >= pages)
    .map(({ start }) => start);
  return places.find((start) => start >= from) ?? places[0] ?? null;
}

/** The page behind the last that is bound. */
export function behindAllBindings({ bindings }: GmemFile): number {
  return bindings.at(-1)?.end ?? 0;
}
