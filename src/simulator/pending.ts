/** Runs the pending calls of a state, those that have begun, until they end. */
import { advance, isOver, isRunning, resume } from './run';
import type { State } from './state';

/**
 * Maximum number of steps per call. A named call handles its pages one by one, and a range can have 2^52 of them; the
 * zap of a suspended call is never that many steps away.
 */
const MOST_STEPS = 20_000;

/** Runs a call until it ends or has to wait for another one. */
function runOn(state: State, task: number): State {
  let run = resume(state, task);
  while (!isOver(run) && run.steps < MOST_STEPS) run = advance(run).run;
  return run.state;
}

/** Runs the calls in turns, because they may wait for each other. */
function endAll(state: State): State {
  let at = state;
  for (let turns = 0; turns <= state.tasks.length && at.tasks.length > 0; turns++) {
    for (const { id } of at.tasks) if (isRunning(at, id)) at = runOn(at, id);
  }
  return at;
}

const known = new WeakMap<State, State>();

/**
 * The state after all running and suspended calls have ended, in their order. The scenario may resume them in another
 * order, but what each of them has left to do is the same.
 */
export function afterPendingCalls(state: State): State {
  const ended = known.get(state) ?? endAll(state);
  known.set(state, ended);
  return ended;
}
