/** The scenarios of a document: what runs, and where its lines stand. */
import { type Analysis, analyze, indexLines, positionAt } from '../language';
import { annotationsByLine } from '../outcome';

/** A scenario of a document, together with the statements that it comes after. */
export interface Source {
  /** Statements before its own, each line ended. */
  readonly before: string;
  /** Its own, as in the document. */
  readonly text: string;
  /** Line of the document on which its own text starts, from 0. */
  readonly line: number;
  /** Name of the file that it shows from its first line on, and nothing before; null where it shows none. */
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

/** The line of the document that an offset of the whole text is on, from 0; null where it is in another scenario's. */
export function documentLine(source: Source, offset: number): number | null {
  const own = offset - source.before.length;
  return own < 0 ? null : source.line + positionAt(indexLines(source.text), own).line;
}

/** Of lines of the whole text, by their numbers from 0, those of its own, numbered from its start. */
export function ownLines<T>(source: Source, byLine: ReadonlyMap<number, T>): ReadonlyMap<number, T> {
  const before = linesBefore(source);
  return new Map(
    [...byLine].filter(([line]) => line >= before).map(([line, value]) => [line - before, value]),
  );
}

/** Its own lines, with what each statement did under it. */
export function annotatedLines(source: Source): readonly string[] {
  const byLine = ownLines(source, annotationsByLine(wholeText(source), source.analysis));
  return linesOfText(source.text).flatMap((line, at) => [line, ...(byLine.get(at) ?? [])]);
}

/** Lines of a text that ends with a line feed, or does not. */
export function linesOfText(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** Where its own statements begin among all, and how many there are. */
export function ownStatements({ before, analysis }: Source): { first: number; count: number } {
  const { statements } = analysis.document;
  const first = statements.findIndex(({ span }) => span.start >= before.length);
  return first < 0 ? { first: 0, count: 0 } : { first, count: statements.length - first };
}
