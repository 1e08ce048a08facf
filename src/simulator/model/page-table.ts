/**
 * The TDP page tables of one root, kept as ranges: which entries of each level point to tables, and runs of
 * equal leaves. All functions return the new root with the runs of entries that changed.
 * Facts: arch/x86/kvm/mmu/tdp_mmu.c.
 */
import type { SpteRun } from '../events';
import {
  type Extent,
  extentAt,
  gaps,
  put,
  type Range,
  remove,
  touching,
  update,
  valueAt,
  within,
} from '../ranges';
import type { Leaf, MappedLeaf, Root } from '../state';
import { type Level, roundDown, roundUp } from '../units';

export interface RootChange {
  readonly root: Root;
  readonly runs: readonly SpteRun[];
}

export function emptyRoot(id: number, kind: Root['kind'] = 'direct'): Root {
  return { id, kind, invalid: false, tables: { 2: [], 3: [], 4: [] }, leaves: [] };
}

/** The run of equal leaves that contains `gfn`. */
export function leafAt(root: Root, gfn: number): Extent<Leaf> | undefined {
  return extentAt(root.leaves, gfn);
}

export function mappedAt(root: Root, gfn: number): MappedLeaf | undefined {
  const leaf = leafAt(root, gfn)?.value;
  return leaf?.kind === 'mapped' ? leaf : undefined;
}

/** An entry of a page table: a leaf or an MMIO SPTE, one that points to a table, or an empty one. */
export type Entry = Leaf | 'table' | 'none';

/** The entry of `level` for `gfn`, if tables lead to it; undefined if there is no such table. */
export function entryOf(root: Root, gfn: number, level: Level): Entry | undefined {
  const isLinked = (above: 2 | 3 | 4) => valueAt(root.tables[above], gfn) === true;
  if (!tableLevels(level).every(isLinked)) return undefined;
  const leaf = leafAt(root, gfn)?.value;
  if (leaf?.level === level) return leaf;
  return level > 1 && isLinked(level as 2 | 3 | 4) ? 'table' : 'none';
}

export function sameEntry(a: Entry, b: Entry | undefined): boolean {
  if (typeof a === 'string' || typeof b === 'string' || b === undefined) return a === b;
  if (a.kind === 'mmio' || b.kind === 'mmio') {
    return a.kind === 'mmio' && b.kind === 'mmio' && a.generation === b.generation;
  }
  return a.level === b.level && sameBits(a, b);
}

/** Whether two leaves of one level have the same bits. */
export function sameBits(a: MappedLeaf, b: MappedLeaf): boolean {
  return (
    a.writable === b.writable &&
    a.executable === b.executable &&
    a.accessed === b.accessed &&
    a.dirty === b.dirty &&
    a.frame === b.frame
  );
}

/** Links a page table into the empty entry of `level` for `gfn`. */
export function linkTable(root: Root, gfn: number, level: 2 | 3 | 4): RootChange {
  const start = roundDown(gfn, level);
  const end = roundUp(gfn + 1, level);
  const tables = { ...root.tables, [level]: put(root.tables[level], start, end, true) };
  return { root: { ...root, tables }, runs: [{ start, end, level, from: 'none', to: 'table' }] };
}

/** Levels above `goal` whose entries point to page tables, the root's entries first. */
function tableLevels(goal: Level): readonly (2 | 3 | 4)[] {
  return ([4, 3, 2] as const).filter((level) => level > goal);
}

/** Links the missing page tables above `goal` for `[start, end)`. */
function linkTables(root: Root, { start, end }: Range, goal: Level): RootChange {
  const runs: SpteRun[] = [];
  const tables = { ...root.tables };
  for (const level of tableLevels(goal)) {
    for (const gap of gaps(tables[level], roundDown(start, level), roundUp(end, level))) {
      runs.push({ ...gap, level, from: 'none', to: 'table' });
      tables[level] = put(tables[level], gap.start, gap.end, true);
    }
  }
  return { root: { ...root, tables }, runs };
}

/** The current entries of `level` in the range and the leaves below them, as runs to `none`. */
function entriesBefore(root: Root, range: Range, level: Level): readonly SpteRun[] {
  const found: SpteRun[] = [];
  const tables = level === 2 ? within(root.tables[2], range.start, range.end) : [];
  for (const table of tables) found.push({ ...plain(table), level: 2, from: 'table', to: 'none' });
  for (const { start, end, value } of within(root.leaves, range.start, range.end)) {
    found.push({ start, end, level: value.level, from: value, to: 'none' });
  }
  const free = found
    .filter((run) => run.level === level)
    .map((run) => ({ ...plain(run), value: true as const }));
  const taken = free.reduce((set, run) => put(set, run.start, run.end, true), [] as Root['tables'][2]);
  for (const gap of gaps(taken, range.start, range.end)) {
    found.push({ ...gap, level, from: 'none', to: 'none' });
  }
  return found;
}

function plain({ start, end }: Range): Range {
  return { start, end };
}

/**
 * Sets every entry of `leaf.level` in the range (whole entries) to the leaf. Page tables that a huge leaf replaces are
 * removed together with their entries (handle_changed_spte).
 */
export function setLeaves(root: Root, range: Range, leaf: Leaf): RootChange {
  const linked = linkTables(root, range, leaf.level);
  const runs = entriesBefore(linked.root, range, leaf.level).map((run) =>
    run.level === leaf.level ? { ...run, to: leaf } : run,
  );
  const tables =
    leaf.level === 2
      ? { ...linked.root.tables, 2: remove(linked.root.tables[2], range.start, range.end) }
      : linked.root.tables;
  const leaves = put(linked.root.leaves, range.start, range.end, leaf);
  return { root: { ...linked.root, tables, leaves }, runs: [...linked.runs, ...runs] };
}

/**
 * Replaces the 2 MiB leaf that maps `gfn` with a table of 4 KiB leaves with the same bits. Only the change of the 2 MiB
 * entry is reported (tdp_mmu_split_huge_page fills the table before it links it).
 */
export function splitLeaf(root: Root, gfn: number): RootChange {
  const extent = leafAt(root, gfn);
  if (extent?.value.level !== 2) return { root, runs: [] };
  const start = roundDown(gfn, 2);
  const end = start + 512;
  const leaves = put(root.leaves, start, end, { ...extent.value, level: 1 });
  const tables = { ...root.tables, 2: put(root.tables[2], start, end, true) };
  return {
    root: { ...root, leaves, tables },
    runs: [{ start, end, level: 2, from: extent.value, to: 'table' }],
  };
}

/**
 * Zaps the mapped leaves that touch `[start, end)`, huge ones as a whole (tdp_mmu_zap_leafs). The walk begins at the leaf
 * that contains `start` and continues while a leaf begins below `end`, even if wrong arithmetic made the range empty or
 * inverted. Tables and MMIO SPTEs stay.
 */
export function zapLeaves(root: Root, range: Range, matches: (leaf: MappedLeaf) => boolean): RootChange {
  const bound = range.end;
  const runs: SpteRun[] = [];
  let leaves = root.leaves;
  for (const extent of touching(root.leaves, range.start, Math.max(bound, range.start + 1))) {
    const leaf = extent.value;
    if (leaf.kind !== 'mapped' || !matches(leaf)) continue;
    const start = Math.max(extent.start, roundDown(range.start, leaf.level));
    const end = Math.min(extent.end, roundUp(Math.max(bound, range.start + 1), leaf.level));
    if (start >= bound) continue;
    runs.push({ start, end, level: leaf.level, from: leaf, to: 'none' });
    leaves = remove(leaves, start, end);
  }
  return { root: { ...root, leaves }, runs };
}

/** Sets the accessed bit, and for a write the dirty bit, as the CPU does. Never reported. */
export function markAccessed(root: Root, gfn: number, write: boolean): Root {
  const leaf = mappedAt(root, gfn);
  if (leaf === undefined || (leaf.accessed && (leaf.dirty || !write))) return root;
  const start = roundDown(gfn, leaf.level);
  const end = roundUp(gfn + 1, leaf.level);
  const mark = (value: Leaf): Leaf =>
    value.kind === 'mapped' ? { ...value, accessed: true, dirty: value.dirty || write } : value;
  return { ...root, leaves: update(root.leaves, start, end, mark) };
}

/**
 * Removes the entries of a range in one pass of tdp_mmu_zap_root() with KVM_PROVE_MMU: the first pass removes those of level
 * 3 and below, the last one the root's own. The range consists of whole entries of the pass.
 */
export function clearEntries(root: Root, { start, end }: Range, pass: 3 | 4): RootChange {
  const levels = pass === 3 ? ([2, 3] as const) : ([4] as const);
  const cleared = pass === 3 ? within(root.leaves, start, end) : [];
  const runs: SpteRun[] = cleared.map((leaf) => ({
    ...plain(leaf),
    level: leaf.value.level,
    from: leaf.value,
    to: 'none',
  }));
  const tables = { ...root.tables };
  for (const level of levels) {
    for (const table of within(root.tables[level], start, end))
      runs.push({ ...plain(table), level, from: 'table', to: 'none' });
    tables[level] = remove(root.tables[level], start, end);
  }
  const leaves = pass === 3 ? remove(root.leaves, start, end) : root.leaves;
  return { root: { ...root, leaves, tables }, runs };
}
