/**
 * Mappings that must not be there: leaves that do not map what a fault would map now. On a right kernel
 * there are none between calls; the historical range arithmetic leaves some behind.
 */
import { addressSpaceOf, fileById, memoryOf } from './model/state-parts';
import { gaps, type Range, within } from './ranges';
import type { MappedLeaf, Root, Slot, State } from './state';
import { hasPrivateMemory } from './vm';

export interface StaleRange extends Range {
  /**
   * No memslot has the gfns; the page that is mapped is not the one behind them any more, or is one of the same file that
   * never was; the page is poisoned; userspace memory is mapped, and the gfns are private; a file is mapped, and the gfns
   * are shared.
   */
  readonly why: 'no-slot' | 'other-page' | 'wrong-page' | 'poisoned' | 'is-private' | 'is-shared';
}

/** Parts of `[start, end)` gfns of the slot that a guest_memfd leaf maps wrongly. */
function staleFilePages(state: State, slot: Slot, leaf: MappedLeaf, { start, end }: Range): readonly Range[] {
  if (slot.gmem?.file === null || slot.gmem?.file === undefined) return [{ start, end }];
  const toIndex = slot.gmem.pgoff - slot.baseGfn;
  const { cache } = fileById(state, slot.gmem.file);
  const right = within(cache, start + toIndex, end + toIndex).filter(
    ({ value }) => value.frame + toIndex === leaf.frame && !value.poisoned,
  );
  return uncovered(
    { start, end },
    right.map((extent) => ({ start: extent.start - toIndex, end: extent.end - toIndex })),
  );
}

/** What of `[start, end)` gfns a leaf maps to pages that are in the file of the slot, for all that: elsewhere, or poisoned. */
function inFile(
  state: State,
  slot: Slot,
  { frame }: MappedLeaf,
  { start, end }: Range,
): readonly StaleRange[] {
  const file = slot.gmem?.file;
  if (file === null || file === undefined || frame === 'zero') return [];
  return fileById(state, file).cache.flatMap((extent): readonly StaleRange[] => {
    const first = Math.max(start, extent.start + extent.value.frame - frame);
    const last = Math.min(end, extent.end + extent.value.frame - frame);
    const why = extent.value.poisoned ? 'poisoned' : 'wrong-page';
    return first < last ? [{ start: first, end: last, why }] : [];
  });
}

/** Parts of `[start, end)` gfns of the slot that a leaf of userspace memory maps wrongly. */
function staleHostPages(state: State, slot: Slot, leaf: MappedLeaf, { start, end }: Range): readonly Range[] {
  const memory = memoryOf(state, slot.id);
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

/** What of `range` none of `parts` covers. */
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

/** Parts of `[start, end)` gfns of the slot where a fault would not look for a page of the leaf's kind. */
function otherKind(
  state: State,
  slot: Slot,
  { backing }: MappedLeaf,
  { start, end }: Range,
): readonly Range[] {
  if (backing === 'host') return within(state.privateGfns, start, end);
  // Without private memory only slots that take every page from a file map one.
  if (slot.gmemOnly || !hasPrivateMemory(state.vm)) return [];
  return gaps(state.privateGfns, start, end);
}

/** Ranges of gfns, for one reason. */
function because(why: StaleRange['why'], ranges: readonly Range[]): readonly StaleRange[] {
  return ranges.map(({ start, end }) => ({ start, end, why }));
}

/** Parts of `[start, end)` gfns of the slot that a leaf maps to another page than a fault would. */
function stalePages(state: State, slot: Slot, leaf: MappedLeaf, range: Range): readonly StaleRange[] {
  if (leaf.backing === 'host') return because('other-page', staleHostPages(state, slot, leaf, range));
  return staleFilePages(state, slot, leaf, range).flatMap((part) => {
    const wrong = inFile(state, slot, leaf, part);
    return [...wrong, ...because('other-page', uncovered(part, wrong))];
  });
}

/** Parts of `[start, end)` gfns of the slot that a leaf maps wrongly. */
function staleInSlot(state: State, slot: Slot, leaf: MappedLeaf, range: Range): readonly StaleRange[] {
  const other = otherKind(state, slot, leaf, range);
  return [
    ...because(leaf.backing === 'gmem' ? 'is-shared' : 'is-private', other),
    ...uncovered(range, other).flatMap((part) => stalePages(state, slot, leaf, part)),
  ];
}

function staleInRoot(state: State, root: Root): readonly StaleRange[] {
  const stale: StaleRange[] = [];
  for (const { start, end, value: leaf } of root.leaves) {
    if (leaf.kind !== 'mapped') continue;
    const covered: Range[] = [];
    for (const slot of state.slots.filter(({ id }) => addressSpaceOf(id) === 0)) {
      const part = { start: Math.max(start, slot.baseGfn), end: Math.min(end, slot.baseGfn + slot.pages) };
      if (part.start >= part.end) continue;
      covered.push(part);
      stale.push(...staleInSlot(state, slot, leaf, part));
    }
    for (const range of uncovered({ start, end }, covered)) stale.push({ ...range, why: 'no-slot' });
  }
  return stale.sort((a, b) => a.start - b.start);
}

/** A state after one statement is the state before the next: each is looked through once. */
const known = new WeakMap<State, readonly StaleRange[]>();

/** The stale mappings of the roots that vCPUs may run on. */
export function staleMappings(state: State): readonly StaleRange[] {
  const found = known.get(state);
  if (found !== undefined) return found;
  const stale = state.roots.filter(({ invalid }) => !invalid).flatMap((root) => staleInRoot(state, root));
  known.set(state, stale);
  return stale;
}
