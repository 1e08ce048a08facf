import { Range } from 'vscode';
import { type LineIndex, positionAt, type Span } from '../language';

/** A span of a text as the editor counts it. */
export function rangeOf(lines: LineIndex, { start, end }: Span): Range {
  const [from, to] = [positionAt(lines, start), positionAt(lines, end)];
  return new Range(from.line, from.character, to.line, to.character);
}
