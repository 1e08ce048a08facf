/** What becomes of a state once the calls that have begun in it have ended. */
import { advance, isOver, isRunning, resume } from './run';
import type { State } from './state';

/**
 * Steps that each call gets. One that was given a name takes page after page, and a range has up to 2^52 of them; a zap
 * is never that far from where calls are suspended.
 */
const MOST_STEPS = 20_000;

/** Runs a call as far as it comes without the others. */
function runOn(state: State, task: number): State {
  let run = resume(state, task);
  while (!isOver(run) && run.steps < MOST_STEPS) run = advance(run).run;
  return run.state;
}

/** Calls that wait for each other need a turn each. */
function endAll(state: State): State {
  let at = state;
  for (let turns = 0; turns <= state.tasks.length && at.tasks.length > 0; turns++) {
    for (const { id } of at.tasks) if (isRunning(at, id)) at = runOn(at, id);
  }
  return at;
}

const known = new WeakMap<State, State>();

/**
 * The state after the calls that are running or suspended have gone on to their ends, in their order. What the scenario
 * does with them may differ; what they have yet to do does not.
 */
export function afterPendingCalls(state: State): State {
  const ended = known.get(state) ?? endAll(state);
  known.set(state, ended);
  return ended;
}
