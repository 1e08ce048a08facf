/**
 * Running the calls of a scenario, one step at a time, until they return or are suspended. A suspended call remains a
 * task of the state while other calls run. `schedule.ts` decides which call runs next.
 */
import type { Call } from './calls';
import { cycleThrough, othersCanGoOn, titlesOf } from './deadlock';
import type { SuspendedEvent } from './events';
import { isRepeated } from './livelock';
import type { TracedEvent } from './machine';
import { vmIdOfNextStep, vmOf } from './model/vms';
import type { Wait } from './procedure';
import { entryOf } from './procedures';
import type { State, SuspensionReason, Task } from './state';
import { nextStep, stepTask, taskOf, waitOf } from './step-task';

/** What a statement of a scenario asks for. */
export interface Order {
  /** The call that it begins or resumes. */
  readonly call: Call;
  /** The name of the call, or the text of its statement if it has none. */
  readonly title: string;
  /** Whether the scenario named the call; if so, the scenario also decides when it resumes. */
  readonly named: boolean;
  /** Label of the step before which it is suspended; null if it runs until it returns. */
  readonly until: string | null;
  /** Whether it resumes the call with that title instead of beginning one. */
  readonly continues: boolean;
  /** Whether it works page by page, because other calls may run in the middle of it; default: if it can be suspended. */
  readonly pagewise?: boolean;
}

/**
 * A call that has begun. The state determines the next step, so a call that returns to an earlier state would loop
 * forever. `anchor` is the state to compare with, replaced whenever the number of steps is a power of two (Brent's cycle
 * detection), so a loop is found after a few rounds.
 */
export interface Run {
  readonly task: number;
  /** The VM that the call works on when it begins or resumes. */
  readonly vmId: number;
  readonly state: State;
  readonly steps: number;
  readonly anchor: State;
  /** Label of the step before which it is suspended. */
  readonly until: string | null;
  /** State in which the call was found to loop. It is suspended when it holds no lock, or after one round. */
  readonly round: State | null;
  /** The call was suspended before; its first step is the one before which it was suspended. */
  readonly resumed: boolean;
  /** Why it is over before the call has returned. */
  readonly suspended: SuspensionReason | 'returned' | null;
}

function freeTask({ tasks }: State): number {
  return tasks.reduce((free, { id }) => Math.max(free, id + 1), 0);
}

function withTask(state: State, task: Task): State {
  return { ...state, tasks: state.tasks.map((other) => (other.id === task.id ? task : other)) };
}

/** The state with a new task for `request`, before its first step, on the VM `vmId`. */
export function startCall(
  state: State,
  vmId: number,
  request: Call,
  title = 'the call',
  id = freeTask(state),
  pagewise = false,
): State {
  const { procedure, locals } = entryOf(vmOf(state, vmId), request);
  const frame = { procedure, step: 0, locals: locals as Task['stack'][number]['locals'], into: null, vmId };
  const vcpu = 'vcpu' in request ? request.vcpu : null;
  const task: Task = { id, title, vcpu, vmId, suspended: null, stack: [frame], signal: false, pagewise };
  return { ...state, tasks: [...state.tasks, task] };
}

function beginRun(state: State, vmId: number, task: number, more: Partial<Run> = {}): Run {
  const fresh = { steps: 0, until: null, round: null, resumed: false, suspended: null };
  return { task, vmId, state, anchor: state, ...fresh, ...more };
}

/** A suspended call resumes. */
export function resume(state: State, id: number, until: string | null = null): Run {
  const task = taskOf(state, id);
  const running = withTask(state, { ...task, suspended: null });
  return beginRun(running, vmIdOfNextStep(task), id, { until, resumed: true });
}

/** Begins or resumes the call of a statement; a new call works on the VM `vmId`. */
export function begin(state: State, vmId: number, order: Order): Run {
  const { call, title, named, until, continues, pagewise = named || until !== null } = order;
  if (!continues) {
    const task = freeTask(state);
    const started = startCall(state, vmId, call, title, task, pagewise);
    return beginRun(started, vmId, task, { until });
  }
  const standing = state.tasks.findLast((task) => task.title === title && task.suspended !== null);
  return standing === undefined ? beginRun(state, vmId, -1) : resume(state, standing.id, until);
}

/**
 * The call that resumes automatically: of the calls that no statement resumes, the first whose lock is free, or that
 * retried endlessly and may succeed now.
 * @param waiting Ids of these calls, in the order in which they began to wait.
 * @param tried Those that resumed since the last statement, or the last return of one of them, and are suspended again.
 */
export function nextToResume(
  state: State,
  waiting: readonly number[],
  tried: readonly number[],
): number | null {
  const isReady = (id: number) => taskOf(state, id).suspended === 'retries' || waitOf(state, id) === null;
  return waiting.find((id) => !tried.includes(id) && isReady(id)) ?? null;
}

/** The VM that the statements after a call work on: `vm` and `switch` change it. */
export function vmAfter(request: Call, vmId: number, { vms }: State): number {
  switch (request.kind) {
    case 'vm':
      return vms.length - 1;
    case 'switch':
      return request.vm < vms.length ? request.vm : vmId;
    default:
      return vmId;
  }
}

/** Whether the call has returned, or is suspended. */
export function isOver({ state, task, suspended }: Run): boolean {
  return suspended !== null || (task >= 0 && !isRunning(state, task));
}

/** Whether a call has been started and has not returned. */
export function isRunning(state: State, task = 0): boolean {
  return state.tasks.some(({ id }) => id === task);
}

export interface Advance {
  readonly run: Run;
  readonly events: readonly TracedEvent[];
  /** The step that ran; null if the call was suspended before it. */
  readonly ran: StepPlace | null;
}

/** Sends the call a signal, as one would from another terminal. */
function interrupt(state: State, id: number): State {
  return withTask(state, { ...taskOf(state, id), signal: true });
}

/** The call is suspended from now on. */
function suspend(run: Run, why: SuspensionReason, event: SuspendedEvent): Advance {
  const task = taskOf(run.state, run.task);
  const at = nextStep(run.state, task);
  return {
    run: { ...run, state: withTask(run.state, { ...task, suspended: why }), suspended: why },
    events: [{ ...event, ...at }],
    ran: null,
  };
}

function block(run: Run, { lock, holders }: Wait): Advance {
  const cycle = cycleThrough(run.state, run.task, { lock, holders });
  if (cycle !== null) return suspend(run, 'deadlock', { type: 'suspended', why: 'deadlock', lock, cycle });
  const titles = titlesOf(run.state, holders);
  return suspend(run, 'blocked', { type: 'suspended', why: 'blocked', lock, holders: titles });
}

/**
 * Handles a call that returned to an earlier state. If another call can make progress, this call is suspended, if
 * possible at a step of the loop where it holds no lock. Otherwise it would loop forever, and gets a signal.
 */
function repeat(run: Run, events: readonly TracedEvent[], at: StepPlace): Advance {
  const others = othersCanGoOn(run.state, run.task);
  if (others.length === 0) {
    const state = interrupt(run.state, run.task);
    return { run: { ...run, state }, events: [...events, { type: 'livelock', ...at }], ran: at };
  }
  const isFree = run.state.locks.every(({ task }) => task !== run.task);
  if (!isFree && run.round === null) return { run: { ...run, round: run.state }, events, ran: at };
  const stopped = suspend(run, 'retries', { type: 'suspended', why: 'retries', others });
  return { ...stopped, events: [...events, ...stopped.events], ran: at };
}

/** Whether a call that loops has reached a step where it holds no lock, or has completed a round. */
function isRoundOver({ round, task }: Run, state: State): boolean {
  if (round === null) return false;
  return state.locks.every((held) => held.task !== task) || isRepeated(state, round);
}

/** A step of a kernel. */
export interface StepPlace {
  readonly procedure: string;
  readonly label: string;
}

/**
 * Runs the next step, or suspends the call before it: at the step that its statement names, or because of other calls. A
 * call that would loop forever gets a signal, which a `livelock` event reports, and then returns.
 * @throws Error if the call is over.
 */
export function advance(run: Run): Advance {
  const { task, until, resumed } = run;
  if (task < 0) {
    const nowhere = { procedure: '', label: '' };
    return {
      run: { ...run, suspended: 'returned' },
      events: [{ type: 'suspended', why: 'returned', ...nowhere }],
      ran: null,
    };
  }
  const leaves = resumed && run.steps === 0;
  if (until !== null && !leaves && nextStep(run.state, taskOf(run.state, task)).label === until) {
    return suspend(run, 'suspended', { type: 'suspended', why: 'suspended', step: until });
  }
  const { state, at, events, blocked } = stepTask(run.state, task);
  if (blocked !== null) return block(run, blocked);
  const steps = run.steps + 1;
  const next: Run = { ...run, state, steps };
  if (!isRunning(state, task)) return { run: next, events, ran: at };
  if (run.round === null ? isRepeated(state, run.anchor) : isRoundOver(run, state)) {
    return repeat(next, events, at);
  }
  const renew = (steps & (steps - 1)) === 0;
  return { run: renew ? { ...next, anchor: state } : next, events, ran: at };
}

/** Runs a call until it returns or is suspended. If it returns, its last event is `return`. */
export function runCall(
  before: State,
  vmId: number,
  request: Call,
): { state: State; events: readonly TracedEvent[] } {
  let run = begin(before, vmId, {
    call: request,
    title: 'the call',
    named: false,
    until: null,
    continues: false,
  });
  const all: TracedEvent[] = [];
  while (!isOver(run)) {
    const { run: next, events } = advance(run);
    all.push(...events);
    run = next;
  }
  return { state: run.state, events: all };
}
