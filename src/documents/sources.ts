/** The scenarios of a document as texts to run, and the mapping of their lines. */
import { type Analysis, analyze, indexLines, positionAt } from '../language';
import { annotationsByLine } from '../outcome';

/** A scenario of a document, together with the statements that it continues. */
export interface Source {
  /** Statements before its own, each line ended. */
  readonly before: string;
  /** Its own, as in the document. */
  readonly text: string;
  /** Line of the document on which its own text starts, from 0. */
  readonly line: number;
  /** Name of the file that it shows, if it starts with the file's first line and continues nothing; otherwise null. */
  readonly file: string | null;
  readonly analysis: Analysis;
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

export function sourceOf(
  text: string,
  line: number,
  after: Source | null,
  file: string | null = null,
): Source {
  const before = after === null ? '' : ended(wholeText(after));
  return { before, text, line, file, analysis: analyze(before + text, file === null ? 'block' : 'file') };
}

export function wholeText({ before, text }: Source): string {
  return before + text;
}

/** Number of lines before its own. */
function linesBefore({ before }: Source): number {
  return before.split('\n').length - 1;
}

/** The line of the document for an offset of the whole text, from 0; null if it belongs to another scenario. */
export function documentLine(source: Source, offset: number): number | null {
  const own = offset - source.before.length;
  return own < 0 ? null : source.line + positionAt(indexLines(source.text), own).line;
}

/** Keeps only its own lines and renumbers them; both count from 0. */
export function ownLines<T>(source: Source, byLine: ReadonlyMap<number, T>): ReadonlyMap<number, T> {
  const before = linesBefore(source);
  return new Map(
    [...byLine].filter(([line]) => line >= before).map(([line, value]) => [line - before, value]),
  );
}

/** Its own lines, with the outcome of each statement below it. */
export function annotatedLines(source: Source): readonly string[] {
  const byLine = ownLines(source, annotationsByLine(wholeText(source), source.analysis));
  return linesOfText(source.text).flatMap((line, at) => [line, ...(byLine.get(at) ?? [])]);
}

/** Lines of a text, with or without a final line feed. */
export function linesOfText(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** Index of its first own statement in the whole text, and their count. */
export function ownStatements({ before, analysis }: Source): { first: number; count: number } {
  const { statements } = analysis.document;
  const first = statements.findIndex(({ span }) => span.start >= before.length);
  return first < 0 ? { first: 0, count: 0 } : { first, count: statements.length - first };
}
