/** Creates evaluation contexts: a moment, seen from a call stack entry. */
import type { Change, Effects, EvaluationContext, Happening } from '../expressions';
import { aroundAt } from '../outcome';
import { eventsBetween, eventsOf, hasReturned, lastOf, stateOf } from '../simulator';
import { type Level, levelsOf, type Moment, vmIdAt } from './moment';
import { type DebuggedScenario, labelOf } from './scenario';

function effectsOf(moment: Moment): Effects {
  const own = moment.run !== null;
  const of = own ? moment : (moment.last ?? moment);
  const { before, vmId } = aroundAt(of);
  return { own, before, vmId, events: () => eventsOf(of), returned: hasReturned(of) };
}

/** @param changes The changes that hit a data breakpoint, in its condition. */
export function evaluationContextOf(
  scenario: DebuggedScenario,
  moment: Moment,
  level: Level,
  changes: readonly Change[] | null = null,
): EvaluationContext {
  const { frame, statement } = level;
  return {
    state: stateOf(moment),
    vmId: vmIdAt(moment),
    locals: frame === null ? { ...statement.call } : frame.locals,
    statement: { line: labelOf(scenario, statement).location.line, call: statement.call },
    effects: effectsOf(level.moment),
    changes,
  };
}

/** The context of the innermost entry. */
export function innermostContext(
  scenario: DebuggedScenario,
  moment: Moment,
  changes: readonly Change[] | null = null,
): EvaluationContext {
  return evaluationContextOf(scenario, moment, lastOf(levelsOf(scenario.program, moment)), changes);
}

/** The context without a call stack entry: no locals. */
export function globalContext(scenario: DebuggedScenario, moment: Moment): EvaluationContext {
  return { ...innermostContext(scenario, moment), locals: {} };
}

/** What the step from one moment to the next did. */
export function happeningOf(from: Moment, to: Moment): Happening {
  return { events: eventsBetween(from, to), before: stateOf(from), after: stateOf(to), vmId: vmIdAt(from) };
}
