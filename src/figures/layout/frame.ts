/** The columns of a panel: positions of its numbers, lanes and brackets. */
import { hex } from '../../outcome';
import { columnsOf } from '../columns';
import type { Grid } from '../grid';
import { besideBase, type Row } from '../rows';
import { sizeText } from '../text';
import { advance, BRACKET, charactersIn, PADDING, TIE_GAP, textWidth } from './measures';

/** The lanes of one side. */
export interface Side {
  readonly axis: 'base' | 'gfn';
  readonly first: number;
  readonly last: number;
  /** Borders between lanes. */
  readonly borders: readonly number[];
}

export interface PanelFrame {
  readonly lanes: readonly { readonly x: number; readonly width: number }[];
  readonly variants: readonly number[];
  /** Characters of each lane. */
  readonly widths: readonly number[];
  /** Right end of the numbers. */
  readonly baseNumbers: number;
  readonly gfnNumbers: number;
  /** Right end of the ties, left of the numbers. */
  readonly tieEnd: number;
  readonly left: Side | null;
  readonly right: Side | null;
  /** The bracket's line, and its keyword if there is room. */
  readonly bracket: number;
  readonly keyword: boolean;
}

/** Space that a lane and the ties may gain beyond what they need. */
const MOST_LANE_EXTRA = 26;
const MOST_TIE_EXTRA = 46;

/** Losing the keyword costs more than a shorter text without loss, and less than a text that is cut. */
const KEYWORD_LOSS = 0.75;

/** Space between the numbers and the boxes for the marks of shortened rows. */
const NUMBER_GAP = 9;

function numbersWidth(rows: readonly Row[], axis: 'base' | 'gfns', title: string): number {
  const ranges = rows.flatMap((row) => row[axis] ?? []);
  if (ranges.length === 0) return 0;
  const texts = [title, ...ranges.flatMap(({ start, end }) => [hex(start), hex(end)])];
  const sizes = rows.map(({ pages }) => textWidth(sizeText(pages), 'size'));
  return Math.max(...texts.map((text) => textWidth(text, 'number')), ...sizes);
}

function placed(
  { panel, rows, cells }: Grid,
  area: { readonly x: number; readonly width: number },
  keyword: boolean,
): { readonly frame: PanelFrame; readonly loss: number } {
  const { asked, lanes } = panel;
  const hasBracket = asked !== null && rows.some((row) => row.asked);
  const word = hasBracket && keyword ? textWidth(asked.keyword, 'keyword') + 4 : 0;
  const bracket = hasBracket ? BRACKET + word : 0;
  const onLeft = asked?.axis === 'base';
  const bases = numbersWidth(rows, 'base', panel.unit);
  const gfns = numbersWidth(rows, 'gfns', 'gfn');
  const leftCount = lanes.filter(({ axis }) => axis === 'base').length;
  const beside = besideBase(panel, rows);
  const besideWidth = beside === '' ? 0 : textWidth(beside, 'none') + 2 * PADDING;
  const gap = bases > 0 && gfns > 0 ? TIE_GAP : besideWidth;
  const numberGaps = (bases > 0 ? NUMBER_GAP : 0) + (gfns > 0 ? NUMBER_GAP : 0);
  const fixed = bracket + bases + gfns + gap + numberGaps + 2 * PADDING * lanes.length;
  const columns = columnsOf(panel, cells, charactersIn(area.width - fixed, 'cell'));
  const needed = columns.widths.map((width) => Math.ceil(width * advance('cell')) + 2 * PADDING);
  const spare = Math.max(
    0,
    area.width - fixed - columns.widths.reduce((sum, width) => sum + width * advance('cell'), 0),
  );
  const extra = Math.min(MOST_LANE_EXTRA, Math.floor(spare / (lanes.length + 2)));
  const tieExtra =
    bases === 0 || gfns === 0
      ? 0
      : Math.min(MOST_TIE_EXTRA, Math.floor(spare - extra * lanes.length) - lanes.length);

  const baseNumbers = area.x + (onLeft ? bracket : 0) + bases;
  const places: { x: number; width: number }[] = [];
  const add = (from: number, some: readonly number[]) =>
    some.reduce((x, width) => {
      places.push({ x, width: width + extra });
      return x + width + extra;
    }, from);
  const leftStart = baseNumbers + (bases > 0 ? NUMBER_GAP : 0);
  const leftEnd = add(leftStart, needed.slice(0, leftCount));
  const gfnNumbers = leftEnd + gap + Math.max(0, tieExtra) + gfns;
  const rightStart = gfnNumbers + NUMBER_GAP;
  const rightEnd = add(rightStart, needed.slice(leftCount));
  const side = (axis: Side['axis'], first: number, last: number, some: typeof places): Side | null =>
    some.length === 0 ? null : { axis, first, last, borders: some.slice(1).map(({ x }) => x) };
  const frame: PanelFrame = {
    lanes: places,
    variants: columns.variants,
    widths: needed.map((width) => charactersIn(width + extra - 2 * PADDING, 'cell')),
    baseNumbers,
    gfnNumbers,
    tieEnd: gfnNumbers - gfns - 4,
    left: side('base', leftStart, leftEnd, places.slice(0, leftCount)),
    right: side('gfn', rightStart, rightEnd, places.slice(leftCount)),
    bracket: onLeft ? area.x + word + BRACKET / 2 : rightEnd + BRACKET / 2,
    keyword: hasBracket && keyword,
  };
  return { frame, loss: columns.loss + (keyword ? 0 : KEYWORD_LOSS) };
}

export function panelFrame(grid: Grid, area: { readonly x: number; readonly width: number }): PanelFrame {
  const [named, bare] = [placed(grid, area, true), placed(grid, area, false)];
  return (named.loss <= bare.loss ? named : bare).frame;
}
