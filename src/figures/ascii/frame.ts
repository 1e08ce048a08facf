/** The columns of a panel in characters: positions of its numbers, lanes and brackets. */
import { hex } from '../../outcome';
import { lastOf } from '../../simulator';
import { columnsOf } from '../columns';
import type { Panel } from '../figure';
import type { Grid } from '../grid';
import { besideBase, type Cell, type Row } from '../rows';
import { sizeText } from '../text';

/** Columns of a line, the limit for mail and commit messages. */
export const WIDTH = 72;

/** The spacing of a panel, and the cost of narrowing it. */
export interface Spacing {
  /** Whether the keyword is beside the bracket. */
  readonly keyword: boolean;
  /** Columns from the left lanes to the gfns: an arrow is drawn there at the start of a slot. */
  readonly gap: number;
  /** Spaces on each side of a box's text. */
  readonly padding: 0 | 1;
  readonly loss: number;
}

const SPACINGS: readonly Spacing[] = [
  { keyword: true, gap: 5, padding: 1, loss: 0 },
  { keyword: true, gap: 3, padding: 1, loss: 0.25 },
  { keyword: false, gap: 3, padding: 1, loss: 0.75 },
  { keyword: false, gap: 3, padding: 0, loss: 3 },
];

/** The columns of a panel's parts. */
export interface Frame {
  readonly panel: Panel;
  readonly rows: readonly Row[];
  readonly cells: readonly Cell[];
  readonly spacing: Spacing;
  readonly variants: readonly number[];
  readonly widths: readonly number[];
  /** Left border of each lane. */
  readonly lanes: readonly number[];
  /** Column before which numbers end. */
  readonly baseNumbers: number;
  readonly gfnNumbers: number;
  /** Borders of the lanes on each side; null if there are none. */
  readonly left: Sides | null;
  readonly right: Sides | null;
}

/** The lanes of one side. */
export interface Sides {
  readonly first: number;
  readonly last: number;
  /** All borders, ascending. */
  readonly borders: readonly number[];
  readonly axis: 'base' | 'gfn';
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}

function numbersOf(rows: readonly Row[], axis: 'base' | 'gfns'): readonly string[] {
  return rows.flatMap((row) => {
    const range = row[axis];
    return range === null ? [] : [hex(range.start), hex(range.end)];
  });
}

/** Columns for the bracket beside the rows that the statement names. */
function bracketWidth(
  { asked }: Panel,
  rows: readonly Row[],
  axis: 'base' | 'gfn',
  { keyword }: Spacing,
): number {
  if (asked?.axis !== axis || !rows.some((row) => row.asked)) return 0;
  return 3 + (keyword ? asked.keyword.length + 1 : 0);
}

/** The frame with the lowest cost. */
export function frameOf(grid: Grid): Frame {
  const frames = SPACINGS.map((spacing) => place(grid, spacing));
  return frames.reduce((best, frame) => (frame.loss < best.loss ? frame : best)).frame;
}

function place(
  { panel, rows, cells }: Grid,
  spacing: Spacing,
): { readonly frame: Frame; readonly loss: number } {
  const sizes = rows.map(({ pages }) => sizeText(pages));
  const numbers = (axis: 'base' | 'gfns', title: string) => {
    const found = numbersOf(rows, axis);
    return found.length === 0 ? 0 : longest([title, ...found, ...sizes]);
  };
  const leftBracket = bracketWidth(panel, rows, 'base', spacing);
  const rightBracket = bracketWidth(panel, rows, 'gfn', spacing);
  const leftCount = panel.lanes.filter(({ axis }) => axis === 'base').length;
  const gfns = numbers('gfns', 'gfn');
  const room = (width: number) => width + 2 * spacing.padding + 1;
  const baseNumbers = leftBracket + numbers('base', panel.unit);
  const borders = panel.lanes.length + (leftCount > 0 ? 1 : 0) + (leftCount < panel.lanes.length ? 1 : 0);
  const paddings = 2 * spacing.padding * panel.lanes.length;
  const middle = gfns === 0 ? 3 + besideBase(panel, rows).length : spacing.gap + gfns;
  const fixed = baseNumbers + 1 + middle + 1 + borders + paddings + rightBracket;
  const columns = columnsOf(panel, cells, WIDTH - fixed);
  const { variants, loss } = columns;
  const widths = withNames(panel, columns.widths, spacing, WIDTH - fixed);

  const lanes: number[] = [];
  const add = (from: number, some: readonly number[]) =>
    some.reduce((x, width) => {
      lanes.push(x);
      return x + room(width);
    }, from);
  const leftEnd = add(baseNumbers === 0 ? 0 : baseNumbers + 1, widths.slice(0, leftCount));
  const left = sidesOf(lanes.slice(), leftEnd, 'base');
  const gfnNumbers = leftEnd + (left === null ? 0 : 1 + spacing.gap) + gfns;
  const rightEnd = add(gfnNumbers + 1, widths.slice(leftCount));
  const right = sidesOf(lanes.slice(leftCount), rightEnd, 'gfn');
  const numbersAt = { baseNumbers, gfnNumbers };
  const frame = { panel, rows, cells, spacing, variants, widths, lanes, ...numbersAt, left, right };
  return { frame, loss: loss + spacing.loss };
}

/** Widens the last lane so that the names of slots fit above the lanes by gfn, uncut if there is room. */
function withNames(
  { lanes, links }: Panel,
  widths: readonly number[],
  { padding }: Spacing,
  available: number,
): readonly number[] {
  const right = widths.filter((_, lane) => lanes[lane]?.axis === 'gfn');
  if (right.length === 0) return widths;
  const all = right.reduce((sum, width) => sum + width + 2 * padding + 1, 0);
  const named = links.filter(({ gfns }) => gfns !== null).map(({ labels }) => labels);
  // A name is surrounded by a space and a dash on each side.
  const least = longest(named.map((labels) => lastOf(labels))) + 5 - all;
  const most = longest(named.map((labels) => labels[0])) + 5 - all;
  const free = available - widths.reduce((sum, width) => sum + width, 0);
  const more = Math.max(0, Math.min(most, Math.max(least, free)));
  return [...widths.slice(0, -1), lastOf(widths) + more];
}

function sidesOf(lanes: readonly number[], last: number, axis: 'base' | 'gfn'): Sides | null {
  const [first] = lanes;
  return first === undefined ? null : { first, last, borders: [...lanes, last], axis };
}
