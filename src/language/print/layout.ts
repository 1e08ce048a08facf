import { elementAt, firstOf, lastOf } from '../../simulator';
import type { Cell } from './cells';
import type { Row } from './rows';

/** Lays out rows: with single spaces, or aligned in columns. */

/** A printed line, without its indentation. */
export interface Line {
  readonly text: string;
  readonly comment: string | null;
}

/** A longer line is not aligned with others, because it would push their columns off the screen. */
const WIDEST = 100;

/** Splits a list between neighbours that do not belong together. */
function runsOf<T>(items: readonly T[], together: (before: T, item: T) => boolean): T[][] {
  const runs: T[][] = [];
  let last: T | undefined;
  for (const item of items) {
    if (last !== undefined && together(last, item)) lastOf(runs).push(item);
    else runs.push([item]);
    last = item;
  }
  return runs;
}

function widest(lengths: readonly number[]): number {
  return lengths.reduce((most, length) => Math.max(most, length), 0);
}

/** A row during layout. */
interface Laid {
  readonly row: Row;
  /** Number of the row. */
  readonly at: number;
  /** The statement, without its outcome. */
  text: string;
}

function plainText(cells: readonly Cell[]): string {
  return cells.map(({ text }) => text).join(' ');
}

/** Appends the cells from index `from` on, aligning cells of the same column in consecutive rows. */
function alignCells(rows: readonly Laid[], from: number): void {
  const going = rows.filter(({ row }) => row.cells[from] !== undefined);
  const together = (a: Laid, b: Laid) =>
    b.at === a.at + 1 && elementAt(a.row.cells, from).column === elementAt(b.row.cells, from).column;
  for (const run of runsOf(going, together)) {
    const isLast = ({ row }: Laid) => row.cells[from + 1] === undefined;
    const width = widest(run.map((laid) => (isLast(laid) ? 0 : elementAt(laid.row.cells, from).text.length)));
    for (const laid of run) {
      const { text } = elementAt(laid.row.cells, from);
      const padded = isLast(laid) ? text : text.padEnd(width);
      laid.text += from === 0 ? padded : ` ${padded}`;
    }
    alignCells(run, from + 1);
  }
}

function isColumned({ row }: Laid): boolean {
  return row.kind === 'statement' && plainText(row.cells).length <= WIDEST;
}

/** Whether a row is on the line directly below another, so that their columns are aligned. */
export type Follows = (before: Row, row: Row) => boolean;

function layStatements(laid: readonly Laid[], follows: Follows): void {
  const alike = (a: Laid, b: Laid) =>
    isColumned(a) &&
    isColumned(b) &&
    follows(a.row, b.row) &&
    firstOf(a.row.cells).text === firstOf(b.row.cells).text;
  for (const run of runsOf(laid, alike)) {
    if (run.length > 1) alignCells(run, 0);
    else firstOf(run).text = plainText(firstOf(run).row.cells);
  }
}

/** The column at which the expectations of each row begin. */
function arrowColumns(laid: readonly Laid[], follows: Follows): ReadonlyMap<Row, number> {
  const columns = new Map<Row, number>();
  const expecting = ({ row, text }: Laid) => row.outcome.length > 0 && !row.closes && text.length <= WIDEST;
  for (const run of runsOf(laid, (a, b) => expecting(a) && expecting(b) && follows(a.row, b.row))) {
    const width = widest(run.map(({ text }) => text.length));
    for (const { row } of run) columns.set(row, width);
  }
  return columns;
}

const HANGING = '    ';

function linesOf({ row, text }: Laid, column: number | null): Line[] {
  const [first, ...more] = row.outcome;
  if (first === undefined) return [{ text, comment: row.comment }];
  const head = column === null ? text : text.padEnd(column);
  // Continued expectations are aligned with the first one, after the arrow.
  const hanging = column === null ? HANGING : ' '.repeat(head.length + ' => '.length);
  const lines = [
    { text: `${head} ${first.text}`, comment: first.comment },
    ...more.map((line) => ({ text: `${hanging}${line.text}`, comment: line.comment })),
  ];
  const last = lastOf(lines);
  return lines.with(-1, { ...last, comment: last.comment ?? row.comment });
}

/** Aligns the trailing comments of consecutive lines. */
function alignComments(lines: readonly Line[], width: (line: Line) => number | undefined): Line[] {
  return lines.map((line) => {
    const column = width(line);
    return column === undefined ? line : { ...line, text: line.text.padEnd(column) };
  });
}

/** The lines of each row. */
export function layOut(rows: readonly Row[], follows: Follows, align: boolean): readonly (readonly Line[])[] {
  const laid = rows.map((row, at): Laid => ({ row, at, text: align ? '' : plainText(row.cells) }));
  if (!align) return laid.map((one) => linesOf(one, null));
  layStatements(laid, follows);
  const columns = arrowColumns(laid, follows);
  const lines = laid.map((one) => linesOf(one, columns.get(one.row) ?? null));
  const flat = lines.flatMap((own, at) =>
    own.map((line, number) => ({ line, row: elementAt(rows, at), number })),
  );
  const widths = new Map<Line, number>();
  const commented = ({ line }: (typeof flat)[number]) => line.comment !== null && line.text.length <= WIDEST;
  const below = (a: (typeof flat)[number], b: (typeof flat)[number]) =>
    commented(a) && commented(b) && (a.row === b.row || (b.number === 0 && follows(a.row, b.row)));
  for (const run of runsOf(flat, below)) {
    if (run.length < 2) continue;
    const column = widest(run.map(({ line, row }) => indentOf(row).length + line.text.length));
    for (const { line, row } of run) widths.set(line, column - indentOf(row).length);
  }
  return lines.map((own) => alignComments(own, (line) => widths.get(line)));
}

export function indentOf({ depth, kind }: Row): string {
  return kind === 'verbatim' ? '' : '  '.repeat(depth);
}

/** The indentation of the comments above a row: before a closing brace they are in the block that it ends. */
export function indentAbove(row: Row): string {
  return row.closes ? `${indentOf(row)}  ` : indentOf(row);
}
