/**
 * Mappings that must not be there: leaves that do not map what a fault would map now. On a right kernel
 * there are none between calls; the historical range arithmetic leaves some behind.
 */
import { addressSpaceOf, fileById, memoryOf } from './model/state-parts';
import { vmOf } from './model/vms';
import { differing } from './range-changes';
import { type Extent, extentAt, gaps, intersects, type Range, touching, within } from './ranges';
import { type Mapping, type MappingChanges, mappingChanges } from './stale-changes';
import type { Leaf, MappedLeaf, Root, Slot, State, VmState } from './state';
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

/** What of `[start, end)` gfns a leaf maps to pages that are in the file of the slot, for all that: elsewhere, or poisoned. */
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
  vm: VmState,
  slot: Slot,
  { backing }: MappedLeaf,
  { start, end }: Range,
): readonly Range[] {
  if (backing === 'host') return within(vm.privateGfns, start, end);
  // Without private memory only slots that take every page from a file map one.
  if (slot.gmemOnly || !hasPrivateMemory(vm.type)) return [];
  return gaps(vm.privateGfns, start, end);
}

/** Ranges of gfns, for one reason. */
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

/** The parts of a leaf's gfns that are stale, in the order of the slots. */
function staleInLeaf(mapping: Mapping, { start, end, value: leaf }: Extent<Leaf>): readonly StaleRange[] {
  if (leaf.kind !== 'mapped') return [];
  const stale: StaleRange[] = [];
  const covered: Range[] = [];
  for (const slot of mapping.vm.slots) {
    const part = { start: Math.max(start, slot.baseGfn), end: Math.min(end, slot.baseGfn + slot.pages) };
    if (part.start >= part.end || addressSpaceOf(slot.id) !== 0) continue;
    covered.push(part);
    stale.push(...staleInSlot(mapping, slot, leaf, part));
  }
  for (const range of uncovered({ start, end }, covered)) stale.push({ ...range, why: 'no-slot' });
  return stale;
}

/** The stale mappings of one root of a VM. */
export function staleInRoot({ files }: Pick<State, 'files'>, vm: VmState, root: Root): readonly StaleRange[] {
  return root.leaves.flatMap((leaf) => staleInLeaf({ vm, files }, leaf)).sort((a, b) => a.start - b.start);
}

/** The stale mappings of one root, and the root. */
interface StaleRoot {
  readonly root: Root;
  readonly stale: readonly StaleRange[];
}

/** As staleInRoot(), from the stale mappings of an earlier state: looks only at leaves that may have changed. */
function staleSince(before: StaleRoot, mapping: Mapping, root: Root, changes: MappingChanges): StaleRoot {
  const { leaves } = root;
  const suspects = new Set(differing(before.root.leaves, leaves).after);
  for (const { start, end } of changes.gfns) {
    for (const leaf of touching(leaves, start, end)) suspects.add(leaf);
  }
  const kept: StaleRange[] = [];
  for (const range of before.stale) {
    const leaf = extentAt(leaves, range.start);
    if (leaf === undefined || suspects.has(leaf)) continue;
    // Why the leaf is stale depends on where in the file its pages are.
    if (intersects(changes.pfns, ...pfnsOf(leaf))) suspects.add(leaf);
    else kept.push(range);
  }
  const found = [...suspects].flatMap((leaf) => staleInLeaf(mapping, leaf));
  if (found.length === 0 && kept.length === before.stale.length) return { root, stale: before.stale };
  return { root, stale: [...kept, ...found].sort((a, b) => a.start - b.start) };
}

/** The pages that a leaf maps, as the bounds of a range of pfns. */
function pfnsOf({ start, end, value }: Extent<Leaf>): readonly [number, number] {
  const frame = value.kind === 'mapped' && value.frame !== 'zero' ? value.frame : 0;
  return [start + frame, end + frame];
}

/** The stale mappings of a VM, with the files at that time. */
interface StaleVm extends Mapping {
  readonly roots: readonly StaleRoot[];
  readonly stale: readonly StaleRange[];
}

/**
 * What is known of the VMs that were asked about last, the latest first: a VM after one statement is the VM before the
 * next. A WeakMap of all VMs costs several times as much as the search itself, in garbage collection.
 */
let latest: readonly StaleVm[] = [];

/** Enough for a scenario with several VMs. */
const KEPT = 8;

function knownOf(vm: VmState | undefined): StaleVm | undefined {
  return vm && latest.find((known) => known.vm === vm);
}

function staleInVm(mapping: Mapping, before: StaleVm | undefined): StaleVm {
  const changes = before && mappingChanges(before, mapping);
  const roots = mapping.vm.roots
    .filter(({ invalid }) => !invalid)
    .map((root): StaleRoot => {
      const earlier = before?.roots.find((one) => one.root.id === root.id);
      if (earlier && changes) return staleSince(earlier, mapping, root, changes);
      return { root, stale: staleInRoot(mapping, mapping.vm, root) };
    });
  return {
    ...mapping,
    roots,
    stale: roots.length === 1 ? roots[0]!.stale : roots.flatMap((one) => one.stale),
  };
}

/**
 * The stale mappings of the roots that vCPUs of a VM may run on.
 * @param before An earlier state that has the VM: what changed since is looked at, if its stale mappings are known.
 */
export function staleMappings(state: State, vmId: number, before?: State): readonly StaleRange[] {
  const vm = vmOf(state, vmId);
  const { files } = state;
  const same = knownOf(vm);
  if (same?.files === files) return same.stale;
  const found = staleInVm({ vm, files }, same ?? knownOf(before?.vms[vmId]));
  latest = [found, ...latest.filter((known) => known !== same)].slice(0, KEPT);
  return found.stale;
}
