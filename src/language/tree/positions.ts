/** Converts between offsets in UTF-16 code units and the lines and characters of editors, which count from 0. */

import { elementAt } from '../../simulator';

/** A half-open range of UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Position {
  readonly line: number;
  /** UTF-16 code units from the start of the line. */
  readonly character: number;
}

/** Offsets at which the lines of a text start; `\n`, `\r\n` and a lone `\r` end a line. */
export interface LineIndex {
  readonly starts: readonly number[];
  readonly length: number;
}

export function indexLines(text: string): LineIndex {
  const starts = [0];
  for (let offset = 0; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    const ends = code === 0x0a || (code === 0x0d && text.charCodeAt(offset + 1) !== 0x0a);
    if (ends) starts.push(offset + 1);
  }
  return { starts, length: text.length };
}

/** The line and character of an offset; an offset outside the text is clamped. */
export function positionAt(index: LineIndex, offset: number): Position {
  const inside = Math.min(Math.max(offset, 0), index.length);
  let low = 0;
  let high = index.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (elementAt(index.starts, middle) <= inside) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: inside - elementAt(index.starts, low) };
}

/** The offset of a position; a character beyond the end of its line means the start of the next line. */
export function offsetAt(index: LineIndex, position: Position): number {
  if (position.line < 0) return 0;
  const start = index.starts[position.line];
  if (start === undefined) return index.length;
  const end = index.starts[position.line + 1] ?? index.length;
  return Math.min(start + Math.max(position.character, 0), end);
}
