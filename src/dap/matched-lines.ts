/** Which lines of two versions of a text correspond, so that breakpoints and jumps stay at their statements. */
import { lineEdits } from '../language';
import { commonEnds } from '../simulator';

/** For each line of one text, from 0, its line in the other; null if it has none there. */
export type MatchedLines = readonly (number | null)[];

/** Spaces and comments do not change a statement. */
export function linesOf(text: string): readonly string[] {
  return text.split('\n').map((line) => line.replace(/#.*/, '').replace(/\s+/g, ' ').trim());
}

/**
 * The lines of `from` in `to`. Between two equal lines, as many changed lines as there were before correspond one to
 * one: a statement that was edited stays the same statement.
 */
export function matchLines(from: string, to: string): MatchedLines {
  const a = linesOf(from);
  const b = linesOf(to);
  const { head, tail } = commonEnds(a, b);
  const edits = lineEdits(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head);
  const matched: (number | null)[] = [];
  /** How much further down the lines are in `to`. */
  let shift = 0;
  for (const { start, end, lines } of [...edits, { start: a.length, end: a.length, lines: [] }]) {
    while (matched.length < start) matched.push(matched.length + shift);
    const isEdited = end - start === lines.length;
    while (matched.length < end) matched.push(isEdited ? matched.length + shift : null);
    shift += lines.length - (end - start);
  }
  return matched;
}

/** The line that corresponds, or else the first below it that has one; null if there is none. Lines are from 0. */
export function matchOrBelow(matched: MatchedLines, line0: number): number | null {
  return matched.slice(line0).find((line) => line !== null) ?? null;
}
