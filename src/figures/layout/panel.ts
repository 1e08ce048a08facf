/** A panel with positions. */
import { hex } from '../../outcome';
import { elementAt, lastOf, type NonEmpty } from '../../simulator';
import { aboutOf } from '../alternative';
import { fitted, longestFitting } from '../columns';
import type { Panel } from '../figure';
import type { Grid } from '../grid';
import type { Cell } from '../rows';
import { cut, sizeText } from '../text';
import { type PanelFrame, panelFrame, type Side } from './frame';
import { charactersIn, lineAt, lineHeight, PADDING, SLOT_GAP } from './measures';
import { type PlacedRow, stackRows } from './stack';
import type { Box, Bracket, Break, Fold, Label, Layout, Outline, TextStyle, Tie } from './types';

export interface PanelLayout extends Omit<Layout, 'width' | 'height' | 'swatches'> {
  /** Its bottom end. */
  readonly bottom: number;
}

type Align = Label['align'];

function label(x: number, y: number, text: string, style: TextStyle, align: Align = 'left'): Label {
  return { rect: lineAt(x, y, text, style, align), text, style, align };
}

/** The rows that satisfy `has`, in consecutive runs; a row that satisfies `starts` begins a new run. */
function runs(
  rows: readonly PlacedRow[],
  starts: (row: PlacedRow) => boolean,
  has: (row: PlacedRow) => boolean,
): readonly NonEmpty<PlacedRow>[] {
  const found: [PlacedRow, ...PlacedRow[]][] = [];
  let open: [PlacedRow, ...PlacedRow[]] | null = null;
  for (const row of rows) {
    if (!has(row)) {
      open = null;
      continue;
    }
    if (open === null || starts(row)) {
      open = [row];
      found.push(open);
    } else {
      open.push(row);
    }
  }
  return found;
}

function isOn({ row }: PlacedRow, axis: 'base' | 'gfn'): boolean {
  return row.kind === 'range' && (axis === 'base' ? row.base : row.gfns) !== null;
}

function bottomOf(row: PlacedRow, axis: 'base' | 'gfn'): number {
  return axis === 'base' ? row.baseBottom : row.bottom;
}

/** The outlines of one side, each around consecutive rows. */
function outlinesOf(rows: readonly PlacedRow[], { axis, first, last, borders }: Side): readonly Outline[] {
  return runs(
    rows,
    ({ goesOn }) => !goesOn[axis],
    (row) => isOn(row, axis),
  ).map((run) => {
    const { top } = run[0];
    const bottom = bottomOf(lastOf(run), axis);
    return { rect: { x: first, y: top, width: last - first, height: bottom - top }, borders };
  });
}

function boxOf(panel: Panel, at: number, frame: PanelFrame, rows: readonly PlacedRow[], cell: Cell): Box {
  const { lane, first, end, segment } = cell;
  const { id, axis } = elementAt(panel.lanes, lane);
  const { x, width } = elementAt(frame.lanes, lane);
  const top = elementAt(rows, first).top;
  const bottom = bottomOf(elementAt(rows, end - 1), axis);
  const text = fitted(segment.texts, elementAt(frame.variants, lane), elementAt(frame.widths, lane));
  return {
    rect: { x, y: top, width, height: bottom - top },
    panel: at,
    link: elementAt(rows, first).row.link ?? 0,
    lane: id,
    word: segment.word,
    changed: segment.changed,
    label: label(x + width / 2, (top + bottom) / 2, text, 'cell', 'middle'),
    range: { start: segment.start, end: segment.end },
    axis,
    about: aboutOf(panel, axis, segment),
  };
}

/** The numbers beside the rows: the start of each, the end of the last of several, and the size of each. */
function numbersOf(rows: readonly PlacedRow[], { baseNumbers, gfnNumbers }: PanelFrame): readonly Label[] {
  return rows.flatMap((placed, at) => {
    const { row, top, bottom, baseBottom } = placed;
    const next = rows[at + 1];
    const labels: Label[] = [];
    const add = (x: number, y: number, text: string, style: TextStyle) =>
      labels.push(label(x, y, text, style, 'right'));
    if (row.base !== null) {
      add(baseNumbers, top, hex(row.base.start), 'number');
      if (!next?.goesOn.base) add(baseNumbers, baseBottom, hex(row.base.end), 'number');
    }
    if (row.gfns !== null) {
      add(gfnNumbers, top, hex(row.gfns.start), 'number');
      if (!next?.goesOn.gfn) add(gfnNumbers, bottom, hex(row.gfns.end), 'number');
    }
    add(row.base === null ? gfnNumbers : baseNumbers, (top + bottom) / 2, sizeText(row.pages), 'size');
    return labels;
  });
}

/** The names of slots above their lanes, and `no slot` where none is bound. */
function slotLabels(
  panel: Panel,
  rows: readonly PlacedRow[],
  { left, right }: PanelFrame,
  end: number,
): readonly Label[] {
  return rows.flatMap(({ row, begins, goesOn, top, bottom }) => {
    if (row.link === null || !begins) return [];
    const { labels } = elementAt(panel.links, row.link);
    if (row.gfns === null) {
      if (left === null || panel.kind === 'frames' || row.kind === 'fold') return [];
      return [label(left.last + 2 * PADDING, (top + bottom) / 2, labels[0], 'none')];
    }
    if (right === null || goesOn.gfn) return [];
    const room = charactersIn(end - right.first, 'slot');
    return [label(right.first, top - SLOT_GAP * 0.35, longestFitting(labels, room), 'slot')];
  });
}

function tiesOf(rows: readonly PlacedRow[], { left, right, tieEnd }: PanelFrame): readonly Tie[] {
  if (left === null || right === null) return [];
  return runs(
    rows,
    ({ begins }) => begins,
    (row) => isOn(row, 'base') && isOn(row, 'gfn'),
  ).map((run) => {
    const [{ top }, last] = [run[0], lastOf(run)];
    return {
      left: { x: left.last, top, bottom: last.baseBottom },
      right: { x: tieEnd, top, bottom: last.bottom },
    };
  });
}

function bracketsOf({ asked }: Panel, rows: readonly PlacedRow[], frame: PanelFrame) {
  const labels: Label[] = [];
  if (asked === null) return { labels, brackets: [] };
  const opens = asked.axis === 'base' ? ('right' as const) : ('left' as const);
  const brackets = runs(
    rows,
    () => false,
    ({ row }) => row.asked,
  ).map((run): Bracket => {
    const [{ top }, last] = [run[0], lastOf(run)];
    if (frame.keyword) {
      const x = frame.bracket + (opens === 'right' ? -PADDING : PADDING);
      const y = (top + bottomOf(run[0], asked.axis)) / 2;
      labels.push(label(x, y, asked.keyword, 'keyword', opens === 'right' ? 'right' : 'left'));
    }
    return { x: frame.bracket, top, bottom: bottomOf(last, asked.axis), opens };
  });
  return { labels, brackets };
}

function breaksOf(rows: readonly PlacedRow[], sides: readonly Side[]): readonly Break[] {
  return rows.flatMap((placed) => {
    const { row, top, bottom } = placed;
    if (row.kind !== 'range' || !row.shortened) return [];
    return sides
      .filter(({ axis }) => isOn(placed, axis))
      .flatMap(({ first, last }) => [first, last].map((x) => ({ x, y: (top + bottom) / 2 })));
  });
}

function foldsOf(rows: readonly PlacedRow[], first: number, last: number) {
  const labels: Label[] = [];
  const folds = rows.flatMap(({ row, top, bottom, lines }): Fold[] => {
    if (row.kind !== 'fold') return [];
    lines.forEach((line, at) => {
      const y = top + PADDING + lineHeight('fold') * (at + 0.5);
      labels.push(label(first + PADDING, y, line, 'fold'));
    });
    return [{ rect: { x: first, y: top, width: last - first, height: bottom - top } }];
  });
  return { labels, folds };
}

/** Lays out a panel from `y` on. */
export function layoutPanel(
  grid: Grid,
  at: number,
  area: { readonly x: number; readonly width: number },
  y: number,
): PanelLayout {
  const { panel, rows, cells } = grid;
  const frame = panelFrame(grid, area);
  const { left, right } = frame;
  const sides = [left, right].filter((side) => side !== null);
  const first = sides[0]?.first ?? area.x;
  const last = sides[sides.length - 1]?.last ?? area.x + area.width;
  const title = cut(panel.title, charactersIn(area.width, 'title'));
  const headY = y + lineHeight('title') + lineHeight('head') / 2;
  const heads = panel.lanes.map(({ titles }, lane) => {
    const { x, width } = elementAt(frame.lanes, lane);
    const text = longestFitting(titles, charactersIn(width - PADDING, 'head'));
    return label(x + width / 2, headY, text, 'head', 'middle');
  });
  if (left !== null) heads.push(label(frame.baseNumbers, headY, panel.unit, 'head', 'right'));
  if (right !== null) heads.push(label(frame.gfnNumbers, headY, 'gfn', 'head', 'right'));
  const start = headY + lineHeight('head') / 2 + (panel.links[0]?.gfns === null ? PADDING : 0);
  const placed = stackRows(panel, rows, start, Math.max(last - first, area.width / 2));
  const named = bracketsOf(panel, placed, frame);
  const folded = foldsOf(placed, first, Math.max(last, first + area.width / 2));
  return {
    labels: [
      label(area.x, y + lineHeight('title') / 2, title, 'title'),
      ...heads,
      ...numbersOf(placed, frame),
      ...slotLabels(panel, placed, frame, area.x + area.width),
      ...named.labels,
      ...folded.labels,
    ],
    outlines: sides.flatMap((side) => outlinesOf(placed, side)),
    boxes: cells.map((cell) => boxOf(panel, at, frame, placed, cell)),
    ties: tiesOf(placed, frame),
    brackets: named.brackets,
    breaks: breaksOf(placed, sides),
    folds: folded.folds,
    bottom: (placed[placed.length - 1]?.bottom ?? start) + lineHeight('number') / 2,
  };
}
