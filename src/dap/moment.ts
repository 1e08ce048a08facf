/** Moments of a scenario's run: values, each with the machine's whole state, each leading to the next. */
import type { CompiledStatement, Program } from '../language';
import { type Around, aroundCall } from '../outcome';
import {
  advance,
  begin,
  goOn,
  initialState,
  isOver,
  nextToGoOn,
  type Run,
  type State,
  type Task,
  type TracedEvent,
  vmAfter,
  vmIdOfNextStep,
} from '../simulator';

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

/** A call that stands still while the scenario goes on. */
export interface Standing {
  readonly task: number;
  /** The statement that ran it last. */
  readonly compiled: CompiledStatement;
  /** Its index in the program; null where it is of a run that the branch came off. */
  readonly statement: number | null;
  readonly around: Around;
  readonly trail: Trail | null;
  /** Whether it goes on by itself, once it can. */
  readonly byItself: boolean;
}

/** A call goes on by itself, which waited for another. */
export interface Late {
  /** Index of the statement after which it does. */
  readonly after: number;
  /** The calls that went on after it, and still wait. */
  readonly tried: readonly number[];
}

/**
 * A place in the run. Each statement goes through one moment before it, one before each step of its
 * procedures, and one after the return of its call, or where that stands still. One whose call waited without a name goes
 * through further moments when it goes on.
 */
export interface Moment {
  /** Moments since the start of the timeline; nothing else leads to a moment, so it names it. */
  readonly tick: number;
  /** Index of the statement that comes next, is on its way or has just returned. */
  readonly statement: number;
  /** The statement itself, once its call has begun. */
  readonly compiled: CompiledStatement | null;
  /** The state before that statement. */
  readonly before: State;
  /** The VM that the scenario is at: that statement, where it has not begun, is for it. */
  readonly vmId: number;
  /** Its call; null where it has not begun. */
  readonly run: Run | null;
  /** What the call did so far. */
  readonly trail: Trail | null;
  /** The end of the statement before it, where it has not begun; null at the start. */
  readonly last: Moment | null;
  /** The call in the middle of which this statement was typed. */
  readonly interrupted: Interrupted | null;
  /** The calls that stand still, but not the one that is interrupted. */
  readonly standing: readonly Standing[];
  /** Where the statement's call waited, and goes on by itself. */
  readonly late: Late | null;
}

export function firstMoment({ setup }: Program): Moment {
  return {
    tick: 0,
    statement: 0,
    compiled: null,
    before: initialState(setup),
    vmId: 0,
    run: null,
    trail: null,
    last: null,
    interrupted: null,
    standing: [],
    late: null,
  };
}

export function stateOf({ before, run }: Moment): State {
  return run?.state ?? before;
}

/** The VM that the next step works on; where none is on its way, the one that the scenario is at. */
export function vmIdAt(moment: Moment): number {
  const { run, vmId } = moment;
  const task = hasReturned(moment) ? undefined : run?.state.tasks.find(({ id }) => id === run.task);
  return task === undefined ? vmId : vmIdOfNextStep(task);
}

/** The states around what the statement did so far, and the VM that it affects. */
export function aroundOf(moment: Moment): Around {
  const { compiled, before, run, vmId } = moment;
  return aroundCall(compiled?.call ?? null, before, stateOf(moment), run?.vmId ?? vmId);
}

/** Whether the statement's call has returned or stands still, and the next statement has not been reached. */
export function hasReturned({ run }: Moment): boolean {
  return run !== null && isOver(run);
}

/** Whether a call is on its way. */
export function isUnderWay(moment: Moment): boolean {
  return moment.run !== null && !hasReturned(moment);
}

/** Index of the last statement that was reached: a call that goes on by itself may be of one before it. */
export function reachedBy({ statement, late }: Moment): number {
  return late?.after ?? statement;
}

/** The frames of the statement's call, the innermost last; none outside a call, and where it stands still by now. */
export function framesOf(moment: Moment): Task['stack'] {
  const { run } = moment;
  if (hasReturned(moment)) return [];
  return run?.state.tasks.find(({ id }) => id === run.task)?.stack ?? [];
}

/** What a call did that stands still now; null where it has returned. */
function standingOf(program: Program, moment: Moment, { task, still }: Run): Standing | null {
  if (still === null || still === 'returned') return null;
  const { statement, trail } = moment;
  const compiled = program.statements[statement]!;
  const around = aroundOf(moment);
  const byItself = !compiled.course.named && (still === 'waits' || still === 'retries');
  return { task, compiled, statement, around, trail, byItself };
}

/** The calls that stand still once that of the moment is over. */
function standingAfter(program: Program, moment: Moment, run: Run): readonly Standing[] {
  const others = moment.standing.filter(({ task }) => task !== run.task);
  const own = standingOf(program, moment, run);
  if (own === null) return others;
  // One that waits again keeps its place among those that wait.
  const at = moment.late === null ? -1 : moment.standing.findIndex(({ task }) => task === run.task);
  return at < 0 ? [...others, own] : moment.standing.with(at, own);
}

/** Of those that went on by themselves after a statement, the ones that may not be tried again. */
function triedBy({ late, run }: Moment): readonly number[] {
  return late === null || run === null || run.still === null ? [] : [...late.tried, run.task];
}

/** The call that goes on by itself after the one at hand, which is over; null where none can. */
function nextLate(moment: Moment, standing: readonly Standing[]): Standing | null {
  const ids = standing.filter(({ byItself }) => byItself).map(({ task }) => task);
  const next = nextToGoOn(stateOf(moment), ids, triedBy(moment));
  return standing.find(({ task }) => task === next) ?? null;
}

/** Whether the last statement has returned, and no call goes on by itself any more. */
export function isEnd(program: Program, moment: Moment): boolean {
  const { run } = moment;
  if (run === null || !isOver(run) || reachedBy(moment) !== program.statements.length - 1) return false;
  return nextLate(moment, standingAfter(program, moment, run)) === null;
}

/** The call goes on where it was, in a state that others have changed meanwhile. */
function resume(
  { moment }: Interrupted,
  to: Pick<Moment, 'tick' | 'statement' | 'standing'>,
  state: State,
): Moment {
  const { run, interrupted: outer } = moment;
  const shift = to.statement - moment.statement;
  const interrupted = outer && { ...outer, resumesAt: outer.resumesAt + shift };
  return { ...moment, ...to, run: run && { ...run, state }, interrupted, late: null };
}

/**
 * What follows a statement that is over: a call that waited and can go on, the call that the statement interrupted, or
 * the next statement.
 */
function afterReturn(program: Program, moment: Moment, run: Run): Moment {
  const { interrupted } = moment;
  const tick = moment.tick + 1;
  const standing = standingAfter(program, moment, run);
  const late = nextLate(moment, standing);
  if (late !== null && late.statement !== null) {
    const { statement, compiled } = late;
    const from = { statement, compiled, before: late.around.before, trail: late.trail };
    const again = { after: reachedBy(moment), tried: triedBy(moment) };
    return { ...moment, tick, ...from, run: goOn(run.state, late.task), last: null, standing, late: again };
  }
  const statement = reachedBy(moment) + 1;
  if (interrupted?.resumesAt === statement) {
    return resume(interrupted, { tick, statement, standing }, run.state);
  }
  const fresh = { compiled: null, run: null, trail: null, last: moment, late: null };
  return { tick, statement, before: run.state, vmId: moment.vmId, interrupted, standing, ...fresh };
}

/**
 * The moment after this one.
 * @throws Error at the end of the program and where the simulator cannot go on.
 */
export function nextMoment(program: Program, moment: Moment): Moment {
  const tick = moment.tick + 1;
  const { before, run, trail } = moment;
  if (run === null) {
    const statement = program.statements[moment.statement];
    if (statement === undefined) throw new Error('the scenario is at its end');
    const { call, course } = statement;
    return {
      ...moment,
      tick,
      compiled: statement,
      last: null,
      run: begin(before, moment.vmId, { call, ...course }),
    };
  }
  if (hasReturned(moment)) return afterReturn(program, moment, run);
  const { run: next, events } = advance(run);
  const later = events.length === 0 ? trail : { events, earlier: trail };
  // A call that waited and goes on is of an earlier statement, and leads nowhere.
  const { call } = program.statements[moment.statement]!;
  const vmId = isOver(next) ? vmAfter(call, moment.vmId, next.state) : moment.vmId;
  return { ...moment, tick, run: next, vmId, trail: later };
}

/** The events that the statement's call emitted so far, in order. */
export function eventsOf({ trail }: Moment): readonly TracedEvent[] {
  return eventsIn(trail);
}

/** The events of a trail, in order. */
export function eventsIn(trail: Trail | null): readonly TracedEvent[] {
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

/** A call that stands still, as a moment of its own: seen by its VM, before its next step. */
function standingMoment(moment: Moment, { task, compiled, statement, around, trail }: Standing): Moment {
  const run = { ...goOn(stateOf(moment), task), still: null };
  return {
    ...moment,
    statement: statement ?? moment.statement,
    compiled,
    before: around.before,
    trail,
    run,
    last: null,
    interrupted: null,
  };
}

/** The call stack of a call that stands still, the outermost entry first. */
export function levelsOfStanding(moment: Moment, standing: Standing): readonly Level[] {
  return levelsOfCall(standingMoment(moment, standing), standing.compiled);
}

/** How many entries the call stack has. */
export function depthOf(moment: Moment): number {
  const { interrupted } = moment;
  return (interrupted === null ? 0 : depthOf(interrupted.moment)) + 1 + framesOf(moment).length;
}
