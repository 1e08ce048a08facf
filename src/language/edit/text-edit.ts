import { commonEnds } from '../../simulator';
import type { Span } from '../tree/tree';

/** Edits of a text. */

export interface TextEdit {
  /** The text to replace; empty for an insertion. */
  readonly span: Span;
  readonly newText: string;
}

/** Inserts a line above the one that contains an offset, with the same indentation. */
export function insertionAbove(text: string, start: number, line: string): TextEdit {
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
  const before = text.slice(lineStart, start);
  const indent = before.slice(0, before.search(/\S|$/));
  const lineEnd = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
  return { span: { start, end: start }, newText: `${line}${lineEnd}${indent}` };
}

/** Applies edits, which must not overlap, in any order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start);
  const pieces: string[] = [];
  let at = 0;
  for (const { span, newText } of sorted) {
    pieces.push(text.slice(at, span.start), newText);
    at = span.end;
  }
  return [...pieces, text.slice(at)].join('');
}

/** Removes unchanged text from both ends of an edit; null if nothing changes. */
export function minimalEdit(text: string, { span, newText }: TextEdit): TextEdit | null {
  const old = text.slice(span.start, span.end);
  if (old === newText) return null;
  let { head, tail } = commonEnds(old, newText);
  // Do not split the two characters of a line end.
  if (old[head - 1] === '\r') head--;
  if (tail > 0 && old[old.length - tail] === '\n') tail--;
  return {
    span: { start: span.start + head, end: span.end - tail },
    newText: newText.slice(head, newText.length - tail),
  };
}

/** The line ending of a text. */
export function lineEnding(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
