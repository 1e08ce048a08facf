/** Moments of a scenario's run: values, each with the machine's whole state, each leading to the next. */
import type { CompiledStatement, Program } from '../language';
import type { TracedEvent } from '../simulator/machine';
import { switchToId } from '../simulator/model/vms';
import { advance, beginRun, isRunning, type Run, startCall } from '../simulator/run';
import { initialState, type State, type Task } from '../simulator/state';

/** The events of a call, newest first, so that later moments share those of earlier ones. */
export interface Trail {
  readonly events: readonly TracedEvent[];
  readonly earlier: Trail | null;
}

/** A call that stands still while statements run that were typed in the middle of it. */
export interface Interrupted {
  readonly moment: Moment;
  readonly statement: CompiledStatement;
  /** Index of the statement in the program at hand: it goes on when that is reached. */
  readonly resumesAt: number;
}

/**
 * A place in the run. Each statement goes through one moment before it, one before each step of its
 * procedures, and one after the return of its call.
 */
export interface Moment {
  /** Moments since the start of the timeline; nothing else leads to a moment, so it names it. */
  readonly tick: number;
  /** Index of the statement that comes next, is on its way or has just returned. */
  readonly statement: number;
  /** The state before that statement. */
  readonly before: State;
  /** Its call; null where it has not begun. */
  readonly run: Run | null;
  /** What the call did so far. */
  readonly trail: Trail | null;
  /** The end of the statement before it, where it has not begun; null at the start. */
  readonly last: Moment | null;
  /** The call in the middle of which this statement was typed. */
  readonly interrupted: Interrupted | null;
}

export function firstMoment({ setup }: Program): Moment {
  return {
    tick: 0,
    statement: 0,
    before: initialState(setup),
    run: null,
    trail: null,
    last: null,
    interrupted: null,
  };
}

export function stateOf({ before, run }: Moment): State {
  return run?.state ?? before;
}

/** Whether the statement's call has returned, and the next statement has not been reached. */
export function hasReturned({ run }: Moment): boolean {
  return run !== null && !isRunning(run.state, run.task);
}

/** Whether a call is on its way. */
export function isUnderWay(moment: Moment): boolean {
  return moment.run !== null && !hasReturned(moment);
}

/** Whether the last statement has returned. */
export function isEnd({ statements }: Program, moment: Moment): boolean {
  return moment.statement === statements.length - 1 && hasReturned(moment);
}

/** The frames of the statement's call, the innermost last; none outside a call. */
export function framesOf({ run }: Moment): Task['stack'] {
  return run?.state.tasks.find(({ id }) => id === run.task)?.stack ?? [];
}

/** A task's number that no call has that stands still. */
function freeTask({ tasks }: State): number {
  return tasks.reduce((free, { id }) => Math.max(free, id + 1), 0);
}

/** The call goes on where it was, for its own VM, in a state that others have changed meanwhile. */
function resume({ moment }: Interrupted, tick: number, statement: number, after: State): Moment {
  const { run, interrupted: outer } = moment;
  const shift = statement - moment.statement;
  const interrupted = outer && { ...outer, resumesAt: outer.resumesAt + shift };
  const state = switchToId(after, stateOf(moment).vmId);
  return { ...moment, tick, statement, run: run && { ...run, state }, interrupted };
}

/** What follows a statement that has returned: the call that it interrupted, or the next statement. */
function afterReturn(moment: Moment, { state }: Run): Moment {
  const { interrupted } = moment;
  const tick = moment.tick + 1;
  const statement = moment.statement + 1;
  if (interrupted?.resumesAt === statement) return resume(interrupted, tick, statement, state);
  return { tick, statement, before: state, run: null, trail: null, last: moment, interrupted };
}

/**
 * The moment after this one.
 * @throws Blocked where the call waits for one that stands still, and Error at the end of the program and where the
 * simulator cannot go on.
 */
export function nextMoment({ statements }: Program, moment: Moment): Moment {
  const tick = moment.tick + 1;
  const { before, run, trail } = moment;
  if (run === null) {
    const statement = statements[moment.statement];
    if (statement === undefined) throw new Error('the scenario is at its end');
    const task = freeTask(before);
    return { ...moment, tick, last: null, run: beginRun(startCall(before, statement.call, task), task) };
  }
  if (hasReturned(moment)) return afterReturn(moment, run);
  const { run: next, events } = advance(run);
  return { ...moment, tick, run: next, trail: events.length === 0 ? trail : { events, earlier: trail } };
}

/** The events that the statement's call emitted so far, in order. */
export function eventsOf({ trail }: Moment): readonly TracedEvent[] {
  const steps: (readonly TracedEvent[])[] = [];
  for (let at = trail; at !== null; at = at.earlier) steps.push(at.events);
  return steps.reverse().flat();
}

const NO_EVENTS: readonly TracedEvent[] = [];

/** The events of the step from one moment to the next. */
export function eventsBetween(from: Moment, to: Moment): readonly TracedEvent[] {
  if (to.trail === null || to.trail === from.trail || hasReturned(from)) return NO_EVENTS;
  return to.trail.events;
}

/** One entry of the call stack: a statement, or a procedure that its call is in. */
export interface Level {
  /** The moment that it belongs to: the one at hand, or one that stands still under it. */
  readonly moment: Moment;
  readonly statement: CompiledStatement;
  /** Null for the statement itself. */
  readonly frame: Task['stack'][number] | null;
  /** Whether its own step comes next: the others have made a call, or were interrupted. */
  readonly next: boolean;
}

/** The entries of one call. */
function levelsOfCall(moment: Moment, statement: CompiledStatement): readonly Level[] {
  const frames = framesOf(moment);
  const levels = [null, ...frames].map((frame, at) => ({
    moment,
    statement,
    frame,
    next: at === frames.length,
  }));
  const { interrupted } = moment;
  return interrupted === null
    ? levels
    : [...levelsOfCall(interrupted.moment, interrupted.statement), ...levels];
}

/** The call stack, the outermost first. */
export function levelsOf({ statements }: Program, moment: Moment): readonly Level[] {
  return levelsOfCall(moment, statements[moment.statement]!);
}

/** How many entries the call stack has. */
export function depthOf(moment: Moment): number {
  const { interrupted } = moment;
  return (interrupted === null ? 0 : depthOf(interrupted.moment)) + 1 + framesOf(moment).length;
}
