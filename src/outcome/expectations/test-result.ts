/** Putting a scenario to the test: whether its statements do what is expected, as an editor tells it. */
import type { Diagnostic, ExpectationKind, Program, Span, Statement } from '../../language';
import { lastOf } from '../../simulator';
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
  /** It has errors, and was not run. */
  | { readonly kind: 'wrong'; readonly errors: readonly Diagnostic[] }
  /** It took too long: the statement that it came to. */
  | { readonly kind: 'cut off'; readonly line: number }
  | { readonly kind: 'cancelled' };

/** An expectation that is not so. */
export interface Failure {
  readonly span: Span;
  readonly message: string;
  /** An item of the expectation a line. */
  readonly expectedItems: string;
  readonly actual: string;
}

/** Where a kind is expected; the whole outcome where it expects it without saying so. */
function spanOf({ outcome, span }: Statement, kind: ExpectationKind): Span {
  const items = outcome?.items.filter((item) => item.kind === kind) ?? [];
  const [first] = items;
  return first === undefined
    ? (outcome?.span ?? span)
    : { start: first.span.start, end: lastOf(items).span.end };
}

function failuresOf(one: Checked): readonly Failure[] {
  return one.failed.map((failed) => ({
    span: spanOf(one.statement.statement, failed.kind),
    message: failedExpectationSentence(failed),
    ...bothSides(one, failed),
  }));
}

/**
 * Runs a scenario and checks its expectations.
 * @throws Error where the simulator cannot run it.
 */
export async function testScenario(program: Program, pace: Pace): Promise<TestResult> {
  const { errors, statements } = program;
  if (errors.length > 0) return { kind: 'wrong', errors };
  const all: Checked[] = [];
  const end = await inSlices(checkInSteps(program), (one) => all.push(one), pace);
  if (end === 'cancelled') return { kind: 'cancelled' };
  if (end === 'cut off') return { kind: 'cut off', line: statements[all.length]?.line ?? 1 };
  const report = reportOn(program, all);
  if (report.failed.length === 0) return { kind: 'passed', report };
  return { kind: 'failed', report, failures: report.failed.flatMap(failuresOf) };
}
