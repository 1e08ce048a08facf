import { elementAt, lastOf, must } from '../../simulator';
import { minimalEdit, type TextEdit } from '../edit/text-edit';
import type { Document, Span } from '../tree/tree';
import { indentAbove, indentOf, layOut } from './layout';
import { type Row, rowsOf } from './rows';

/**
 * Formats a document: one statement per line, blocks indented, options in the order of the table, and optionally
 * related lines aligned in columns. Numbers stay as written; comments and single blank lines stay where they are. Lines
 * that cannot be parsed are not changed.
 */

export interface Layout {
  /** Whether to align labels of similar statements, arrows and comments in columns. */
  readonly align: boolean;
}

const PLAIN: Layout = { align: false };

/** A part of the text with its replacement; all parts together cover the whole text. */
interface Piece {
  readonly span: Span;
  readonly text: string;
}

function lineEndOf(text: string): string {
  return /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
}

function breaksIn(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** Normalizes line ends in unparsed text, too: otherwise its first line end could change the result of the next run. */
function withLineEnds(text: string, lineEnd: string): string {
  return text.replace(/\r\n|\r|\n/g, lineEnd);
}

/** The text between a row and the row above it. */
function gapBefore(row: Row, between: string, isFirst: boolean, lineEnd: string): string {
  const breaks = isFirst ? '' : lineEnd.repeat(Math.min(2, Math.max(1, breaksIn(between))));
  // Unparsed text keeps its indentation.
  const own = row.above.length > 0 ? indentAbove(row) : indentOf(row);
  const indent = row.kind === 'verbatim' ? (/[^\r\n]*$/.exec(between)?.[0] ?? '') : own;
  return `${breaks}${indent}`;
}

function piecesOf(document: Document, { align }: Layout): readonly Piece[] {
  const { text } = document;
  const rows = rowsOf(document);
  if (rows.length === 0) return [{ span: { start: 0, end: text.length }, text: '' }];
  const gaps = new Map(
    rows.map((row, at) => [row, text.slice(rows[at - 1]?.span.end ?? 0, row.span.start)] as const),
  );
  const between = (row: Row) => must(gaps.get(row), 'text above the row');
  const follows = (_before: Row, row: Row) => breaksIn(between(row)) <= 1 && row.above.length === 0;
  const lineEnd = lineEndOf(text);
  const lines = layOut(rows, follows, align);
  const pieces = rows.map((row, at): Piece => {
    const indent = indentOf(row);
    const own = elementAt(lines, at).map((line) =>
      line.comment === null ? line.text : `${line.text} ${line.comment}`,
    );
    const start = rows[at - 1]?.span.end ?? 0;
    const above = row.above
      .map(
        (comment, line) => `${comment}${lineEnd}${line + 1 < row.above.length ? indentAbove(row) : indent}`,
      )
      .join('');
    const gap = gapBefore(row, between(row), at === 0, lineEnd);
    return {
      span: { start, end: row.span.end },
      text: gap + withLineEnds(`${above}${own.join(`${lineEnd}${indent}`)}`, lineEnd),
    };
  });
  return [...pieces, { span: { start: lastOf(rows).span.end, end: text.length }, text: lineEnd }];
}

/** The canonical text of a document, which has the same statements and comments. */
export function print(document: Document, layout: Layout = PLAIN): string {
  return piecesOf(document, layout)
    .map(({ text }) => text)
    .join('');
}

/**
 * The edits that turn a document into the output of `print`.
 * @param within Restricts the edits to rows that touch these offsets.
 */
export function formattingEdits(document: Document, layout: Layout, within?: Span): readonly TextEdit[] {
  return piecesOf(document, layout)
    .filter(({ span }) => within === undefined || (span.end >= within.start && span.start <= within.end))
    .map(({ span, text }) => minimalEdit(document.text, { span, newText: text }))
    .filter((edit) => edit !== null);
}
