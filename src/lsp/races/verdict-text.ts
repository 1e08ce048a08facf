import type { Program } from '../../language';
import { type Verdict, verdictSentence } from '../../outcome';
import type { Exploration } from './exploration';

/** What is said about the orders of a race. */

/** `12,000 states`. */
export function statesText(states: number): string {
  return `${states.toLocaleString('en')} state${states === 1 ? '' : 's'}`;
}

/** `12,000 states …` while it searches. */
function progressText({ progress }: Exploration): string {
  return `${statesText(progress?.states ?? 0)} …`;
}

/** The statement whose expectation a verdict is about; undefined for that of the race. */
function statementOf({ statements }: Program, { span }: Verdict) {
  return statements.find(
    ({ statement }) => statement.span.start <= span.start && span.end <= statement.span.end,
  );
}

/** What breaks an expectation: `STALE gfn 0x80000 in some order`. */
export function failureText({ quantifier, what, detail, vacuous }: Verdict): string {
  if (vacuous !== null) return vacuous;
  return quantifier === 'sometimes' ? `${what} in no order` : `${detail ?? what} in some order`;
}

/** What does not hold, the expectations of the race first; one text for those behind the first. */
function failuresText(program: Program, failed: readonly Verdict[]): string {
  const [first] = failed.toSorted(
    (a, b) => Number(statementOf(program, a) !== undefined) - Number(statementOf(program, b) !== undefined),
  );
  if (first === undefined) return '';
  const line = statementOf(program, first)?.line;
  const where = line === undefined ? '' : `line ${line}: `;
  const more = failed.length === 1 ? '' : ` · ${failed.length - 1} more`;
  return where + failureText(first) + more;
}

/** The verdicts that do not hold. */
export function failedVerdicts({ result }: Exploration): readonly Verdict[] {
  return (result?.verdicts ?? []).filter(({ holds }) => holds === false);
}

/** One line on a race: `STALE gfn 0x80000 in some order · 93 states`; null if there is nothing to say. */
export function raceText(exploration: Exploration): string | null {
  const { program, result, stopped, progress } = exploration;
  if (result === null) {
    if (stopped === null) return progressText(exploration);
    if (stopped === 'budget') return `no verdict in ${statesText(progress?.states ?? 0)}`;
    return stopped === 'failed' ? 'the orders cannot be tried' : null;
  }
  const { states, complete } = result.explored.result;
  const failed = failedVerdicts(exploration);
  const bound = complete ? '' : ', not all';
  if (failed.length > 0) return `${failuresText(program, failed)} · ${statesText(states)}${bound}`;
  return complete
    ? `holds in every order · ${statesText(states)}`
    : `no violation in ${statesText(states)}, not all`;
}

/** The message of a verdict that does not hold. */
export function verdictMessage(verdict: Verdict): string {
  const sentence = verdictSentence(verdict).replace(/\.$/, '');
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
