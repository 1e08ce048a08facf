/** Moments of a scenario's run: values, each with the machine's whole state, each leading to the next. */
import type { Program } from '../language';
import type { TracedEvent } from '../simulator/machine';
import { advance, beginRun, isRunning, type Run, startCall } from '../simulator/run';
import { initialState, type State, type Task } from '../simulator/state';

/** The events of a call, newest first, so that later moments share those of earlier ones. */
export interface Trail {
  readonly events: readonly TracedEvent[];
  readonly earlier: Trail | null;
}

/**
 * A place in the run. Each statement goes through one moment before it, one before each step of its
 * procedures, and one after the return of its call.
 */
export interface Moment {
  /** Moments since the start of the scenario; nothing else leads to a moment, so it names it. */
  readonly tick: number;
  /** Index of the statement that comes next, is on its way or has just returned. */
  readonly statement: number;
  /** The state before that statement. */
  readonly before: State;
  /** Its call; null where it has not begun. */
  readonly run: Run | null;
  /** What the call did so far. */
  readonly trail: Trail | null;
}

export function firstMoment({ setup }: Program): Moment {
  return { tick: 0, statement: 0, before: initialState(setup), run: null, trail: null };
}

export function stateOf({ before, run }: Moment): State {
  return run?.state ?? before;
}

/** Whether the statement's call has returned, and the next statement has not been reached. */
export function hasReturned({ run }: Moment): boolean {
  return run !== null && !isRunning(run.state);
}

/** Whether the last statement has returned. */
export function isEnd({ statements }: Program, moment: Moment): boolean {
  return moment.statement === statements.length - 1 && hasReturned(moment);
}

/** The frames of the statement's call, the innermost last; none outside a call. */
export function framesOf(moment: Moment): Task['stack'] {
  return moment.run?.state.tasks[0]?.stack ?? [];
}

/**
 * The moment after this one.
 * @throws Error at the end of the scenario, and where the simulator cannot go on.
 */
export function nextMoment({ statements }: Program, moment: Moment): Moment {
  const tick = moment.tick + 1;
  const { run, trail } = moment;
  if (run === null) {
    const statement = statements[moment.statement];
    if (statement === undefined) throw new Error('the scenario is at its end');
    return { ...moment, tick, run: beginRun(startCall(moment.before, statement.call)) };
  }
  if (hasReturned(moment)) {
    return { tick, statement: moment.statement + 1, before: run.state, run: null, trail: null };
  }
  const { run: next, events } = advance(run);
  return { ...moment, tick, run: next, trail: events.length === 0 ? trail : { events, earlier: trail } };
}

/** The events that the statement's call emitted so far, in order. */
export function eventsOf({ trail }: Moment): readonly TracedEvent[] {
  const steps: (readonly TracedEvent[])[] = [];
  for (let at = trail; at !== null; at = at.earlier) steps.push(at.events);
  return steps.reverse().flat();
}
