/** Putting a scenario to the test: whether its statements do what is claimed, as an editor tells it. */
import type { Diagnostic, Program, Span } from '../language';
import { inSlices, type Pace } from './slices';
import { bothSides, type Checked, checkInSteps, reportOn, type ScenarioReport, unmetText } from './verdict';

export type Trial =
  | { readonly kind: 'passed'; readonly report: ScenarioReport }
  | { readonly kind: 'failed'; readonly report: ScenarioReport; readonly failures: readonly Failure[] }
  /** It has errors, and was not run. */
  | { readonly kind: 'wrong'; readonly errors: readonly Diagnostic[] }
  /** It took too long: the statement that it came to. */
  | { readonly kind: 'cut off'; readonly line: number }
  | { readonly kind: 'cancelled' };

/** A statement that does something else than what is claimed of it. */
export interface Failure {
  readonly span: Span;
  readonly message: string;
  /** A claim a line; only the lines that are not so differ. */
  readonly claimed: string;
  readonly actual: string;
}

function failureOf(one: Checked): Failure {
  const { statement } = one.statement;
  return { span: statement.outcome?.span ?? statement.span, message: unmetText(one), ...bothSides(one) };
}

/**
 * Runs a scenario and checks its claims.
 * @throws Error where the simulator cannot run it.
 */
export async function tryScenario(program: Program, pace: Pace): Promise<Trial> {
  const { errors, statements } = program;
  if (errors.length > 0) return { kind: 'wrong', errors };
  const all: Checked[] = [];
  const end = await inSlices(checkInSteps(program), (one) => all.push(one), pace);
  if (end === 'cancelled') return { kind: 'cancelled' };
  if (end === 'cut off') return { kind: 'cut off', line: statements[all.length]?.line ?? 1 };
  const report = reportOn(program, all);
  if (report.unmet.length === 0) return { kind: 'passed', report };
  return { kind: 'failed', report, failures: report.unmet.map(failureOf) };
}
