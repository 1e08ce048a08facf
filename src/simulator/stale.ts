/**
 * Stale mappings: leaves that do not map what a fault would map now. A kernel without bugs leaves none between calls;
 * the historical range arithmetic does.
 */
import { addressSpaceOf, fileById, memoryOf } from './model/state-parts';
import { vmOf } from './model/vms';
import { gaps, type Range, within } from './ranges';
import type { GmemFile, MappedLeaf, Root, Slot, State, VmState } from './state';
import { hasPrivateMemory } from './vm';

export interface StaleRange extends Range {
  /**
   * `no-slot`: no memslot has the gfns. `other-page`: the mapped page is no longer the one behind them. `wrong-page`: the
   * mapped page belongs to the file of the slot, but to another index. `poisoned`: the page is poisoned. `is-private`:
   * userspace memory is mapped, but the gfns are private. `is-shared`: a file is mapped, but the gfns are shared.
   */
  readonly why: 'no-slot' | 'other-page' | 'wrong-page' | 'poisoned' | 'is-private' | 'is-shared';
}

/** A VM, and the files whose pages it may map. */
interface Mapping {
  readonly vm: VmState;
  readonly files: readonly GmemFile[];
}

/** Parts of `[start, end)` gfns of the slot that a guest_memfd leaf maps wrongly. */
function staleFilePages(
  mapping: Mapping,
  slot: Slot,
  leaf: MappedLeaf,
  { start, end }: Range,
): readonly Range[] {
  if (slot.gmem?.file === null || slot.gmem?.file === undefined) return [{ start, end }];
  const toIndex = slot.gmem.pgoff - slot.baseGfn;
  const { cache } = fileById(mapping, slot.gmem.file);
  const right = within(cache, start + toIndex, end + toIndex).filter(
    ({ value }) => value.frame + toIndex === leaf.frame && !value.poisoned,
  );
  return uncovered(
    { start, end },
    right.map((extent) => ({ start: extent.start - toIndex, end: extent.end - toIndex })),
  );
}

/** Parts of `[start, end)` gfns that a leaf maps to other pages of the slot's file, or to poisoned ones. */
function inFile(
  mapping: Mapping,
  slot: Slot,
  { frame }: MappedLeaf,
  { start, end }: Range,
): readonly StaleRange[] {
  const file = slot.gmem?.file;
  if (file === null || file === undefined || frame === 'zero') return [];
  return fileById(mapping, file).cache.flatMap((extent): readonly StaleRange[] => {
    const first = Math.max(start, extent.start + extent.value.frame - frame);
    const last = Math.min(end, extent.end + extent.value.frame - frame);
    const why = extent.value.poisoned ? 'poisoned' : 'wrong-page';
    return first < last ? [{ start: first, end: last, why }] : [];
  });
}

/** Parts of `[start, end)` gfns of the slot that a leaf of userspace memory maps wrongly. */
function staleHostPages(vm: VmState, slot: Slot, leaf: MappedLeaf, { start, end }: Range): readonly Range[] {
  const memory = memoryOf(vm, slot.id);
  if (memory === undefined) return [{ start, end }];
  const right: Range[] = [];
  if (leaf.frame === 'zero') {
    for (const extent of within(memory.chunks, start - slot.baseGfn, end - slot.baseGfn)) {
      if (extent.value === 'huge-zero-page') right.push(extent);
    }
  }
  for (const extent of within(memory.present, start - slot.baseGfn, end - slot.baseGfn)) {
    const same =
      extent.value.kind === 'zero' ? leaf.frame === 'zero' : extent.value.frame - slot.baseGfn === leaf.frame;
    if (same) right.push(extent);
  }
  const gfns = right.map((range) => ({ start: range.start + slot.baseGfn, end: range.end + slot.baseGfn }));
  return uncovered({ start, end }, gfns);
}

/** The parts of `range` that none of `parts` covers. */
function uncovered({ start, end }: Range, parts: readonly Range[]): readonly Range[] {
  const left: Range[] = [];
  let at = start;
  for (const part of [...parts].sort((a, b) => a.start - b.start)) {
    if (part.start > at) left.push({ start: at, end: part.start });
    at = Math.max(at, part.end);
  }
  if (at < end) left.push({ start: at, end });
  return left;
}

/** Parts of `[start, end)` gfns of the slot for which a fault would not use the leaf's kind of memory. */
function otherKind(
  vm: VmState,
  slot: Slot,
  { backing }: MappedLeaf,
  { start, end }: Range,
): readonly Range[] {
  if (backing === 'host') return within(vm.privateGfns, start, end);
  // Without private memory, only slots that take all pages from a file map file pages.
  if (slot.gmemOnly || !hasPrivateMemory(vm.type)) return [];
  return gaps(vm.privateGfns, start, end);
}

/** Ranges of gfns that are stale for the same reason. */
function because(why: StaleRange['why'], ranges: readonly Range[]): readonly StaleRange[] {
  return ranges.map(({ start, end }) => ({ start, end, why }));
}

/** Parts of `[start, end)` gfns of the slot that a leaf maps to another page than a fault would. */
function stalePages(mapping: Mapping, slot: Slot, leaf: MappedLeaf, range: Range): readonly StaleRange[] {
  if (leaf.backing === 'host') return because('other-page', staleHostPages(mapping.vm, slot, leaf, range));
  return staleFilePages(mapping, slot, leaf, range).flatMap((part) => {
    const wrong = inFile(mapping, slot, leaf, part);
    return [...wrong, ...because('other-page', uncovered(part, wrong))];
  });
}

/** Parts of `[start, end)` gfns of the slot that a leaf maps wrongly. */
function staleInSlot(mapping: Mapping, slot: Slot, leaf: MappedLeaf, range: Range): readonly StaleRange[] {
  const other = otherKind(mapping.vm, slot, leaf, range);
  return [
    ...because(leaf.backing === 'gmem' ? 'is-shared' : 'is-private', other),
    ...uncovered(range, other).flatMap((part) => stalePages(mapping, slot, leaf, part)),
  ];
}

/** The stale mappings of one root of a VM. */
export function staleInRoot({ files }: State, vm: VmState, root: Root): readonly StaleRange[] {
  const mapping = { vm, files };
  const stale: StaleRange[] = [];
  for (const { start, end, value: leaf } of root.leaves) {
    if (leaf.kind !== 'mapped') continue;
    const covered: Range[] = [];
    for (const slot of vm.slots.filter(({ id }) => addressSpaceOf(id) === 0)) {
      const part = { start: Math.max(start, slot.baseGfn), end: Math.min(end, slot.baseGfn + slot.pages) };
      if (part.start >= part.end) continue;
      covered.push(part);
      stale.push(...staleInSlot(mapping, slot, leaf, part));
    }
    for (const range of uncovered({ start, end }, covered)) stale.push({ ...range, why: 'no-slot' });
  }
  return stale.sort((a, b) => a.start - b.start);
}

/** Results by state: the state after a statement is also the state before the next one. */
const known = new WeakMap<State, Map<number, readonly StaleRange[]>>();

/** The stale mappings in the valid roots of a VM. */
export function staleMappings(state: State, vmId: number): readonly StaleRange[] {
  const ofState = known.get(state) ?? new Map<number, readonly StaleRange[]>();
  known.set(state, ofState);
  const found = ofState.get(vmId);
  if (found !== undefined) return found;
  const vm = vmOf(state, vmId);
  const stale = vm.roots.filter(({ invalid }) => !invalid).flatMap((root) => staleInRoot(state, vm, root));
  ofState.set(vmId, stale);
  return stale;
}
