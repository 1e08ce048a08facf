/** A scenario with what each statement did beside it. */
import type { CompiledStatement, Program } from '../../language';
import { runScenario } from '../run';
import { describe } from './describe';
import { outcomeLine } from './outcome-text';

export interface TranscriptLine {
  /** From 1. */
  readonly line: number;
  /** The statement as written, in one line, without what is expected of it. */
  readonly source: string;
  readonly outcome: string;
  /** The call failed, or did not do what was expected. */
  readonly failed: boolean;
}

/** A statement as written, in one line, without what is expected of it. */
export function sourceLine(text: string, { statement: { callSpan } }: CompiledStatement): string {
  return text.slice(callSpan.start, callSpan.end).replace(/\s+/g, ' ');
}

/** Runs the statements of a scenario one by one, each when the next is asked for. */
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
