/** A scenario with what each statement did beside it. */
import type { Analysis } from '../language';
import { describeOutcome } from './outcome-text';
import { runScenario } from './run';

export interface TranscriptLine {
  /** From 1. */
  readonly line: number;
  /** The statement as written, in one line. */
  readonly source: string;
  readonly outcome: string;
  readonly failed: boolean;
}

/** Runs the statements one by one, each when the next is asked for. */
export function* transcript(text: string, { program }: Analysis): Generator<TranscriptLine> {
  for (const { statement, events, before, after } of runScenario(program)) {
    const { span } = statement.statement;
    const { text: outcome, failed } = describeOutcome(statement.call, events, before, after);
    const source = text.slice(span.start, span.end).replace(/\s+/g, ' ');
    yield { line: statement.line, source, outcome, failed };
  }
}
