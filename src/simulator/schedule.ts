/**
 * The only executor: it decides which statement or suspended call of a scenario runs next. A moment is a value that
 * determines the next moment, so running a scenario is a fold over moments. The outcomes of a scenario, the debugger and
 * the language server's background run all use it, keep the moments that they need, and add no rules.
 *
 * The scenario decides when its statements run, and when its named calls resume. Calls without a name that wait for other
 * calls resume automatically: after each statement, those that can run again are resumed.
 */
import type { TracedEvent } from './machine';
import {
  advance,
  begin,
  isOver,
  nextToResume,
  type Order,
  type Run,
  resume,
  type StepPlace,
  vmAfter,
} from './run';
import type { State, SuspensionReason } from './state';

/** Learns of a step that ran. */
export type OnStep = (step: StepPlace) => void;

/** A statement, as far as its schedule depends on it. */
export interface Scheduled {
  readonly call: Order['call'];
  readonly course: Omit<Order, 'call'>;
}

/** The events of a call, newest first, so that later moments share those of earlier ones. */
export interface Trail {
  readonly events: readonly TracedEvent[];
  readonly earlier: Trail | null;
}

/** A call that is suspended while the scenario runs on. */
export interface SuspendedCall<S extends Scheduled> {
  readonly task: number;
  readonly why: SuspensionReason;
  /** The statement that ran it last. */
  readonly scheduled: S;
  /** Its index in the scenario; null if it is not one of this scenario's statements. */
  readonly statement: number | null;
  /** The states before and after that statement. */
  readonly before: State;
  readonly after: State;
  /** The VM that it worked on when it began or resumed. */
  readonly vmId: number;
  readonly trail: Trail | null;
  /** Whether it resumes automatically when it can. */
  readonly resumesAlone: boolean;
}

/** A call that statements from outside the scenario interrupt. */
export interface Interrupted<S extends Scheduled> {
  readonly moment: Moment<S>;
  readonly statement: S;
  /** Index of the statement before which it resumes. */
  readonly resumesAt: number;
}

/** An automatic resumption of a call that waited. */
export interface Resumption {
  /** Index of the statement after which it resumes. */
  readonly after: number;
  /** Ids of the calls that resumed after that statement and wait again. */
  readonly tried: readonly number[];
}

/**
 * A point of the run. Each statement has one moment before it, one before each step of its procedures, and one after its
 * call has returned or is suspended. If a call resumes automatically, its statement gets more moments.
 */
export interface Moment<S extends Scheduled> {
  /** Number of moments before it, which identifies it. */
  readonly tick: number;
  /** Index of the statement that comes next, is running or has just returned. */
  readonly statement: number;
  /** The statement itself, once its call has begun. */
  readonly scheduled: S | null;
  /** The state before that statement. */
  readonly before: State;
  /** The current VM of the scenario, on which the next statement works. */
  readonly vmId: number;
  /** Whether the statement's call has begun, and whether it has returned or is suspended. */
  readonly phase: 'before' | 'running' | 'over';
  /** The statement's call; null before it begins. */
  readonly run: Run | null;
  /** What the call did so far. */
  readonly trail: Trail | null;
  /** Before a statement: the last moment of the previous one, null at the start. */
  readonly last: Moment<S> | null;
  /** The call that this statement interrupts. */
  readonly interrupted: Interrupted<S> | null;
  /** The suspended calls without the interrupted one, in the order in which they were suspended. */
  readonly suspended: readonly SuspendedCall<S>[];
  /** Set if the statement's call waited and resumed automatically. */
  readonly resumption: Resumption | null;
}

/** The moment before the first statement. @param vmId The VM on which the statement works. */
export function firstMoment<S extends Scheduled>(before: State, vmId = 0): Moment<S> {
  return {
    ...{ tick: 0, statement: 0, scheduled: null, before, vmId, phase: 'before', run: null },
    ...{ trail: null, last: null, interrupted: null, suspended: [], resumption: null },
  };
}

export function stateOf({ before, run }: Pick<Moment<Scheduled>, 'before' | 'run'>): State {
  return run?.state ?? before;
}

/** Whether the statement's call has returned or is suspended, and the next statement has not been reached. */
export function hasReturned({ phase }: Pick<Moment<Scheduled>, 'phase'>): boolean {
  return phase === 'over';
}

/** Whether a call is running. */
export function isUnderWay({ phase }: Pick<Moment<Scheduled>, 'phase'>): boolean {
  return phase === 'running';
}

/** Index of the last statement that was reached; a call that resumes automatically can belong to an earlier one. */
export function reachedBy({ statement, resumption }: Moment<Scheduled>): number {
  return resumption?.after ?? statement;
}

/** The call of the moment, if it is suspended; null if it has returned. */
function suspendedCall<S extends Scheduled>(
  { statement, scheduled, before, trail }: Moment<S>,
  { task, vmId, state, suspended }: Run,
): SuspendedCall<S> | null {
  if (scheduled === null || suspended === null || suspended === 'returned') return null;
  const resumesAlone = !scheduled.course.named && (suspended === 'blocked' || suspended === 'retries');
  return { task, why: suspended, scheduled, statement, before, after: state, vmId, trail, resumesAlone };
}

/** The suspended calls after the call of the moment is over, including that call if it is suspended. */
function suspendedAfter<S extends Scheduled>(moment: Moment<S>, run: Run): readonly SuspendedCall<S>[] {
  if (run.suspended === null && moment.suspended.length === 0) return moment.suspended;
  const own = suspendedCall(moment, run);
  const at = moment.suspended.findIndex(({ task }) => task === run.task);
  // A call that waits again keeps its turn.
  if (own !== null && at >= 0 && moment.resumption !== null) return moment.suspended.with(at, own);
  const others = at < 0 ? moment.suspended : moment.suspended.toSpliced(at, 1);
  return own === null ? others : [...others, own];
}

/** The suspended calls at a moment, including the call of a statement that is over. */
export function suspendedAt<S extends Scheduled>(moment: Moment<S>): readonly SuspendedCall<S>[] {
  const { phase, run, suspended } = moment;
  return phase === 'over' && run !== null ? suspendedAfter(moment, run) : suspended;
}

/** The calls that resumed automatically and must not be tried again until one of them has returned. */
function triedBy({ resumption, run }: Moment<Scheduled>): readonly number[] {
  return resumption === null || run === null || run.suspended === null ? [] : [...resumption.tried, run.task];
}

/** The suspended call that resumes automatically after a moment whose call is over; null if none can. */
function nextResuming<S extends Scheduled>(
  moment: Moment<S>,
  suspended: readonly SuspendedCall<S>[],
): SuspendedCall<S> | null {
  const waiting = suspended.filter(({ resumesAlone }) => resumesAlone);
  if (waiting.length === 0) return null;
  const ids = waiting.map(({ task }) => task);
  const next = nextToResume(stateOf(moment), ids, triedBy(moment));
  return waiting.find(({ task }) => task === next) ?? null;
}

/** Whether the last statement is over and no call resumes automatically. */
export function isEnd<S extends Scheduled>(statements: readonly S[], moment: Moment<S>): boolean {
  const { phase, run } = moment;
  if (phase !== 'over' || run === null || reachedBy(moment) !== statements.length - 1) return false;
  return nextResuming(moment, suspendedAfter(moment, run)) === null;
}

/** The interrupted call resumes, in a state that other calls have changed. */
function continueInterrupted<S extends Scheduled>(
  { moment }: Interrupted<S>,
  to: Pick<Moment<S>, 'tick' | 'statement' | 'suspended'>,
  state: State,
): Moment<S> {
  const { run, interrupted: outer } = moment;
  const shift = to.statement - moment.statement;
  const interrupted = outer && { ...outer, resumesAt: outer.resumesAt + shift };
  return { ...moment, ...to, run: run && { ...run, state }, interrupted, resumption: null };
}

/**
 * What follows a statement that is over: a call that waited and can resume, the call that the statement interrupted, or
 * the next statement.
 */
function afterReturn<S extends Scheduled>(moment: Moment<S>, run: Run): Moment<S> {
  const { vmId, interrupted } = moment;
  const tick = moment.tick + 1;
  const suspended = suspendedAfter(moment, run);
  const resuming = nextResuming(moment, suspended);
  if (resuming !== null && resuming.statement !== null) {
    const { task, statement, scheduled, before, trail } = resuming;
    const resumption = { after: reachedBy(moment), tried: triedBy(moment) };
    return {
      ...{ tick, statement, scheduled, before, vmId, phase: 'running', run: resume(run.state, task) },
      ...{ trail, last: null, interrupted, suspended, resumption },
    };
  }
  const statement = reachedBy(moment) + 1;
  if (interrupted?.resumesAt === statement) {
    return continueInterrupted(interrupted, { tick, statement, suspended }, run.state);
  }
  return {
    ...{ tick, statement, scheduled: null, before: run.state, vmId, phase: 'before', run: null },
    ...{ trail: null, last: moment, interrupted, suspended, resumption: null },
  };
}

/** The moment after steps of its call. */
function withRun<S extends Scheduled>(
  moment: Moment<S>,
  tick: number,
  run: Run,
  trail: Trail | null,
): Moment<S> {
  if (!isOver(run)) {
    // Written out: each step of a run makes one.
    const { statement, scheduled, before, vmId, phase, last, interrupted, suspended, resumption } = moment;
    return {
      tick,
      statement,
      scheduled,
      before,
      vmId,
      phase,
      run,
      trail,
      last,
      interrupted,
      suspended,
      resumption,
    };
  }
  const { scheduled } = moment;
  const vmId = scheduled === null ? moment.vmId : vmAfter(scheduled.call, moment.vmId, run.state);
  return { ...moment, tick, vmId, phase: 'over', run, trail };
}

function trailWith(trail: Trail | null, events: readonly TracedEvent[]): Trail | null {
  return events.length === 0 ? trail : { events, earlier: trail };
}

/**
 * Runs the call of a moment until it is over, like repeated nextMoment() but without a moment for each step. Yields after
 * each step.
 * @param onStep Learns of each step that ran.
 */
export function* endOfCall<S extends Scheduled>(
  moment: Moment<S>,
  onStep?: OnStep,
): Generator<null, Moment<S>> {
  let { tick, run, trail } = moment;
  if (run === null) throw new Error('the call has not begun');
  while (!isOver(run)) {
    const step = advance(run);
    run = step.run;
    trail = trailWith(trail, step.events);
    tick++;
    if (step.ran !== null) onStep?.(step.ran);
    yield null;
  }
  return withRun(moment, tick, run, trail);
}

/**
 * The moment after this one.
 * @throws Error at the end of the scenario, or if a step finds the simulated state inconsistent.
 */
export function nextMoment<S extends Scheduled>(statements: readonly S[], moment: Moment<S>): Moment<S> {
  const tick = moment.tick + 1;
  const { before, vmId, phase, run, trail } = moment;
  if (run === null) {
    const next = statements[moment.statement];
    if (next === undefined) throw new Error('the scenario is at its end');
    const begun = begin(before, vmId, { call: next.call, ...next.course });
    return { ...moment, tick, scheduled: next, last: null, phase: 'running', run: begun };
  }
  if (phase === 'over') return afterReturn(moment, run);
  const { run: next, events } = advance(run);
  return withRun(moment, tick, next, trailWith(trail, events));
}

/** The events of a trail, in order. */
export function eventsIn(trail: Trail | null): readonly TracedEvent[] {
  const steps: (readonly TracedEvent[])[] = [];
  for (let at = trail; at !== null; at = at.earlier) steps.push(at.events);
  const events: TracedEvent[] = [];
  for (const own of steps.reverse()) events.push(...own);
  return events;
}

/** The events that the statement's call emitted so far, in order. */
export function eventsOf({ trail }: Pick<Moment<Scheduled>, 'trail'>): readonly TracedEvent[] {
  return eventsIn(trail);
}

const NO_EVENTS: readonly TracedEvent[] = [];

/** The events of the step from one moment to the next. */
export function eventsBetween(from: Moment<Scheduled>, to: Moment<Scheduled>): readonly TracedEvent[] {
  if (to.trail === null || to.trail === from.trail || hasReturned(from)) return NO_EVENTS;
  // Another call took its turn.
  if (from.run?.task !== to.run?.task) return NO_EVENTS;
  return to.trail.events;
}

/** A suspended call as a moment of its own, before its next step. */
export function suspendedMoment<S extends Scheduled>(moment: Moment<S>, call: SuspendedCall<S>): Moment<S> {
  const { task, scheduled, statement, before, trail } = call;
  const run = { ...resume(stateOf(moment), task), suspended: null };
  return {
    ...moment,
    ...{ statement: statement ?? moment.statement, scheduled, before, phase: 'running', trail, run },
    ...{ last: null, interrupted: null },
  };
}
