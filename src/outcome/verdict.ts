/** Whether statements do what a scenario claims of them, and the text that would claim what they do. */
import { type AllClaims, type CompiledStatement, type Program, printClaims, type Span } from '../language';
import { acceptedClaims } from './accept';
import { type Unmet, unmetClaims } from './check';
import { claimsOf } from './claims';
import { type Executed, runScenario } from './run';

/** A statement that ran, and what of its claims is not so. */
export interface Checked {
  readonly statement: CompiledStatement;
  readonly unmet: readonly Unmet[];
  readonly actual: AllClaims;
}

export function checked({ statement, events, before, after }: Executed): Checked {
  const actual = claimsOf(events, before, after);
  const { expected } = statement;
  return { statement, unmet: expected === null ? [] : unmetClaims(expected, actual), actual };
}

/** Runs the statements of a scenario one by one, each when the next is asked for. */
export function* checkScenario(program: Program): Generator<Checked> {
  for (const executed of runScenario(program)) yield checked(executed);
}

export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

/** The edit that makes a statement claim what it did. */
export function acceptingEdit({ statement: { statement, expected }, actual }: Checked): TextEdit {
  const claims = printClaims(acceptedClaims(expected, actual));
  if (statement.outcome !== null) return { span: statement.outcome.span, newText: `=> ${claims}` };
  const { end } = statement.span;
  return { span: { start: end, end }, newText: ` => ${claims}` };
}

/** The text after edits that do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((rest, { span, newText }) => rest.slice(0, span.start) + newText + rest.slice(span.end), text);
}
