import type { Span } from '../tree/tree';

/** Changes of a text. */

export interface TextEdit {
  /** What is replaced; empty where text is put in. */
  readonly span: Span;
  readonly newText: string;
}

/** Puts a line above the one on which something starts, indented as that is. */
export function insertionAbove(text: string, start: number, line: string): TextEdit {
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
  const before = text.slice(lineStart, start);
  const indent = before.slice(0, before.search(/\S|$/));
  const lineEnd = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n';
  return { span: { start, end: start }, newText: `${line}${lineEnd}${indent}` };
}

/** The text after edits that do not overlap, in whatever order they come. */
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

/** The edit without what it leaves as it is at its beginning and its end; null where it changes nothing. */
export function minimalEdit(text: string, { span, newText }: TextEdit): TextEdit | null {
  const old = text.slice(span.start, span.end);
  if (old === newText) return null;
  const most = Math.min(old.length, newText.length);
  let head = 0;
  while (head < most && old[head] === newText[head]) head++;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === newText[newText.length - 1 - tail]) tail++;
  // No place is between the two characters of a line end.
  if (old[head - 1] === '\r') head--;
  if (tail > 0 && old[old.length - tail] === '\n') tail--;
  return {
    span: { start: span.start + head, end: span.end - tail },
    newText: newText.slice(head, newText.length - tail),
  };
}

/** How the lines of a text end. */
export function lineEnding(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
