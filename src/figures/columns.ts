/** The width of each lane in characters, and which of its texts fit: the same choice in every format. */
import type { Panel } from './figure';
import type { Cell } from './rows';
import { cut } from './text';

export interface Columns {
  /** Characters of each lane. */
  readonly widths: readonly number[];
  /** Index of the text variant for each lane: 0 is the longest. */
  readonly variants: readonly number[];
  /** What the fit costs: nothing, shorter texts, or texts that are cut. */
  readonly loss: number;
}

/** A cut text costs more than any number of shorter ones. */
const CUT_LOSS = 100;

function at(texts: readonly string[], variant: number): string {
  return texts[Math.min(variant, texts.length - 1)] ?? '';
}

/** The items with their numbers, the greatest first; equal ones in their order. */
function byDescending<T>(items: readonly T[], number: (item: T) => number) {
  return items.map((item) => ({ item, by: number(item) })).sort((a, b) => b.by - a.by);
}

/**
 * Starts with each lane's longest texts and shortens where that saves most, until all lanes together have at most
 * `available` characters. What still does not fit is cut.
 */
export function columnsOf({ lanes }: Panel, cells: readonly Cell[], available: number): Columns {
  const columns = lanes.map(({ titles, spare }, lane) => {
    const texts = cells.filter((cell) => cell.lane === lane).map(({ segment }) => segment.texts);
    // A title does not widen its lane if a shorter one fits.
    const least = at(titles, titles.length - 1).length;
    const widthOf = (variant: number) =>
      texts.reduce((widest, all) => Math.max(widest, at(all, variant).length), least);
    const last = texts.reduce((most, { length }) => Math.max(most, length - 1), 0);
    return { spare, last, widthOf, variant: 0, width: widthOf(0) };
  });
  const sum = () => columns.reduce((total, { width }) => total + width, 0);
  while (sum() > available) {
    const [best] = byDescending(columns, ({ variant, last, width, widthOf }) =>
      variant < last ? width - widthOf(variant + 1) : -1,
    );
    if (best === undefined || best.by < 0) break;
    best.item.variant++;
    best.item.width = best.item.widthOf(best.item.variant);
  }
  let loss = columns.reduce((total, { variant, spare }) => total + Math.max(0, variant - spare) ** 2, 0);
  while (sum() > available) {
    const [widest] = byDescending(columns, ({ width }) => width);
    if (widest === undefined || widest.by <= 1) break;
    widest.item.width--;
    loss += CUT_LOSS;
  }
  return {
    widths: columns.map(({ width }) => width),
    variants: columns.map(({ variant }) => variant),
    loss,
  };
}

/** The longest of the texts with at most `width` characters. */
export function longestFitting(texts: readonly string[], width: number): string {
  return texts.find(({ length }) => length <= width) ?? cut(texts[texts.length - 1] ?? '', width);
}

/** The text of a cell in a lane with `width` characters. */
export function fitted(texts: readonly string[], variant: number, width: number): string {
  return cut(at(texts, variant), width);
}
