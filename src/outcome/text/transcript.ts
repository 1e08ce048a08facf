/** A scenario with the outcome of each statement beside it. */
import type { CompiledStatement, Program } from '../../language';
import { runScenario } from '../run';
import { describe } from './describe';
import { outcomeLine } from './outcome-text';

export interface TranscriptLine {
  /** From 1. */
  readonly line: number;
  /** The statement as written, on one line, without its expectations. */
  readonly source: string;
  readonly outcome: string;
  /** Whether the call or an expectation failed. */
  readonly failed: boolean;
}

/** A statement as written, on one line, without its expectations. */
export function sourceLine(
  text: string,
  { statement: { callSpan } }: Pick<CompiledStatement, 'statement'>,
): string {
  return text.slice(callSpan.start, callSpan.end).replace(/\s+/g, ' ');
}

/** Runs a scenario lazily, and yields a line for each statement. */
export function* transcript(text: string, program: Program): Generator<TranscriptLine> {
  for (const executed of runScenario(program)) {
    const { statement, events } = executed;
    const { phrases, failed } = describe(statement, events, executed);
    yield {
      line: statement.line,
      source: sourceLine(text, statement),
      outcome: outcomeLine(phrases),
      failed,
    };
  }
}
