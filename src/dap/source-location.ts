/** Source locations and labels of statements. */
import { type CompiledStatement, indexLines, type Program, positionAt } from '../language';

/** Lines and columns from 1; the end is exclusive. */
export interface SourceLocation {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The name and location of a statement. */
export interface Label {
  /** Its text on one line. */
  readonly name: string;
  readonly location: SourceLocation;
  /** The text of a typed statement, which is in no file: its location is where the run was then. Null for others. */
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
