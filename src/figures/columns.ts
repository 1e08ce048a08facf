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

/**
 * Starts with each lane's longest texts and shortens where that saves most, until all lanes together have at most
 * `available` characters. What still does not fit is cut.
 */
export function columnsOf({ lanes }: Panel, cells: readonly Cell[], available: number): Columns {
  const texts = lanes.map((_, lane) =>
    cells.filter((cell) => cell.lane === lane).map(({ segment }) => segment.texts),
  );
  // A title does not widen its lane if a shorter one fits.
  const least = lanes.map(({ titles }) => at(titles, titles.length - 1).length);
  const widthOf = (lane: number, variant: number) =>
    texts[lane]!.reduce((widest, all) => Math.max(widest, at(all, variant).length), least[lane]!);
  const last = texts.map((all) => all.reduce((most, { length }) => Math.max(most, length - 1), 0));
  const variants = lanes.map(() => 0);
  const widths = lanes.map((_, lane) => widthOf(lane, 0));
  const sum = () => widths.reduce((total, width) => total + width, 0);
  while (sum() > available) {
    const savings = widths.map((width, lane) =>
      variants[lane]! < last[lane]! ? width - widthOf(lane, variants[lane]! + 1) : -1,
    );
    const best = Math.max(...savings);
    if (best < 0) break;
    const lane = savings.indexOf(best);
    variants[lane]!++;
    widths[lane] = widthOf(lane, variants[lane]!);
  }
  let loss = variants.reduce(
    (total, variant, lane) => total + Math.max(0, variant - lanes[lane]!.spare) ** 2,
    0,
  );
  while (sum() > available && Math.max(...widths) > 1) {
    widths[widths.indexOf(Math.max(...widths))]!--;
    loss += CUT_LOSS;
  }
  return { widths, variants, loss };
}

/** The longest of the texts with at most `width` characters. */
export function longestFitting(texts: readonly string[], width: number): string {
  return texts.find(({ length }) => length <= width) ?? cut(texts[texts.length - 1] ?? '', width);
}

/** The text of a cell in a lane with `width` characters. */
export function fitted(texts: readonly string[], variant: number, width: number): string {
  return cut(at(texts, variant), width);
}
