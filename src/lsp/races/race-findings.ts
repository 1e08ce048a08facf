import { DIAGNOSTIC_LIMIT, type Diagnostic, type Program } from '../../language';
import { outcomeOfCall, type Verdict } from '../../outcome';
import { elementAt } from '../../simulator';
import type { Remark } from '../background-run/remarks';
import type { Exploration, Explorations } from './exploration';
import { failedVerdicts, statesText, verdictMessage } from './verdict-text';

/** Diagnostics of races: what does not hold in every order, and which races were not searched to the end. */

/** An expectation of a race that does not hold. */
export interface FailedVerdict {
  readonly exploration: Exploration;
  readonly verdict: Verdict;
}

interface RaceFinding {
  readonly diagnostic: Diagnostic;
  readonly failed?: FailedVerdict;
}

function verdictFindings(exploration: Exploration): readonly RaceFinding[] {
  return failedVerdicts(exploration).map((verdict) => ({
    diagnostic: {
      code: 'G210',
      severity: 'error',
      span: verdict.span,
      message: verdictMessage(verdict),
    },
    failed: { exploration, verdict },
  }));
}

/** Why not every order was tried; null if every one was, or still may be. */
function unfinishedText({ result, stopped, failure, progress }: Exploration): string | null {
  const rest = '`gmemscope explore` tries the others';
  if (stopped === 'failed') return `the orders cannot be tried: ${failure}`;
  if (stopped === 'budget') {
    return `the search stopped after ${statesText(progress?.states ?? 0)}, because its time is up: ${rest}`;
  }
  if (result === null || result.explored.result.complete) return null;
  return `the search stopped after ${statesText(result.explored.result.states)}: ${rest}`;
}

function unfinishedFindings(exploration: Exploration): readonly RaceFinding[] {
  const message = unfinishedText(exploration);
  if (message === null) return [];
  const { keywordSpan: span } = exploration.program.race;
  const severity = exploration.stopped === 'failed' ? 'warning' : 'information';
  return [{ diagnostic: { code: 'G211', severity, span, message } }];
}

export function raceFindings({ races }: Explorations): readonly RaceFinding[] {
  return [...races.flatMap(verdictFindings).slice(0, DIAGNOSTIC_LIMIT), ...races.flatMap(unfinishedFindings)];
}

/** What a search looks for in every order. */
const SEARCHED: ReadonlySet<Remark['kind']> = new Set(['warn', 'stale', 'livelock']);

/** Whether the call of a race fails whatever the order is. */
function isAlwaysRefused({ program, result }: Exploration, index: number): boolean {
  if (result === null) return false;
  const { explored } = result;
  return explored.result.returned
    .filter(({ task, call }) => elementAt(program.race.tasks, task).start + call === index)
    .every((returned) => outcomeOfCall(explored, returned).result !== 'ok');
}

/**
 * Whether a diagnostic of the background run, which knows one order of a race only, is about something that the search of
 * every order decides.
 */
export function coverageOf({ races }: Explorations, program: Program): (remark: Remark) => boolean {
  const exploration = races.find((race) => race.program === program);
  if (exploration === undefined || (exploration.result === null && exploration.stopped !== null)) {
    return () => false;
  }
  return ({ kind, index }) => {
    const { race } = elementAt(program.statements, index);
    if (race === null) return false;
    if (kind === 'failed-expectation') return true;
    if (race === 'behind') return false;
    if (kind === 'refused') return !isAlwaysRefused(exploration, index);
    return SEARCHED.has(kind);
  };
}
