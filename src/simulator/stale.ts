/**
 * Stale mappings: leaves that do not map what a fault would map now, and that no pending call zaps before it frees the
 * page. A kernel without bugs leaves none; the historical range arithmetic does.
 */

import { addressSpaceOf, fileById, memoryOf } from './model/state-parts';
import { vmOf } from './model/vms';
import { afterPendingCalls } from './pending';
import { type Extent, extentAt, gaps, type Range, within } from './ranges';
import type { Mapping } from './stale-changes';
import type { Leaf, MappedLeaf, Root, RootKind, Slot, State, VmState } from './state';
import { hasPrivateMemory } from './vm';

export interface StaleRange extends Range {
  /**
   * `no-slot`: no memslot has the gfns. `freed`: the mapped page is freed. `not-backing`: it no longer backs the gfns.
   * `wrong-page`: it belongs to the file of the slot, but to another index. `poisoned`: it is poisoned. `is-private`:
   * userspace memory is mapped, but the gfns are private. `is-shared`: a file is mapped, but the gfns are shared.
   */
  readonly why: 'no-slot' | 'freed' | 'not-backing' | 'wrong-page' | 'poisoned' | 'is-private' | 'is-shared';
  /** The kind of the root, on TDX; other VMs have only direct roots. */
  readonly root?: RootKind;
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
  const wrong: StaleRange[] = [];
  for (const extent of fileById(mapping, file).cache) {
    const first = Math.max(start, extent.start + extent.value.frame - frame);
    const last = Math.min(end, extent.end + extent.value.frame - frame);
    const why = extent.value.poisoned ? 'poisoned' : 'wrong-page';
    if (first < last) wrong.push({ start: first, end: last, why });
  }
  return wrong;
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

/** The parts of `range` that none of `parts` covers; `parts` may reach beyond it. */
function uncovered({ start, end }: Range, parts: readonly Range[]): readonly Range[] {
  const left: Range[] = [];
  let at = start;
  for (const part of parts.toSorted((a, b) => a.start - b.start)) {
    if (part.start >= end) break;
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
  if (leaf.backing === 'host') return because('freed', staleHostPages(mapping.vm, slot, leaf, range));
  return staleFilePages(mapping, slot, leaf, range).flatMap((part) => {
    const wrong = inFile(mapping, slot, leaf, part);
    return [...wrong, ...because('freed', uncovered(part, wrong))];
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

/** Parts of a leaf that do not map what a fault would map now. */
function wrongInLeaf(
  { files, vms }: Hosts,
  vm: VmState,
  { start, end }: Range,
  leaf: MappedLeaf,
): readonly StaleRange[] {
  const wrong: StaleRange[] = [];
  const covered: Range[] = [];
  // Without a list of its own: a VM has up to thousands of slots, and a statement changes thousands of leaves.
  for (const slot of vm.slots) {
    if (slot.baseGfn >= end || slot.baseGfn + slot.pages <= start || addressSpaceOf(slot.id) !== 0) continue;
    const part = { start: Math.max(start, slot.baseGfn), end: Math.min(end, slot.baseGfn + slot.pages) };
    covered.push(part);
    wrong.push(...staleInSlot({ vm, files, vms }, slot, leaf, part));
  }
  for (const range of uncovered({ start, end }, covered)) wrong.push({ ...range, why: 'no-slot' });
  return wrong;
}

/** Parts of `[start, end)` gfns for which the page that the leaf maps still belongs to a file or to userspace memory. */
function pagesThere({ files, vms }: Hosts, leaf: MappedLeaf, { start, end }: Range): readonly Range[] {
  const { backing, frame } = leaf;
  // The zero page is never freed.
  if (frame === 'zero') return [{ start, end }];
  const there: Range[] = [];
  const add = ({ start: first, end: last, value }: Extent<{ readonly frame: number }>) => {
    const part = {
      start: Math.max(start, first + value.frame - frame),
      end: Math.min(end, last + value.frame - frame),
    };
    if (part.start < part.end) there.push(part);
  };
  if (backing === 'gmem') for (const { cache } of files) cache.forEach(add);
  else
    for (const { present } of vms.flatMap(({ memories }) => memories))
      for (const page of present) if (page.value.kind !== 'zero') add({ ...page, value: page.value });
  return there;
}

/** The stale ranges of the same root after all pending calls have ended. */
function wrongLater(state: State, vm: VmState, root: Root): readonly StaleRange[] {
  const later = afterPendingCalls(state);
  const laterVm = vmOf(later, vm.id);
  const laterRoot = laterVm.roots.find(({ id, invalid }) => id === root.id && !invalid);
  if (laterRoot === undefined) return [];
  return laterRoot.leaves.flatMap((extent) => wrongInExtent(later, laterVm, laterRoot, extent));
}

/** The part of a state on which it depends what a fault would map. */
export type Hosts = Pick<State, 'files' | 'vms'>;

/** The parts of an extent that do not map what a fault would map now, whatever calls are pending. */
export function wrongInExtent(
  state: Hosts,
  vm: VmState,
  { kind }: Root,
  extent: Extent<Leaf>,
): readonly StaleRange[] {
  if (extent.value.kind !== 'mapped') return [];
  const wrong = asFreedOrNot(state, extent.value, wrongInLeaf(state, vm, extent, extent.value));
  return vm.type === 'tdx' ? wrong.map((range) => ({ ...range, root: kind })) : wrong;
}

/** Splits `freed` ranges: a page that still exists is not freed, but no longer backs the gfns. */
function asFreedOrNot(state: Hosts, leaf: MappedLeaf, wrong: readonly StaleRange[]): readonly StaleRange[] {
  return wrong.flatMap((range) => {
    if (range.why !== 'freed') return [range];
    const there = pagesThere(state, leaf, range);
    return [...because('not-backing', there), ...because('freed', uncovered(range, there))];
  });
}

/** Leaves out what a pending call will zap while the page still exists. */
function withoutPending(
  state: State,
  leaf: MappedLeaf,
  wrong: readonly StaleRange[],
  later: () => readonly StaleRange[],
): readonly StaleRange[] {
  return wrong.flatMap((range) => {
    const there = pagesThere(state, leaf, range);
    const left = there.length === 0 ? [] : later();
    const pending = there.flatMap((part) => uncovered(part, left));
    return uncovered(range, pending).map((part) => ({ ...range, ...part }));
  });
}

/** What is wrong in a root, in the order of the gfns, whatever calls are pending. */
function wrongInRoot(state: Hosts, vm: VmState, root: Root): readonly StaleRange[] {
  return root.leaves
    .flatMap((extent) => wrongInExtent(state, vm, root, extent))
    .sort((a, b) => a.start - b.start);
}

/** What is stale of that: all but what pending calls will zap in time. */
export function staleOfWrong(
  state: State,
  vm: VmState,
  root: Root,
  wrong: readonly StaleRange[],
): readonly StaleRange[] {
  if (wrong.length === 0 || state.tasks.length === 0) return wrong;
  let known: readonly StaleRange[] | undefined;
  const later = () => {
    known ??= wrongLater(state, vm, root);
    return known;
  };
  const stale = wrong.flatMap((range) => {
    const leaf = extentAt(root.leaves, range.start)?.value;
    return leaf?.kind === 'mapped' ? withoutPending(state, leaf, [range], later) : [];
  });
  return stale.sort((a, b) => a.start - b.start);
}

/** The stale mappings of one root of a VM. */
export function staleInRoot(state: State, vm: VmState, root: Root): readonly StaleRange[] {
  return staleOfWrong(state, vm, root, wrongInRoot(state, vm, root));
}

/**
 * The gfns at which valid roots of a VM map pages that are freed: the guest can reach them now, whatever the pending calls
 * still do.
 */
export function freedMappings(state: Hosts, { roots }: VmState): readonly Range[] {
  return roots
    .filter(({ invalid }) => !invalid)
    .flatMap(({ leaves }) => leaves)
    .flatMap(({ start, end, value }) =>
      value.kind === 'mapped' ? uncovered({ start, end }, pagesThere(state, value, { start, end })) : [],
    );
}
