import { elementAt, lastOf, must } from '../../simulator';
import { minimalEdit, type TextEdit } from '../edit/text-edit';
import type { Document, Span } from '../tree/tree';
import { indentOf, layOut } from './layout';
import { type Row, rowsOf } from './rows';

/**
 * Canonical text: one statement a line, those of a block indented, options in the table's order, and where it is asked
 * for, what belongs together in columns. Numbers stay as they were written, comments and single blank lines stay where
 * they were. The lines of what cannot be read are left alone.
 */

export interface Layout {
  /** Whether labels of statements that are alike, arrows and comments stand in columns. */
  readonly align: boolean;
}

const PLAIN: Layout = { align: false };

/** A part of the text with what is printed in its place; all of them in a row are the whole text. */
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

/** Also what was not read has the line ends of the rest: else the first one of them would decide the next time. */
function withLineEnds(text: string, lineEnd: string): string {
  return text.replace(/\r\n|\r|\n/g, lineEnd);
}

/** What stands in front of a row, from the row above on. */
function gapBefore(row: Row, between: string, isFirst: boolean, lineEnd: string): string {
  const breaks = isFirst ? '' : lineEnd.repeat(Math.min(2, Math.max(1, breaksIn(between))));
  // What was not read keeps its indentation.
  const indent = row.kind === 'verbatim' ? (/[^\r\n]*$/.exec(between)?.[0] ?? '') : indentOf(row);
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
    const gap = gapBefore(row, between(row), at === 0, lineEnd);
    return {
      span: { start, end: row.span.end },
      text: gap + withLineEnds([...row.above, ...own].join(`${lineEnd}${indent}`), lineEnd),
    };
  });
  return [...pieces, { span: { start: lastOf(rows).span.end, end: text.length }, text: lineEnd }];
}

/** Canonical text of a document; parsing it gives the same statements and comments. */
export function print(document: Document, layout: Layout = PLAIN): string {
  return piecesOf(document, layout)
    .map(({ text }) => text)
    .join('');
}

/**
 * The edits after which a document is as `print` has it.
 * @param within Only the rows that touch these offsets; all of them without it.
 */
export function formattingEdits(document: Document, layout: Layout, within?: Span): readonly TextEdit[] {
  return piecesOf(document, layout)
    .filter(({ span }) => within === undefined || (span.end >= within.start && span.start <= within.end))
    .map(({ span, text }) => minimalEdit(document.text, { span, newText: text }))
    .filter((edit) => edit !== null);
}
