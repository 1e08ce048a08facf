/** Stacks the rows of a panel vertically. */
import type { Panel } from '../figure';
import { foldTexts } from '../fold';
import { follows, type Row, SHORTENED } from '../rows';
import { wrap } from '../text';
import { charactersIn, lineHeight, PADDING, ROW, SHORTENED_ROW, SLOT_GAP } from './measures';

export interface PlacedRow {
  readonly row: Row;
  readonly top: number;
  readonly bottom: number;
  /** Bottom of its lanes by base: the base continues where one slot ends and the next begins. */
  readonly baseBottom: number;
  /** Whether its lanes by base, or by gfn, continue from the row before. */
  readonly goesOn: { readonly base: boolean; readonly gfn: boolean };
  /** Whether it starts another link. */
  readonly begins: boolean;
  /** The text that replaces folded rows. */
  readonly lines: readonly string[];
}

/** Rows with more pages are higher, up to the size at which they count as shortened. */
function heightOf(row: Row, shortest: number, lines: readonly string[]): number {
  if (row.kind === 'fold') return lines.length * lineHeight('fold') + 2 * PADDING;
  if (row.shortened) return SHORTENED_ROW;
  const share = Math.log(row.pages / shortest) / Math.log(SHORTENED);
  return ROW + Math.round((SHORTENED_ROW - ROW) * Math.min(1, Math.max(0, share)) * 0.75);
}

/** Lays out the rows from `y` on; `width` is the width of all lanes. */
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
