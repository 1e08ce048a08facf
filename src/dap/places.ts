/** Where statements stand in the text, and where listings of procedures put their steps. */
import { indexLines, type Program, positionAt } from '../language';

/** Lines and columns from 1; the end is exclusive. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The place of every statement of the program, in order. */
export function placesOf(text: string, { statements }: Program): readonly Place[] {
  const lines = indexLines(text);
  return statements.map(({ statement: { span } }) => {
    const start = positionAt(lines, span.start);
    const end = positionAt(lines, span.end);
    return {
      line: start.line + 1,
      column: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
    };
  });
}

const LONGEST_NAME = 80;

/** The text of every statement on one line. */
export function namesOf(text: string, { statements }: Program): readonly string[] {
  return statements.map(({ statement: { span } }) => {
    const name = text.slice(span.start, span.end).replace(/#.*/g, '').replace(/\s+/g, ' ').trim();
    return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
  });
}
