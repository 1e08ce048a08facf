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
   * never was; userspace memory is mapped, and the gfns are private; a file is mapped, and the gfns are shared.
   */
  readonly why: 'no-slot' | 'other-page' | 'wrong-page' | 'is-private' | 'is-shared';
}

/** Parts of `[start, end)` gfns of the slot that a guest_memfd leaf maps wrongly. */
function staleFilePages(state: State, slot: Slot, leaf: MappedLeaf, { start, end }: Range): readonly Range[] {
  if (slot.gmem?.file === null || slot.gmem?.file === undefined) return [{ start, end }];
  const toIndex = slot.gmem.pgoff - slot.baseGfn;
  const { cache } = fileById(state, slot.gmem.file);
  const right = within(cache, start + toIndex, end + toIndex).filter(
    ({ value }) => value.frame + toIndex === leaf.frame,
  );
  return uncovered(
    { start, end },
    right.map((extent) => ({ start: extent.start - toIndex, end: extent.end - toIndex })),
  );
}

/** Parts of `[start, end)` gfns that a leaf maps to a page which the file of the slot has. */
function inFile(state: State, slot: Slot, { frame }: MappedLeaf, { start, end }: Range): readonly Range[] {
  const file = slot.gmem?.file;
  if (file === null || file === undefined || frame === 'zero') return [];
  return fileById(state, file)
    .cache.map((extent) => ({
      start: Math.max(start, extent.start + extent.value.frame - frame),
      end: Math.min(end, extent.end + extent.value.frame - frame),
    }))
    .filter((range) => range.start < range.end);
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

/** Parts of `[start, end)` gfns of the slot that a leaf maps wrongly. */
function staleInSlot(state: State, slot: Slot, leaf: MappedLeaf, range: Range): readonly StaleRange[] {
  const isFile = leaf.backing === 'gmem';
  const other = otherKind(state, slot, leaf, range);
  const pages = uncovered(range, other).flatMap((part) =>
    (isFile ? staleFilePages : staleHostPages)(state, slot, leaf, part),
  );
  const wrong = isFile ? pages.flatMap((part) => inFile(state, slot, leaf, part)) : [];
  const because = (why: StaleRange['why'], ranges: readonly Range[]): readonly StaleRange[] =>
    ranges.map(({ start, end }) => ({ start, end, why }));
  return [
    ...because(isFile ? 'is-shared' : 'is-private', other),
    ...because('wrong-page', wrong),
    ...because(
      'other-page',
      pages.flatMap((part) => uncovered(part, wrong)),
    ),
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
