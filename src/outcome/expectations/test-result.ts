/** Tests a scenario, with results in the form that editors need. */
import type { Diagnostic, ExpectationKind, Program, Span, Statement } from '../../language';
import { lastOf, type OnStep } from '../../simulator';
import { type CheckedRace, checkRace } from '../races/check';
import { contraryText, verdictSentence } from '../races/verdicts';
import { inSlices, type Pace } from '../slices';
import {
  bothSides,
  type Checked,
  checkInSteps,
  failedExpectationSentence,
  reportOn,
  type ScenarioReport,
} from './verdict';

export type TestResult =
  | { readonly kind: 'passed'; readonly report: ScenarioReport }
  | { readonly kind: 'failed'; readonly report: ScenarioReport; readonly failures: readonly Failure[] }
  /** The scenario has errors and was not run. */
  | { readonly kind: 'wrong'; readonly errors: readonly Diagnostic[] }
  /** It took too long; the line of the statement that it reached. */
  | { readonly kind: 'cut off'; readonly line: number }
  | { readonly kind: 'cancelled' };

/** A failed expectation. */
export interface Failure {
  readonly span: Span;
  readonly message: string;
  /** The expected items, one per line. */
  readonly expected: string;
  readonly actual: string;
}

/** The location of the expectation of a kind; the whole list if the expectation is implied. */
function spanOf({ expectation, span }: Statement, kind: ExpectationKind): Span {
  const items = expectation?.items.filter((item) => item.kind === kind && item.quantifier === 'always') ?? [];
  const [first] = items;
  return first === undefined
    ? (expectation?.span ?? span)
    : { start: first.span.start, end: lastOf(items).span.end };
}

function failuresOf(one: Checked): readonly Failure[] {
  return one.failed.map((failed) => ({
    span: spanOf(one.statement.statement, failed.kind),
    message: failedExpectationSentence(failed),
    ...bothSides(one, failed),
  }));
}

function raceFailures({ race }: ScenarioReport): readonly Failure[] {
  if (race === null) return [];
  const undecided: Failure = {
    span: race.keywordSpan,
    message: 'Not every order was tried, so what was not found is not excluded.',
    expected: 'every order',
    actual: `${race.states} states`,
  };
  const failed = race.failed.map((verdict) => ({
    span: verdict.span,
    message: verdictSentence(verdict),
    expected: `${verdict.quantifier} ${verdict.what}`,
    actual: contraryText(verdict),
  }));
  return race.complete ? failed : [undecided, ...failed];
}

/** Yields what a generator yields, and what it returns. */
function* resultOf<T>(run: Generator<null, T>): Generator<T | null> {
  yield yield* run;
}

/**
 * Runs a scenario and checks its expectations.
 * @param onStep Learns of each step that ran, and of each step that ran in some order of its race.
 * @throws Error if the simulator cannot run it.
 */
export async function testScenario(program: Program, pace: Pace, onStep?: OnStep): Promise<TestResult> {
  const { errors, statements } = program;
  if (errors.length > 0) return { kind: 'wrong', errors };
  const all: Checked[] = [];
  const end = await inSlices(checkInSteps(program, onStep), (one) => all.push(one), pace);
  if (end === 'cancelled') return { kind: 'cancelled' };
  if (end === 'cut off') return { kind: 'cut off', line: statements[all.length]?.line ?? 1 };
  let race: CheckedRace | null = null;
  const raceEnd = await inSlices(resultOf(checkRace(program, { onStep })), (one) => (race = one), pace);
  if (raceEnd === 'cancelled') return { kind: 'cancelled' };
  if (raceEnd === 'cut off') return { kind: 'cut off', line: program.race?.line ?? 1 };
  const report = reportOn(program, all, race);
  const failures = [...report.failed.flatMap(failuresOf), ...raceFailures(report)];
  return failures.length === 0 ? { kind: 'passed', report } : { kind: 'failed', report, failures };
}
