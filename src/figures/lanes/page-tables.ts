/** The leaves of a VM's page tables: what was zapped, by the events, and what is mapped now. */
import { levelText, vmAtEnd, vmBefore } from '../../outcome';
import {
  type Extent,
  extentAt,
  type Leaf,
  type MappedLeaf,
  type NonEmpty,
  type Range,
  type RangeMap,
  type Root,
  type SpteRun,
  type SpteValue,
  type StaleRange,
  type State,
  staleInRoot,
  union,
  type VmState,
  within,
} from '../../simulator';
import type { RootKind, Segment } from '../figure';
import { CHANGED } from '../lane-words';
import { drawnRuns } from '../marks';
import { join, overlay } from '../overlay';
import type { Transition } from '../transition';

/** The leaves of one kind of root: all of them, or on TDX those of private or of shared memory. */
export interface PageTables {
  readonly kind: RootKind;
  /** Title of the page tables: only a TDX guest has two kinds. */
  readonly titles: NonEmpty<string>;
  /** By gfn, as maps, for lookups by slot. */
  readonly mapped: RangeMap<Segment>;
  readonly zapped: RangeMap<Segment>;
}

function mappedLeaf(value: SpteValue): MappedLeaf | null {
  return typeof value === 'object' && value.kind === 'mapped' ? value : null;
}

/** Events do not say in which root an entry is; the leaf does. */
function kindOf({ roots, type }: VmState, leaf: MappedLeaf, gfn: number): RootKind {
  if (type !== 'tdx') return 'direct';
  const root = roots.find(({ leaves }) => {
    const found = extentAt(leaves, gfn)?.value;
    return found?.kind === 'mapped' && found.level === leaf.level && found.frame === leaf.frame;
  });
  return root?.kind ?? (leaf.backing === 'gmem' ? 'mirror' : 'direct');
}

/** Sizes of the zapped leaves, the largest first, by the gfns they mapped. */
function zappedLevels(ranges: readonly SpteRun[]): RangeMap<readonly string[]> {
  const ofLevel = (level: number) => union(ranges.filter((run) => run.level === level));
  const all = union(ranges);
  const hull = { start: all[0]?.start ?? 0, end: all[all.length - 1]?.end ?? 0 };
  const small = overlay(hull, ofLevel(2), ofLevel(1)).map(({ start, end, before, after }) => {
    const levels = [...(before ? [levelText(2)] : []), ...(after ? [levelText(1)] : [])];
    return { start, end, value: levels };
  });
  return overlay(hull, ofLevel(3), small).map(({ start, end, before, after }) => ({
    start,
    end,
    value: [...(before ? [levelText(3)] : []), ...(after ?? [])],
  }));
}

function zappedSegments(runs: readonly SpteRun[]): readonly Segment[] {
  const segments = zappedLevels(runs)
    .filter(({ value }) => value.length > 0)
    .map(({ start, end, value }): Segment => {
      const sizes = value.join('+');
      return {
        start,
        end,
        word: 'zapped',
        changed: true,
        texts: [`zapped ${sizes}`, `zap ${sizes}`],
        about: `zapped: ${value.length === 1 ? `a leaf of ${sizes}` : `leaves of ${value.join(' and ')}`}`,
      };
    });
  return join(segments);
}

function rights({ writable, executable }: MappedLeaf): string {
  return `r${writable ? 'w' : '-'}${executable ? 'x' : '-'}`;
}

const STALE = {
  'no-slot': 'no slot has the gfn',
  freed: 'the gfn no longer has the page that it maps',
  'not-backing': 'the gfn no longer has the page that it maps',
  'wrong-page': 'it maps another page of the file',
  poisoned: 'the page that it maps is poisoned',
  'is-private': 'the gfn is private',
  'is-shared': 'the gfn is shared',
} as const satisfies Record<StaleRange['why'], string>;

function leafSegment(
  leaf: Leaf,
  stale: StaleRange['why'] | undefined,
  changed: boolean,
): Omit<Segment, keyof Range> {
  const mark = changed ? CHANGED : '';
  if (leaf.kind === 'mmio') {
    return {
      word: 'mmio',
      changed,
      texts: [`${mark}MMIO`],
      about: 'an MMIO SPTE: the next access is emulated',
    };
  }
  const size = levelText(leaf.level);
  const what = `a ${size} leaf, ${rights(leaf)}, of ${leaf.backing === 'gmem' ? 'a page of the file' : 'userspace memory'}`;
  if (stale !== undefined) {
    const texts = [`${mark}STALE ${size} ${rights(leaf)}`, `${mark}STALE ${size}`] as const;
    return { word: 'stale', changed, texts, about: `stale: ${what}; ${STALE[stale]}` };
  }
  const texts = [`${mark}mapped ${size} ${rights(leaf)}`, `${mark}${size} ${rights(leaf)}`] as const;
  return {
    word: 'mapped',
    changed,
    texts,
    about: `mapped: ${what}${changed ? ', written in this step' : ''}`,
  };
}

/** Leaves of the root, cut where they begin to be stale or to be new. */
function mappedSegments(
  root: Root | undefined,
  after: State,
  vm: VmState,
  written: RangeMap<true>,
): readonly Segment[] {
  if (root === undefined) return [];
  const stale = staleInRoot(after, vm, root).map(({ start, end, why }) => ({
    start,
    end,
    value: why,
  }));
  return join(root.leaves.flatMap((extent) => cut(extent, stale, written)));
}

function cut(
  { start, end, value }: Extent<Leaf>,
  stale: RangeMap<StaleRange['why']>,
  written: RangeMap<true>,
): readonly Segment[] {
  return overlay({ start, end }, stale, written).map((piece) => ({
    start: piece.start,
    end: piece.end,
    ...leafSegment(value, piece.before, piece.after === true),
  }));
}

function titlesOf(kind: RootKind, { type }: VmState): NonEmpty<string> {
  if (type !== 'tdx') return ['SPTEs'];
  return kind === 'mirror' ? ['private SPTEs', 'private'] : ['shared SPTEs', 'shared'];
}

/** The page tables of the VM; empty ones if no vCPU has run. */
export function pageTablesOf(transition: Transition): readonly PageTables[] {
  const [before, after] = [vmBefore(transition), vmAtEnd(transition)];
  const runs = drawnRuns(transition.events);
  const kinds: readonly RootKind[] = after.type === 'tdx' ? ['mirror', 'direct'] : ['direct'];
  return kinds.map((kind) => {
    const went = runs.filter(({ start, from, to }) => {
      const leaf = mappedLeaf(from);
      return leaf !== null && to === 'none' && kindOf(before, leaf, start) === kind;
    });
    // A leaf that was split is replaced, too, by a table of smaller ones.
    const written = runs.filter(({ start, from, to }) => {
      const leaf = mappedLeaf(to) ?? (to === 'table' ? mappedLeaf(from) : null);
      if (leaf === null) return typeof to === 'object' && kind === 'direct';
      return kindOf(after, leaf, start) === kind;
    });
    // vCPUs that load a root share the existing valid one.
    const valid = after.roots.find((root) => !root.invalid && root.kind === kind);
    return {
      kind,
      titles: titlesOf(kind, after),
      zapped: asMap(zappedSegments(went)),
      mapped: asMap(mappedSegments(valid, transition.after, after, union(written))),
    };
  });
}

function asMap(segments: readonly Segment[]): RangeMap<Segment> {
  return segments.map((segment) => ({ start: segment.start, end: segment.end, value: segment }));
}

/** The part of the segments that lies in `[start, end)`. */
export function segmentsIn(segments: RangeMap<Segment>, { start, end }: Range): readonly Segment[] {
  return within(segments, start, end).map((part) => ({ ...part.value, start: part.start, end: part.end }));
}
