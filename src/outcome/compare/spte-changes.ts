/** Compares the SPTE changes of two calls: the entries, their new values, and the order. */
import {
  type Event,
  elementAt,
  firstOf,
  type Level,
  type Range,
  roundDown,
  roundUp,
  type SpteRun,
  type SptesEvent,
  type SpteValue,
  spteChanges,
} from '../../simulator';
import { routed } from '../events/routes';
import { gfnText, letters, levelText } from '../text/notation';

/** Entries of one level that changed in the same way, and how many times each changed. */
export interface ChangedEntries extends Range {
  readonly level: Level;
  readonly from: string;
  readonly to: string;
  /** The kind of root, on TDX. */
  readonly root: string | undefined;
  readonly times: number;
}

type Naming = (value: SpteValue) => string;

/** The kind of memory that a leaf maps. Frame numbers are not compared, because they depend on what was free. */
function mappedMemory(value: SpteValue): string {
  if (typeof value === 'string' || value.kind === 'mmio') return '';
  if (value.frame === 'zero') return ' (zero page)';
  return value.backing === 'gmem' ? ' (file)' : ' (userspace)';
}

/** An entry with its bits: `rwxad (file)`. */
const withBits: Naming = (value) => `${letters(value)}${mappedMemory(value)}`;

/** An entry without its bits. */
const withoutBits: Naming = (value) =>
  typeof value === 'string' || value.kind === 'mmio' ? letters(value) : `leaf${mappedMemory(value)}`;

function walksIn(events: readonly Event[]): readonly SptesEvent[] {
  return routed('details', events)('entries');
}

/** Where ranges begin (+1) and end (-1), by position. */
function boundariesOf(runs: readonly SpteRun[]): readonly (readonly [at: number, step: number])[] {
  const steps = new Map<number, number>();
  for (const { start, end, level } of runs) {
    const [first, last] = [roundDown(start, level), roundUp(end, level)];
    steps.set(first, (steps.get(first) ?? 0) + 1);
    steps.set(last, (steps.get(last) ?? 0) - 1);
  }
  return [...steps].filter(([, step]) => step !== 0).sort(([a], [b]) => a - b);
}

/** Runs of the same change as ranges that do not overlap. */
function counted(runs: readonly SpteRun[]): readonly (Range & { readonly times: number })[] {
  const ranges: (Range & { times: number })[] = [];
  let times = 0;
  let start = 0;
  for (const [at, step] of boundariesOf(runs)) {
    if (times > 0) ranges.push({ start, end: at, times });
    times += step;
    start = at;
  }
  return ranges;
}

/** All changes, independent of their order and of how the simulator split them into runs. */
function changesIn(walks: readonly SptesEvent[], naming: Naming): readonly ChangedEntries[] {
  const groups = new Map<string, SpteRun[]>();
  for (const run of walks.flatMap(({ runs }) => runs)) {
    const key = JSON.stringify([run.level, naming(run.from), naming(run.to), run.root]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  const changes = [...groups].flatMap(([, runs]) => {
    const { level, from, to, root } = firstOf(runs);
    return counted(runs).map((range) => ({ ...range, level, from: naming(from), to: naming(to), root }));
  });
  const key = ({ from, to, root }: ChangedEntries) => `${from} ${to} ${root}`;
  return changes.sort((a, b) => a.start - b.start || b.level - a.level || (key(a) < key(b) ? -1 : 1));
}

function same(a: readonly ChangedEntries[], b: readonly ChangedEntries[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Maximum number of entries whose order is compared, to limit the time. */
const MOST_ENTRIES = 65_536;

function* entriesOf(walks: readonly SptesEvent[]): Generator<string> {
  for (const walk of walks) {
    for (const { gfn, level, from, to, root } of spteChanges(walk))
      yield `${gfn} ${level} ${withBits(from)} ${withBits(to)} ${root}`;
  }
}

/** Whether two calls that make the same changes make them in the same order. */
function sameOrder(a: readonly SptesEvent[], b: readonly SptesEvent[]): boolean {
  const other = entriesOf(b);
  let compared = 0;
  for (const entry of entriesOf(a)) {
    if (entry !== other.next().value) return false;
    if (++compared === MOST_ENTRIES) break;
  }
  return true;
}

/** How the changes of two calls differ: in what changes, only in bits of the same entries, or only in their order. */
export type SpteDifference = 'none' | 'order' | 'bits' | 'entries';

export function spteDifference(left: readonly Event[], right: readonly Event[]): SpteDifference {
  const [a, b] = [walksIn(left), walksIn(right)];
  if (same(changesIn(a, withBits), changesIn(b, withBits))) return sameOrder(a, b) ? 'none' : 'order';
  return same(changesIn(a, withoutBits), changesIn(b, withoutBits)) ? 'bits' : 'entries';
}

function lineOf({ level, from, to, times, root, ...range }: ChangedEntries): string {
  const often = times === 1 ? '' : `, ${times} times`;
  const where = root === undefined ? '' : `${root} `;
  return `SPTE ${where}${levelText(level)} ${gfnText(range)} ${from} → ${to}${often}`;
}

/** The changes that the other call does not make. */
export function changesUnlike(events: readonly Event[], other: readonly Event[]): readonly string[] {
  const theirs = new Set(changesIn(walksIn(other), withBits).map(lineOf));
  return changesIn(walksIn(events), withBits)
    .map(lineOf)
    .filter((line) => !theirs.has(line));
}

/** The changes of each walk over the page tables. */
function linesByWalk(walks: readonly SptesEvent[]): readonly (readonly string[])[] {
  return walks.map((walk) => changesIn([walk], withBits).map(lineOf));
}

/**
 * Describes the order of the changes, for comparison with a call that makes the same changes: the order of each walk if
 * both make the same walks over the page tables, otherwise every walk.
 */
export function orderLines(events: readonly Event[], other: readonly Event[]): readonly string[] {
  const walks = walksIn(events);
  const lines = linesByWalk(walks);
  const heads = walks.map(({ order }) => `SPTE order: ${order}`);
  if (JSON.stringify(lines) === JSON.stringify(linesByWalk(walksIn(other)))) return [...new Set(heads)];
  return lines.flatMap((ofWalk, at) => (ofWalk.length > 1 ? [elementAt(heads, at), ...ofWalk] : ofWalk));
}
