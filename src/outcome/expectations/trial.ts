/** Putting a scenario to the test: whether its statements do what is claimed, as an editor tells it. */
import type { ClaimKind, Diagnostic, Program, Span, Statement } from '../../language';
import { inSlices, type Pace } from '../slices';
import {
  bothSides,
  type Checked,
  checkInSteps,
  reportOn,
  type ScenarioReport,
  unmetSentence,
} from './verdict';

export type Trial =
  | { readonly kind: 'passed'; readonly report: ScenarioReport }
  | { readonly kind: 'failed'; readonly report: ScenarioReport; readonly failures: readonly Failure[] }
  /** It has errors, and was not run. */
  | { readonly kind: 'wrong'; readonly errors: readonly Diagnostic[] }
  /** It took too long: the statement that it came to. */
  | { readonly kind: 'cut off'; readonly line: number }
  | { readonly kind: 'cancelled' };

/** A claim that is not so. */
export interface Failure {
  readonly span: Span;
  readonly message: string;
  /** An item of the claim a line. */
  readonly claimed: string;
  readonly actual: string;
}

/** Where a kind is claimed; the whole outcome where it claims it without saying so. */
function spanOf({ outcome, span }: Statement, kind: ClaimKind): Span {
  const items = outcome?.items.filter((item) => item.kind === kind) ?? [];
  const [first] = items;
  return first === undefined
    ? (outcome?.span ?? span)
    : { start: first.span.start, end: items.at(-1)!.span.end };
}

function failuresOf(one: Checked): readonly Failure[] {
  return one.unmet.map((unmet) => ({
    span: spanOf(one.statement.statement, unmet.kind),
    message: unmetSentence(unmet),
    ...bothSides(one, unmet),
  }));
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
  return { kind: 'failed', report, failures: report.unmet.flatMap(failuresOf) };
}
