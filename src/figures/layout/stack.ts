/** Where the rows of a panel are, one under the other. */
import type { Panel } from '../figure';
import { foldTexts } from '../fold';
import { follows, type Row, SHORTENED } from '../rows';
import { wrap } from '../text';
import { charactersIn, lineHeight, PADDING, ROW, SHORTENED_ROW, SLOT_GAP } from './measures';

export interface PlacedRow {
  readonly row: Row;
  readonly top: number;
  readonly bottom: number;
  /** Where what it has by base ends: the base goes on where a slot ends and the next begins. */
  readonly baseBottom: number;
  /** Whether what it has by base, or by gfn, goes on from the row before. */
  readonly goesOn: { readonly base: boolean; readonly gfn: boolean };
  /** A row of a link that the row before is not of. */
  readonly begins: boolean;
  /** The text in the place of rows that are folded. */
  readonly lines: readonly string[];
}

/** Rows are the higher the more pages they have, up to the point where they count as shortened. */
function heightOf(row: Row, shortest: number, lines: readonly string[]): number {
  if (row.kind === 'fold') return lines.length * lineHeight('fold') + 2 * PADDING;
  if (row.shortened) return SHORTENED_ROW;
  const share = Math.log(row.pages / shortest) / Math.log(SHORTENED);
  return ROW + Math.round((SHORTENED_ROW - ROW) * Math.min(1, Math.max(0, share)) * 0.75);
}

/** Places the rows from `y` on; `width` is that of all lanes. */
export function stackRows(
  panel: Panel,
  rows: readonly Row[],
  y: number,
  width: number,
): readonly PlacedRow[] {
  const shortest = rows.reduce(
    (least, row) => (row.kind === 'range' ? Math.min(least, row.pages) : least),
    Number.POSITIVE_INFINITY,
  );
  const placed: PlacedRow[] = [];
  let at = y;
  rows.forEach((row, index) => {
    const before = rows[index - 1];
    const goesOn = { base: follows(before, row, 'base'), gfn: follows(before, row, 'gfn') };
    const begins = row.link !== null && row.link !== before?.link;
    const named = row.gfns !== null && begins && !goesOn.gfn;
    if (named || (before !== undefined && !goesOn.base && !goesOn.gfn && panel.kind !== 'file'))
      at += SLOT_GAP;
    const lines =
      row.kind === 'fold' ? wrap(foldTexts(row).join('; '), charactersIn(width - 2 * PADDING, 'fold')) : [];
    const bottom = at + heightOf(row, shortest, lines);
    const last = placed[placed.length - 1];
    if (last !== undefined && goesOn.base) placed[placed.length - 1] = { ...last, baseBottom: at };
    placed.push({ row, top: at, bottom, baseBottom: bottom, goesOn, begins, lines });
    at = bottom;
  });
  return placed;
}
