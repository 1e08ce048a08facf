/** What interrupts a run: breakpoints, data breakpoints and exceptions. */
import { type EvaluationContext, watchTargetText } from '../../expressions';
import { elementAt } from '../../simulator';
import type { Context } from '../context';
import { innermostContext } from '../evaluation-context';
import { type ExceptionHit, exceptionalIn } from '../exceptions';
import type { Moment } from '../moment';
import { type DebuggedScenario, labelAt } from '../scenario';
import type { DataHit, Found, Hit, Interruptions, RuleProblem, Stop } from '../stops';
import { dataHits, watched } from './data';
import { judge, type Rule } from './rule';

/** A breakpoint that a step reached, before its rule is applied. */
interface Reached {
  readonly id: number;
  readonly rule: Rule;
  readonly evaluation: () => EvaluationContext;
  /** The tick that identifies the hit. */
  readonly tick: number;
  readonly data: DataHit | null;
}

type Log = (text: string) => void;

/** The code breakpoints at a moment. */
function reachedAt({ breakpoints }: Context, scenario: DebuggedScenario, moment: Moment): readonly Reached[] {
  // The call has been before this step already, when it was suspended.
  if (moment.run !== null && scenario.timeline.isTurned(moment)) return [];
  return breakpoints.at(scenario, moment).map(({ id, rule }) => {
    return { id, rule, evaluation: () => innermostContext(scenario, moment), tick: moment.tick, data: null };
  });
}

/** The data breakpoints that a step hits. Their conditions are evaluated after the step. */
function reachedBy(
  context: Context,
  scenario: DebuggedScenario,
  from: Moment,
  to: Moment,
): readonly Reached[] {
  return dataHits(watched(context), from, to).map(({ breakpoint, watch, changes }) => ({
    id: breakpoint.id,
    rule: breakpoint.rule,
    evaluation: () => innermostContext(scenario, to, changes),
    tick: to.tick,
    data: { target: watchTargetText(watch.target), changes, from },
  }));
}

/** Applies the rules of the reached breakpoints; log messages go to `log`. Null if none of them stops. */
function judgeAll(
  { hitCounts }: Context,
  scenario: DebuggedScenario,
  reached: readonly Reached[],
  log: Log,
): Hit | null {
  if (reached.length === 0) return null;
  const ids: number[] = [];
  const problems: RuleProblem[] = [];
  let data: DataHit | null = null;
  for (const one of reached) {
    const { id, rule, tick } = one;
    const verdict = judge(rule, one.evaluation, () => hitCounts.hit(id, scenario, tick));
    if (verdict.does === 'log') log(verdict.text);
    if (verdict.does !== 'stop') continue;
    ids.push(id);
    data ??= one.data;
    if (verdict.problem !== null) problems.push({ of: id, text: verdict.problem });
  }
  return ids.length === 0 ? null : { kind: 'breakpoint', ids, data, problems };
}

function silent(): void {}

/** Applies the rules of the picked breakpoints that a step reaches, without logging: it only counts their hits. */
export function judgeStep(
  context: Context,
  scenario: DebuggedScenario,
  from: Moment | null,
  to: Moment,
  picks: (breakpoint: { readonly rule: Rule }) => boolean,
): void {
  const data = from === null ? [] : reachedBy(context, scenario, from, to);
  judgeAll(context, scenario, [...reachedAt(context, scenario, to), ...data].filter(picks), silent);
}

/** The breakpoints at the current moment, which no step led to. */
export function hitAtStart(context: Context, scenario: DebuggedScenario): Hit | null {
  const { current } = scenario.timeline;
  const hit = judgeAll(context, scenario, reachedAt(context, scenario, current), context.log);
  context.hitCounts.see(scenario.timeline, current);
  return hit;
}

function exceptionIn(
  context: Context,
  scenario: DebuggedScenario,
  from: Moment,
  to: Moment,
): ExceptionHit | null {
  const { outcomes } = scenario.timeline;
  const describe = (statement: number) =>
    `${labelAt(scenario, statement).name}: ${outcomes[statement]?.text ?? ''}`;
  const asks = (rule: Rule) =>
    judge(
      rule,
      () => innermostContext(scenario, to),
      () => 1,
    );
  const statement = elementAt(scenario.program.statements, to.statement);
  return exceptionalIn(context.filters, { from, to, statement, describe }, asks);
}

function exceptionStop({ exceptional, problem }: ExceptionHit, hit: Hit | null): Stop {
  const own = problem === null ? [] : [{ of: exceptional.filter, text: problem }];
  const { ids = [], problems = [] } = hit ?? {};
  return { kind: 'exception', exceptional, ids, problems: [...own, ...problems] };
}

/** The interruptions of a run by breakpoints, data breakpoints and exceptions. */
export function interruptionsOf(context: Context, scenario: DebuggedScenario): Interruptions {
  if (context.options?.noDebug) return { forward: () => null, back: () => null };
  const { timeline } = scenario;
  const origin = timeline.current;
  // Looked up at each step, because breakpoints may change while the scenario runs.
  return {
    forward: (from, to): Stop | null => {
      const reached = [...reachedAt(context, scenario, to), ...reachedBy(context, scenario, from, to)];
      const hit = judgeAll(context, scenario, reached, context.log);
      context.hitCounts.see(timeline, to);
      const exception = exceptionIn(context, scenario, from, to);
      return exception === null ? hit : exceptionStop(exception, hit);
    },
    back: (from, to): Found | null => {
      const exception = to === origin ? null : exceptionIn(context, scenario, from, to);
      if (exception !== null) return { at: to, stop: exceptionStop(exception, null) };
      // In reverse, a data breakpoint stops before the step that made the change.
      const reached = [...reachedAt(context, scenario, from), ...reachedBy(context, scenario, from, to)];
      const stop = judgeAll(context, scenario, reached, silent);
      return stop && { at: from, stop };
    },
  };
}
