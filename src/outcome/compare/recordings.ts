/** Comparing what the simulator does with what a real kernel was recorded to do. */
import { analyze } from '../../language';
import type { Outcome } from '../json/outcome';
import { outcomeOf } from '../json/record';
import { runScenario } from '../run';

/** What a kernel did at the statement on `line` (from 1). */
export interface RecordedStatement extends Outcome {
  readonly line: number;
}

/** A scenario with what a kernel did, statement by statement. */
export interface Recording {
  readonly name: string;
  readonly kernel: string;
  readonly source: string;
  readonly expected: readonly RecordedStatement[];
}

export interface Mismatch {
  readonly line: number;
  readonly statement: string;
  /** Null where one side has no such statement. */
  readonly expected: Outcome | null;
  readonly actual: Outcome | null;
}

export interface Comparison {
  /** Keyword of each statement that was compared, with whether it agreed. */
  readonly statements: readonly { readonly keyword: string; readonly agrees: boolean }[];
  /** In order; what comes after the first may follow from it. */
  readonly mismatches: readonly Mismatch[];
  /** Why the scenario could not be run. */
  readonly error: string | null;
}

/** The keys that recordings have, in a form that compares by content. */
function comparable({ result, exit, left, faults, sptes, flush, instruction }: Outcome): string {
  return JSON.stringify({ result, exit, left, faults, sptes, flush, instruction });
}

/** Runs the scenario on the simulator, and compares every statement with the recording. */
export function compareRecording({ source, expected }: Recording): Comparison {
  const [program] = analyze(source).programs;
  const [problem] = program.errors;
  if (problem !== undefined) return { statements: [], mismatches: [], error: problem.message };
  const left = new Map(expected.map((record) => [record.line, record]));
  const statements: Comparison['statements'][number][] = [];
  const mismatches: Mismatch[] = [];
  for (const { statement, events } of runScenario(program)) {
    const actual = outcomeOf(events);
    const record = left.get(statement.line) ?? null;
    left.delete(statement.line);
    const agrees = record !== null && comparable(record) === comparable(actual);
    const { keyword } = statement.statement;
    statements.push({ keyword, agrees });
    if (!agrees) mismatches.push({ line: statement.line, statement: keyword, expected: record, actual });
  }
  for (const record of left.values()) {
    mismatches.push({ line: record.line, statement: '', expected: record, actual: null });
  }
  return { statements, mismatches, error: null };
}
