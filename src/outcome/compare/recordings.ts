/** Compares the simulator with recordings of real kernels. */
import { analyze } from '../../language';
import type { Outcome } from '../json/outcome';
import { outcomeOf } from '../json/record';
import { runScenario } from '../run';

/** The outcome of the statement on `line` (from 1) on a real kernel. */
export interface RecordedStatement extends Outcome {
  readonly line: number;
  /** Its call waited for a lock, and continued before the scenario said so. */
  readonly early?: true;
}

/** A scenario with the recorded outcome of each statement. */
export interface Recording {
  readonly name: string;
  readonly kernel: string;
  readonly source: string;
  readonly expected: readonly RecordedStatement[];
}

export interface Mismatch {
  readonly line: number;
  readonly statement: string;
  /** Null if one side lacks the statement. */
  readonly expected: Outcome | null;
  readonly actual: Outcome | null;
}

export interface Comparison {
  /** The keyword of each compared statement, and whether it agreed. */
  readonly statements: readonly { readonly keyword: string; readonly agrees: boolean }[];
  /** In order; later mismatches may be consequences of the first. */
  readonly mismatches: readonly Mismatch[];
  /** Why the scenario could not be run; null if it ran. */
  readonly error: string | null;
}

/** Consecutive equal faults as one. */
function withoutRepeats(faults: Outcome['faults']): Outcome['faults'] {
  return faults.filter((fault, at) => JSON.stringify(fault) !== JSON.stringify(faults[at - 1]));
}

/**
 * The keys that recordings have, as text for comparison. A call that loops faults again in each round, and how many rounds
 * there are is up to the scheduler: of such a call, equal faults count once.
 */
function comparable(outcome: Outcome, loops: boolean): string {
  const { result, exit, left, faults, sptes, flush, instruction } = outcome;
  const counted = loops ? withoutRepeats(faults) : faults;
  return JSON.stringify({ result, exit, left, faults: counted, sptes, flush, instruction });
}

const LOOPS: ReadonlySet<string> = new Set(['retries', 'livelock']);

/** Runs the scenario on the simulator and compares every statement with the recording. */
export function compareRecording({ source, expected }: Recording): Comparison {
  const [program] = analyze(source).programs;
  const [problem] = program.errors;
  if (problem !== undefined) return { statements: [], mismatches: [], error: problem.message };
  const left = new Map(expected.map((record) => [record.line, record]));
  const statements: Comparison['statements'][number][] = [];
  const mismatches: Mismatch[] = [];
  const looping = new Set<string>();
  for (const { statement, events } of runScenario(program)) {
    const actual = outcomeOf(events);
    const record = left.get(statement.line) ?? null;
    left.delete(statement.line);
    const { title } = statement.course;
    const retries = events.some((event) => event.type === 'suspended' && event.why === 'retries');
    const loops =
      retries || looping.has(title) || [actual, record].some((side) => LOOPS.has(side?.result ?? ''));
    if (loops) looping.add(title);
    const agrees = record !== null && comparable(record, loops) === comparable(actual, loops);
    const { keyword } = statement.statement;
    statements.push({ keyword, agrees });
    if (!agrees) mismatches.push({ line: statement.line, statement: keyword, expected: record, actual });
  }
  for (const record of left.values()) {
    mismatches.push({ line: record.line, statement: '', expected: record, actual: null });
  }
  return { statements, mismatches, error: null };
}
