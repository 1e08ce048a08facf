/**
 * Splits lanes into rows: a panel is cut wherever any range begins or ends, and each range in between is one row,
 * whatever its size. All formats draw these rows; a cell of a lane covers one or more of them.
 */
import type { Range } from '../simulator';
import type { Lane, Link, Panel, Segment } from './figure';
import { alike, between } from './overlay';

/** A range in which nothing changes. */
export interface RangeRow {
  readonly kind: 'range';
  /** Index of its link in the panel. */
  readonly link: number;
  readonly pages: number;
  readonly base: Range | null;
  readonly gfns: Range | null;
  /** The segment of each lane of the panel. */
  readonly segments: readonly (Segment | undefined)[];
  /** Whether the statement names it. */
  readonly asked: boolean;
  /** It is so much larger than the shortest row that it is drawn shorter and needs a mark. */
  readonly shortened: boolean;
}

/** Rows that are not drawn individually. */
export interface FoldRow {
  readonly kind: 'fold';
  /** The link of all its rows; null if there are several. */
  readonly link: number | null;
  readonly pages: number;
  /** From the first page of the first row to the end of the last; null if the rows are not contiguous. */
  readonly base: Range | null;
  readonly gfns: Range | null;
  readonly asked: boolean;
  readonly ranges: number;
  /** Number of links. */
  readonly links: number;
  /** Summary of the rows: `zapped: 506 ranges, 2024K`. */
  readonly contents: readonly string[];
}

export type Row = RangeRow | FoldRow;

/** A box: a segment of a lane in rows `[first, end)`. */
export interface Cell {
  readonly lane: number;
  readonly first: number;
  readonly end: number;
  readonly segment: Segment;
}

/** A row counts as shortened if it has more than this many times the pages of the shortest row. */
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

/** Finds the segment of a page; pages must ascend. */
function lookUp(segments: readonly Segment[]): (page: number) => Segment | undefined {
  let at = 0;
  return (page) => {
    let segment = segments[at];
    while (segment !== undefined && segment.end <= page) segment = segments[++at];
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
  const finders = panel.lanes.map(({ id, axis }) => ({ axis, find: lookUp(link.segments[id] ?? []) }));
  return between(cuts).map(({ start: from, end: to }): RangeRow => {
    const row = {
      base: base === null ? null : part(base, from, to),
      gfns: gfns === null ? null : part(gfns, from, to),
    };
    const segments = finders.map(({ axis, find }) => {
      const range = axis === 'base' ? row.base : row.gfns;
      return range === null ? undefined : find(range.start);
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

/** The longest label beside rows without a slot, when no row has gfns and labels may use their space. */
export function besideBase({ links }: Panel, rows: readonly Row[]): string {
  if (rows.some(({ gfns }) => gfns !== null)) return '';
  return links.reduce((longest, { labels }) => (labels[0].length > longest.length ? labels[0] : longest), '');
}

/**
 * Whether the second row continues the first. A file continues from slot to slot; the gfns of two slots are separate,
 * even if they are adjacent.
 */
export function follows(first: Row | undefined, second: Row | undefined, axis: Lane['axis']): boolean {
  if (first === undefined || second === undefined) return false;
  if (axis === 'gfn' && (first.link === null || first.link !== second.link)) return false;
  const before = axis === 'base' ? first.base : first.gfns;
  const after = axis === 'base' ? second.base : second.gfns;
  return before !== null && after !== null && before.end === after.start;
}

/** The boxes of each lane: adjacent rows with the same content form one box. */
export function cellsOf(rows: readonly Row[], lanes: readonly Lane[]): readonly Cell[] {
  const cells: Cell[] = [];
  lanes.forEach(({ axis }, lane) => {
    let open: Cell | undefined;
    let last: Segment | undefined;
    rows.forEach((row, at) => {
      const segment = row.kind === 'range' ? row.segments[lane] : undefined;
      if (
        open !== undefined &&
        open.end === at &&
        segment !== undefined &&
        (segment === last || (alike(segment, open.segment) && follows(rows[at - 1], row, axis)))
      ) {
        // Equal content in two links is one box and one range: its title covers all of it.
        const whole = { ...open.segment, end: segment.end };
        open = { ...open, end: at + 1, segment: segment === last ? open.segment : whole };
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
