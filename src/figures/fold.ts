/**
 * Keeps a figure legible with thousands of ranges. It draws what this step changed and its neighbours; if there are too
 * many changes, only the first and the last. The rest is folded into a summary.
 */
import { counted } from '../outcome';
import { isNews, type Lane, type Segment } from './figure';
import type { FoldRow, RangeRow, Row } from './rows';
import { sizeText } from './text';

/** Panels with more rows are folded. */
export const MOST_ROWS = 24;

/**
 * Rows that are kept in a folded panel. A single row between two kept ones is kept, too: a fold would not be shorter.
 */
const KEPT = 12;

function isTold({ segments }: RangeRow): boolean {
  return segments.some((segment) => segment !== undefined && isNews(segment));
}

/** The first and the last indices, `count` in total. */
function ends(indices: readonly number[], count: number): readonly number[] {
  if (indices.length <= count) return indices;
  const last = Math.floor(count / 2);
  return [...indices.slice(0, count - last), ...indices.slice(indices.length - last)];
}

/** Indices of the rows that are drawn. */
function keptRows(rows: readonly RangeRow[]): ReadonlySet<number> {
  const indices = rows.map((_, at) => at);
  const told = rows.flatMap((row, at) => (isTold(row) ? [at] : []));
  const asked = rows.flatMap((row, at) => (row.asked ? [at] : []));
  const kept = new Set<number>();
  const add = (candidates: readonly number[]) => {
    for (const at of ends(
      candidates.filter((at) => at >= 0 && at < rows.length && !kept.has(at)),
      KEPT - kept.size,
    ))
      kept.add(at);
  };
  add(told);
  add(ends(asked, 2));
  add([0, rows.length - 1]);
  add([...kept].flatMap((at) => [at - 1, at + 1]));
  add(indices);
  return kept;
}

/** `zapped: 506 ranges, 2024K`, for each word in the rows; userspace pages count separately from file pages. */
function contentsOf(rows: readonly RangeRow[], lanes: readonly Lane[]): readonly string[] {
  const found = new Map<string, { ranges: number; pages: number }>();
  lanes.forEach(({ id }, lane) => {
    let before: Segment | undefined;
    for (const { segments, pages } of rows) {
      const segment = segments[lane];
      if (segment !== undefined) {
        const what = `${id === 'memory' || id === 'userspace' ? 'userspace ' : ''}${segment.word}`;
        const { ranges, pages: sum } = found.get(what) ?? { ranges: 0, pages: 0 };
        found.set(what, { ranges: ranges + (segment === before ? 0 : 1), pages: sum + pages });
      }
      before = segment;
    }
  });
  return [...found].map(
    ([what, { ranges, pages }]) => `${what}: ${counted(ranges, 'range')}, ${sizeText(pages)}`,
  );
}

function hull(rows: readonly RangeRow[], axis: 'base' | 'gfns'): FoldRow['base'] {
  const joined = rows.every((row, at) => at === 0 || rows[at - 1]?.[axis]?.end === row[axis]?.start);
  const [first, last] = [rows[0]?.[axis], rows[rows.length - 1]?.[axis]];
  return joined && first != null && last != null ? { start: first.start, end: last.end } : null;
}

function folded(rows: readonly RangeRow[], lanes: readonly Lane[]): FoldRow {
  const links = new Set(rows.map(({ link }) => link));
  const [link = null, ...others] = links;
  return {
    kind: 'fold',
    link: others.length === 0 ? link : null,
    pages: rows.reduce((sum, { pages }) => sum + pages, 0),
    base: hull(rows, 'base'),
    gfns: links.size === 1 ? hull(rows, 'gfns') : null,
    asked: rows.some(({ asked }) => asked),
    ranges: rows.length,
    links: links.size,
    contents: contentsOf(rows, lanes),
  };
}

/** The rows to draw, with a fold for each run of the others. */
export function fold(rows: readonly RangeRow[], lanes: readonly Lane[]): readonly Row[] {
  if (rows.length <= MOST_ROWS) return rows;
  const kept = keptRows(rows);
  const drawn: Row[] = [];
  for (let at = 0; at < rows.length; ) {
    let end = at;
    while (end < rows.length && !kept.has(end)) end++;
    if (end - at > 1) drawn.push(folded(rows.slice(at, end), lanes));
    else drawn.push(...rows.slice(at, end));
    drawn.push(...rows.slice(end, end + 1));
    at = end + 1;
  }
  return drawn;
}

/** The text of a fold: `1012 ranges folded, 4M`, and its contents. */
export function foldTexts({ ranges, links, pages, contents }: FoldRow): readonly string[] {
  const where = links > 1 ? ` in ${links} places` : '';
  return [`${counted(ranges, 'range')}${where} folded, ${sizeText(pages)}`, ...contents];
}
