/** What expressions see at a moment, from an entry of the call stack. */
import type { Change, Effects, Happening, Scene } from '../expressions';
import {
  aroundOf,
  eventsBetween,
  eventsOf,
  hasReturned,
  type Level,
  levelsOf,
  type Moment,
  stateOf,
  vmIdAt,
} from './moment';
import type { Scenario } from './scenario';

function effectsOf(moment: Moment): Effects {
  const own = moment.run !== null;
  const of = own ? moment : (moment.last ?? moment);
  const { before, vmId } = aroundOf(of);
  return { own, before, vmId, events: () => eventsOf(of), returned: hasReturned(of) };
}

/** @param changes What a data breakpoint was hit by, in its condition. */
export function sceneOf(
  { labels }: Scenario,
  moment: Moment,
  level: Level,
  changes: readonly Change[] | null = null,
): Scene {
  const { frame, statement } = level;
  return {
    state: stateOf(moment),
    vmId: vmIdAt(moment),
    locals: frame === null ? { ...statement.call } : frame.locals,
    statement: { line: labels.get(statement)!.place.line, call: statement.call },
    effects: effectsOf(level.moment),
    changes,
  };
}

/** The same from the innermost entry. */
export function innermostScene(
  scenario: Scenario,
  moment: Moment,
  changes: readonly Change[] | null = null,
): Scene {
  return sceneOf(scenario, moment, levelsOf(scenario.program, moment).at(-1)!, changes);
}

/** The same from no entry: without locals. */
export function globalScene(scenario: Scenario, moment: Moment): Scene {
  return { ...innermostScene(scenario, moment), locals: {} };
}

/** What the step from one moment to the next did. */
export function happeningOf(from: Moment, to: Moment): Happening {
  return { events: eventsBetween(from, to), before: stateOf(from), after: stateOf(to), vmId: vmIdAt(from) };
}
