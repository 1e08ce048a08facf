/**
 * Writes the outcome of each statement below it, in comments that begin with `#:`. The result is a valid scenario,
 * which can be pasted into a mail or a document and run again.
 */
import { type Analysis, indexLines, positionAt } from '../../language';
import { runScenario } from '../run';
import { describe } from './describe';
import { outcomeLine } from './outcome-text';

const MARK = '#:';
const WIDTH = 72;
const ANNOTATION = /^[ \t]*#:.*(?:\r\n|\n|\r|$)/gm;

/** Whether a text contains such comments. */
export function isAnnotated(text: string): boolean {
  return text.match(ANNOTATION) !== null;
}

/** The text without such comments. */
export function withoutAnnotations(text: string): string {
  return text.replace(ANNOTATION, '');
}

/** Fills lines of at most `width` characters with pieces, which are not broken; a longer piece gets its own line. */
function fill(pieces: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    if (line !== '' && line.length + 1 + piece.length > width) {
      lines.push(line);
      line = piece;
    } else {
      line = line === '' ? piece : `${line} ${piece}`;
    }
  }
  return [...lines, line];
}

/**
 * Breaks a description between its phrases, or inside a phrase if necessary; separators stay at the end of the line.
 */
function wrap(text: string, width: number): readonly string[] {
  const phrases = text.split(' · ').map((phrase, at, all) => (at < all.length - 1 ? `${phrase} ·` : phrase));
  return fill(phrases, width).flatMap((line) =>
    line.length > width ? fill(line.split(/ (?!·)/), width) : [line],
  );
}

/** The comment lines with the outcome of a statement. */
function annotation(outcome: string, indent: string): readonly string[] {
  const [first, ...rest] = wrap(outcome, WIDTH - indent.length - MARK.length - 3);
  return [`${indent}${MARK} ${first}`, ...rest.map((line) => `${indent}${MARK}   ${line}`)];
}

/** The outcome of each statement by its start offset; for a shared statement, the outcome in the first scenario. */
function outcomesByStart({ programs }: Analysis): ReadonlyMap<number, string> {
  const outcomes = new Map<number, string>();
  for (const program of programs) {
    for (const executed of runScenario(program)) {
      const { statement, events } = executed;
      const { start } = statement.statement.span;
      if (outcomes.has(start)) continue;
      outcomes.set(start, outcomeLine(describe(statement, events, executed).phrases));
    }
  }
  return outcomes;
}

/** The comments to add below each line on which statements end, by line number from 0. */
export function annotationsByLine(text: string, analysis: Analysis): ReadonlyMap<number, readonly string[]> {
  const outcomes = outcomesByStart(analysis);
  const lines = indexLines(text);
  const byLine = new Map<number, readonly string[]>();
  for (const { span } of analysis.document.statements) {
    const outcome = outcomes.get(span.start);
    if (outcome === undefined) continue;
    const { line } = positionAt(lines, span.end);
    const first = positionAt(lines, span.start).line;
    const indent = /^[ \t]*/.exec(text.slice(lines.starts[first]))?.[0] ?? '';
    byLine.set(line, [...(byLine.get(line) ?? []), ...annotation(outcome, indent)]);
  }
  return byLine;
}

/** @param text A text without errors and annotations; `analysis` is its analysis. */
export function annotate(text: string, analysis: Analysis): string {
  const byLine = annotationsByLine(text, analysis);
  const ending = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  return text
    .split(/\r\n|\n|\r/)
    .flatMap((line, at) => [line, ...(byLine.get(at) ?? [])])
    .join(ending);
}
