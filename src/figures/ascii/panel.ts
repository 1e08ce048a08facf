/**
 * A panel in characters. Numbers are beside the lines between the boxes and give the first page after the line, so that
 * a box holds `[above, below)`. The base with its lanes is on the left, the gfns with theirs on the right.
 */
import { hex } from '../../outcome';
import { elementAt, must, type Range } from '../../simulator';
import { fitted, longestFitting } from '../columns';
import { foldTexts } from '../fold';
import type { Grid } from '../grid';
import { type FoldRow, follows, type RangeRow, type Row } from '../rows';
import { sizeText, wrap } from '../text';
import { Canvas } from './canvas';
import { type Frame, frameOf, type Sides, WIDTH } from './frame';

/** The text of a fold may extend beyond narrow lanes. */
const MOST_FOLD = 56;

function hasSide(row: Row | undefined, side: Sides): row is Row {
  return row !== undefined && rangeOn(row, side) !== null;
}

/** The pages of a row on one side. */
function rangeOn({ base, gfns }: Row, { axis }: Sides): Range | null {
  return axis === 'base' ? base : gfns;
}

/** The pages of a row on a side that it has. */
function pagesOn(row: Row, side: Sides): Range {
  return must(rangeOn(row, side), `range by ${side.axis} in the row`);
}

/** Lines to draw: the numbers, contents and end of each row. */
interface Lines {
  top: number;
  content: number;
  bottom: number;
  /** The base continues where one slot ends and the next begins. */
  baseBottom: number;
}

class PanelWriter {
  private readonly canvas = new Canvas();
  private readonly lines: Lines[] = [];
  private y = 0;

  constructor(private readonly frame: Frame) {}

  write(): readonly string[] {
    const { rows } = this.frame;
    this.head();
    rows.forEach((row, at) => {
      this.between(rows[at - 1], row, at);
      const top = this.y - 1;
      const content = this.y;
      if (row.kind === 'range') this.content(row, at);
      else this.foldContent(row);
      this.lines.push({ top, content, bottom: this.y, baseBottom: this.y });
    });
    this.between(rows[rows.length - 1], undefined, rows.length);
    this.brackets();
    return this.canvas.text();
  }

  private head(): void {
    const { panel, lanes, widths, spacing, baseNumbers, gfnNumbers, left, right } = this.frame;
    if (left !== null) this.canvas.putBefore(baseNumbers, 0, panel.unit);
    if (right !== null) this.canvas.putBefore(gfnNumbers, 0, 'gfn');
    lanes.forEach((x, lane) => {
      const title = longestFitting(elementAt(panel.lanes, lane).titles, elementAt(widths, lane));
      this.canvas.put(x + 1 + spacing.padding, 0, title);
    });
    this.y = 1;
  }

  /** The lines between two rows: one if both sides continue, two if a side ends and another begins. */
  private between(before: Row | undefined, after: Row | undefined, at: number): void {
    const { left, right } = this.frame;
    const sides = [left, right].filter((side) => side !== null);
    const goesOn = (side: Sides) => follows(before, after, side.axis);
    const ends = sides.filter((side) => hasSide(before, side) && !goesOn(side));
    const begins = sides.filter((side) => hasSide(after, side) && !goesOn(side));
    const twoLines =
      ends.some((side) => begins.includes(side)) || (left !== null && ends.includes(left) && after);
    if (ends.length > 0 && twoLines) {
      for (const side of sides) {
        if (before !== undefined && ends.includes(side)) this.closing(side, before);
        else if (goesOn(side)) this.verticals(side, '|');
      }
      const last = this.lines[this.lines.length - 1];
      if (last !== undefined && left !== null && goesOn(left)) last.baseBottom++;
      this.y++;
      if (left !== null && ends.includes(left) && after !== undefined) this.y++;
    } else {
      for (const side of ends) if (before !== undefined) this.closing(side, before);
    }
    for (const side of sides) {
      if (after === undefined) break;
      if (begins.includes(side)) this.opening(side, after);
      else if (goesOn(side)) this.rule(side, after, at);
    }
    this.y++;
  }

  private closing(side: Sides, row: Row): void {
    this.full(side);
    this.number(side, pagesOn(row, side).end);
  }

  private opening(side: Sides, row: Row): void {
    this.full(side);
    this.number(side, pagesOn(row, side).start);
    if (side.axis === 'base' || row.link === null) return;
    const { panel, left, gfnNumbers, spacing } = this.frame;
    const { labels, base } = elementAt(panel.links, row.link);
    const room = side.last - side.first - 5;
    this.canvas.put(side.first + 2, this.y, ` ${longestFitting(labels, room)} `);
    if (left === null || base === null) return;
    const number = hex(pagesOn(row, side).start);
    const margin = spacing.gap > 3 ? 1 : 0;
    const dashes = gfnNumbers - number.length - left.last - 2 - 2 * margin;
    this.canvas.put(left.last + 1 + margin, this.y, `${'-'.repeat(dashes)}>`);
  }

  /** A line across one side where some of its boxes end. */
  private rule(side: Sides, after: Row, at: number): void {
    const { rows, cells, panel, lanes } = this.frame;
    this.verticals(side, '|');
    const cellAt = (lane: number, row: number) =>
      cells.find((cell) => cell.lane === lane && cell.first <= row && cell.end > row);
    const folds = rows[at - 1]?.kind === 'fold' || after.kind === 'fold';
    lanes.forEach((x, lane) => {
      if (elementAt(panel.lanes, lane).axis !== side.axis) return;
      if (!folds && cellAt(lane, at - 1) === cellAt(lane, at)) return;
      const next = elementAt(side.borders, side.borders.indexOf(x) + 1);
      this.canvas.put(x, this.y, `+${'-'.repeat(next - x - 1)}+`);
    });
    this.number(side, pagesOn(after, side).start);
  }

  private full({ first, last, borders }: Sides): void {
    this.canvas.put(first, this.y, '-'.repeat(last - first));
    for (const x of borders) this.canvas.put(x, this.y, '+');
  }

  private verticals({ borders }: Sides, character: string): void {
    for (const x of borders) this.canvas.put(x, this.y, character);
  }

  private number({ axis }: Sides, value: number): void {
    const { baseNumbers, gfnNumbers } = this.frame;
    this.canvas.putBefore(axis === 'base' ? baseNumbers : gfnNumbers, this.y, hex(value));
  }

  private content(row: RangeRow, at: number): void {
    const { panel, cells, lanes, variants, widths, spacing, baseNumbers, gfnNumbers, left, right } =
      this.frame;
    for (const side of [left, right]) {
      if (side !== null && hasSide(row, side)) this.verticals(side, row.shortened ? ':' : '|');
    }
    const size = sizeText(row.pages);
    this.canvas.putBefore(row.base === null ? gfnNumbers : baseNumbers, this.y, size);
    for (const { lane, first, segment } of cells) {
      if (first !== at) continue;
      const text = fitted(segment.texts, elementAt(variants, lane), elementAt(widths, lane));
      this.canvas.put(elementAt(lanes, lane) + 1 + spacing.padding, this.y, text);
    }
    const isFirst = row.link !== this.frame.rows[at - 1]?.link;
    if (row.gfns === null && left !== null && isFirst) {
      this.canvas.put(left.last + 3, this.y, elementAt(panel.links, row.link).labels[0]);
    }
    this.y++;
  }

  private foldContent(row: FoldRow): void {
    const { left, right } = this.frame;
    const first = (left ?? right)?.first ?? 0;
    const last = (right ?? left)?.last ?? WIDTH;
    const width = Math.max(MOST_FOLD, last - first - 3);
    for (const text of wrap(foldTexts(row).join('; '), Math.min(width, WIDTH - first - 5))) {
      this.canvas.put(first, this.y, '~');
      this.canvas.put(first + 2, this.y, text);
      this.y++;
    }
  }

  /** A bracket beside the rows that the statement names. */
  private brackets(): void {
    const { panel, rows, right, spacing } = this.frame;
    const { asked } = panel;
    if (asked === null) return;
    const onLeft = asked.axis === 'base';
    const x = onLeft ? (spacing.keyword ? asked.keyword.length + 1 : 0) : (right?.last ?? 0) + 2;
    for (let at = 0; at < rows.length; at++) {
      if (!elementAt(rows, at).asked) continue;
      let end = at;
      while (rows[end + 1]?.asked) end++;
      const { bottom, baseBottom } = elementAt(this.lines, end);
      this.bracket(x, elementAt(this.lines, at).top, onLeft ? baseBottom : bottom, onLeft);
      if (spacing.keyword) {
        const y = elementAt(this.lines, at).content;
        if (onLeft) this.canvas.put(0, y, asked.keyword);
        else this.canvas.put(x + 2, y, asked.keyword);
      }
      at = end;
    }
  }

  private bracket(x: number, top: number, bottom: number, onLeft: boolean): void {
    for (let y = top + 1; y < bottom; y++) this.canvas.put(x, y, '|');
    this.canvas.put(onLeft ? x : x - 1, top, onLeft ? ',-' : '-.');
    this.canvas.put(onLeft ? x : x - 1, bottom, onLeft ? "'-" : "-'");
  }
}

/** The lines of a panel, without its title. */
export function panelLines(grid: Grid): readonly string[] {
  return new PanelWriter(frameOf(grid)).write();
}
