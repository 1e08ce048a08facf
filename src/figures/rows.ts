/**
 * From lanes to rows: a panel is cut wherever anything begins or ends, and every range in between is one row,
 * however long it is. All formats draw these rows; a column is cells of one or more of them.
 */
import type { Range } from '../simulator';
import type { Lane, Link, Panel, Segment } from './figure';
import { alike } from './overlay';

/** A range in which nothing changes. */
export interface RangeRow {
  readonly kind: 'range';
  /** Which link of the panel it is of. */
  readonly link: number;
  readonly pages: number;
  readonly base: Range | null;
  readonly gfns: Range | null;
  /** What each lane of the panel has here. */
  readonly segments: readonly (Segment | undefined)[];
  /** Whether the statement names it. */
  readonly asked: boolean;
  /** It has so many pages more than the shortest row that a drawing would mislead without a mark. */
  readonly shortened: boolean;
}

/** Rows that are not drawn one by one. */
export interface FoldRow {
  readonly kind: 'fold';
  /** The link that all of them are of; null where they are of several. */
  readonly link: number | null;
  readonly pages: number;
  /** From the first page of the first row to the end of the last; null where they do not follow each other. */
  readonly base: Range | null;
  readonly gfns: Range | null;
  readonly asked: boolean;
  readonly ranges: number;
  /** Of how many links. */
  readonly links: number;
  /** What is in them: `zapped: 506 ranges, 2024K`. */
  readonly contents: readonly string[];
}

export type Row = RangeRow | FoldRow;

/** A box: what a lane has from row `first` on up to `end`, which it does not reach. */
export interface Cell {
  readonly lane: number;
  readonly first: number;
  readonly end: number;
  readonly segment: Segment;
}

/** How many times the pages of the shortest row a row may have before it counts as shortened. */
export const SHORTENED = 8;

function part({ start }: Range, from: number, to: number): Range {
  return { start: start + from, end: start + to };
}

/** Where rows begin and end, in pages from the start of the link. */
function cutsOf({ base, gfns, segments }: Link, { lanes, asked }: Panel): readonly number[] {
  const length = lengthOf({ base, gfns });
  const cuts = new Set([0, length]);
  const add = (axis: Lane['axis'], { start, end }: Range) => {
    const origin = (axis === 'base' ? base : gfns)?.start;
    if (origin === undefined) return;
    for (const edge of [start - origin, end - origin]) if (edge > 0 && edge < length) cuts.add(edge);
  };
  for (const { id, axis } of lanes) for (const segment of segments[id] ?? []) add(axis, segment);
  if (asked !== null) add(asked.axis, asked);
  return [...cuts].sort((a, b) => a - b);
}

function lengthOf({ base, gfns }: Pick<Link, 'base' | 'gfns'>): number {
  const { start, end } = base ?? gfns ?? { start: 0, end: 0 };
  return end - start;
}

/** Finds, for ascending pages, the segment that has the page. */
function lookUp(segments: readonly Segment[]): (page: number) => Segment | undefined {
  let at = 0;
  return (page) => {
    while (at < segments.length && segments[at]!.end <= page) at++;
    const segment = segments[at];
    return segment !== undefined && segment.start <= page ? segment : undefined;
  };
}

function overlaps(a: Range | null, b: Range): boolean {
  return a !== null && a.start < b.end && b.start < a.end;
}

function linkRows(link: Link, at: number, panel: Panel): readonly RangeRow[] {
  const { base, gfns } = link;
  const { asked } = panel;
  const cuts = cutsOf(link, panel);
  const finders = panel.lanes.map(({ id }) => lookUp(link.segments[id] ?? []));
  return cuts.slice(0, -1).map((from, index): RangeRow => {
    const to = cuts[index + 1]!;
    const row = {
      base: base === null ? null : part(base, from, to),
      gfns: gfns === null ? null : part(gfns, from, to),
    };
    const segments = panel.lanes.map(({ axis }, lane) => {
      const range = axis === 'base' ? row.base : row.gfns;
      return range === null ? undefined : finders[lane]!(range.start);
    });
    const named = asked !== null && overlaps(asked.axis === 'base' ? row.base : row.gfns, asked);
    return { kind: 'range', link: at, pages: to - from, ...row, segments, asked: named, shortened: false };
  });
}

/** All rows of a panel, none of them folded. */
export function allRows(panel: Panel): readonly RangeRow[] {
  const rows = panel.links.flatMap((link, at) => linkRows(link, at, panel));
  const shortest = rows.reduce((least, { pages }) => Math.min(least, pages), Number.POSITIVE_INFINITY);
  return rows.map((row) => (row.pages > shortest * SHORTENED ? { ...row, shortened: true } : row));
}

/** The longest text beside rows that no slot is bound to, where there are no gfns to make room for it. */
export function besideBase({ links }: Panel, rows: readonly Row[]): string {
  if (rows.some(({ gfns }) => gfns !== null)) return '';
  return links.reduce(
    (longest, { labels }) => (labels[0]!.length > longest.length ? labels[0]! : longest),
    '',
  );
}

/**
 * Whether the second row goes on where the first ends. A file goes on from slot to slot; the gfns of two slots are
 * apart, even where they follow each other.
 */
export function follows(first: Row | undefined, second: Row | undefined, axis: Lane['axis']): boolean {
  if (first === undefined || second === undefined) return false;
  if (axis === 'gfn' && (first.link === null || first.link !== second.link)) return false;
  const before = axis === 'base' ? first.base : first.gfns;
  const after = axis === 'base' ? second.base : second.gfns;
  return before !== null && after !== null && before.end === after.start;
}

/** The boxes of each lane: neighbouring rows that say the same are one. */
export function cellsOf(rows: readonly Row[], lanes: readonly Lane[]): readonly Cell[] {
  const cells: Cell[] = [];
  lanes.forEach(({ axis }, lane) => {
    let open: Cell | undefined;
    let last: Segment | undefined;
    rows.forEach((row, at) => {
      const segment = row.kind === 'range' ? row.segments[lane] : undefined;
      const goesOn =
        open !== undefined &&
        open.end === at &&
        segment !== undefined &&
        (segment === last || (alike(segment, open.segment) && follows(rows[at - 1], row, axis)));
      if (goesOn) {
        // What is alike in two links is one box, and one range: its title tells of all of it.
        const whole = { ...open!.segment, end: segment!.end };
        open = { ...open!, end: at + 1, segment: segment === last ? open!.segment : whole };
        cells[cells.length - 1] = open;
      } else {
        open = segment === undefined ? undefined : { lane, first: at, end: at + 1, segment };
        if (open !== undefined) cells.push(open);
      }
      last = segment;
    });
  });
  return cells;
}
