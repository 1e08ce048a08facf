/** Where statements stand in the text, and where listings of procedures put their steps. */
import { type CompiledStatement, indexLines, type Program, positionAt } from '../language';

/** Lines and columns from 1; the end is exclusive. */
export interface SourceLocation {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A statement as people know it. */
export interface Label {
  /** Its text on one line. */
  readonly name: string;
  readonly location: SourceLocation;
  /** What was typed, of a statement that stands in no text: its place is where the run was then. */
  readonly typed: string | null;
}

const LONGEST_NAME = 80;

/** A statement's text on one line, without its comments. */
export function statementName(text: string): string {
  const name = text.replace(/#.*/g, '').replace(/\s+/g, ' ').trim();
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}

/** The label of every statement of the program. */
export function labelsOf(text: string, { statements }: Program): ReadonlyMap<CompiledStatement, Label> {
  const lines = indexLines(text);
  return new Map(
    statements.map((compiled) => {
      const { span } = compiled.statement;
      const start = positionAt(lines, span.start);
      const end = positionAt(lines, span.end);
      const location = {
        line: start.line + 1,
        column: start.character + 1,
        endLine: end.line + 1,
        endColumn: end.character + 1,
      };
      return [compiled, { name: statementName(text.slice(span.start, span.end)), location, typed: null }];
    }),
  );
}
