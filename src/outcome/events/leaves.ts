/** The leaf entries that a statement zapped, installed or changed, joined over neighbouring pages. */
import type { Level, MappedLeaf, Range, RootKind, SpteRun, SptesEvent, ZapEvent } from '../../simulator';
/** Consecutive leaf entries of one level with the same rights. */
export interface LeafRange extends Range {
  readonly level: Level;
  readonly writable: boolean;
  /** Only on TDX. */
  readonly root?: RootKind;
}

/** The range of a run of leaves. */
function leafRange({ start, end, level, root }: SpteRun, leaf: MappedLeaf | null): LeafRange {
  const range = { start, end, level, writable: leaf?.writable ?? false };
  return root === undefined ? range : { ...range, root };
}

function mapped(value: SpteRun['from']): MappedLeaf | null {
  return typeof value === 'object' && value.kind === 'mapped' ? value : null;
}

/** Joins neighbours; leaves that differ only in bits that the CPU sets form one range. */
function join(ranges: readonly LeafRange[]): readonly LeafRange[] {
  const joined: LeafRange[] = [];
  for (const range of ranges) {
    const last = joined[joined.length - 1];
    const follows = last?.end === range.start && last.level === range.level && last.root === range.root;
    if (follows && last.writable === range.writable) joined[joined.length - 1] = { ...last, end: range.end };
    else joined.push(range);
  }
  return joined;
}

function collect(
  walks: readonly SptesEvent[],
  pick: (run: SpteRun) => MappedLeaf | null,
): readonly LeafRange[] {
  const found: LeafRange[] = [];
  for (const run of walks.flatMap(({ runs }) => runs)) {
    const leaf = pick(run);
    if (leaf !== null) found.push(leafRange(run, leaf));
  }
  return join(found);
}

/** Leaves that were installed. */
export function mappedLeaves(walks: readonly SptesEvent[]): readonly LeafRange[] {
  return collect(walks, ({ from, to }) => (mapped(from) === null ? mapped(to) : null));
}

/** Existing leaves whose bits changed. */
export function rewrittenLeaves(walks: readonly SptesEvent[]): readonly LeafRange[] {
  return collect(walks, ({ from, to }) => (mapped(from) === null ? null : mapped(to)));
}

/** Leaves that were removed for any reason, including those under a table that a huge leaf replaced. */
export function removedLeaves(walks: readonly SptesEvent[]): readonly LeafRange[] {
  return collect(walks, ({ from, to }) => (to === 'none' ? mapped(from) : null));
}

/** Gfns whose MMIO SPTE was written. */
export function mmioGfns(walks: readonly SptesEvent[]): readonly SpteRun[] {
  return walks.flatMap(({ runs }) => runs.filter(({ to }) => typeof to === 'object' && to.kind === 'mmio'));
}

export interface SlotZap {
  /** Null for zaps on behalf of no slot. */
  readonly slot: number | null;
  readonly leaves: readonly LeafRange[];
}

/** The leaves zapped on behalf of each slot. */
export function zapsBySlot(zaps: readonly ZapEvent[]): readonly SlotZap[] {
  const bySlot = new Map<number | null, LeafRange[]>();
  for (const zap of zaps) {
    const leaves = bySlot.get(zap.slot) ?? [];
    for (const run of zap.leaves) leaves.push(leafRange(run, mapped(run.from)));
    bySlot.set(zap.slot, leaves);
  }
  return [...bySlot].map(([slot, leaves]) => ({ slot, leaves: join(leaves) }));
}
