/** What expressions see at a moment, from an entry of the call stack. */
import type { Change, Scene } from '../expressions';
import { eventsOf, hasReturned, type Level, levelsOf, type Moment, stateOf } from './moment';
import type { Scenario } from './scenario';

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
    locals: frame === null ? { ...statement.call } : frame.locals,
    statement: {
      line: labels.get(statement)!.place.line,
      call: statement.call,
      before: level.moment.before,
      events: () => eventsOf(level.moment),
      returned: hasReturned(level.moment),
    },
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
