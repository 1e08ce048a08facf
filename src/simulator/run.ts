/** Running the calls of a scenario: one step at a time, or to their end. */
import type { Call } from './calls';
import { sameState } from './hash';
import { stepTask, type TracedEvent } from './machine';
import { entryOf } from './procedures';
import type { Locals, State, Task } from './state';

/** The task that a call runs as where no other stands still. */
const TASK = 0;

/** The state in which `request` is about to take its first step, as task `id`. */
export function startCall(state: State, request: Call, id = TASK): State {
  const { procedure, locals } = entryOf(state, request);
  const frame = { procedure, step: 0, locals: locals as Task['stack'][number]['locals'], into: null };
  return { ...state, tasks: [...state.tasks, { id, stack: [frame], signal: false }] };
}

/** Whether a call has been started and has not returned. */
export function isRunning(state: State, task = TASK): boolean {
  return state.tasks.some(({ id }) => id === task);
}

/**
 * A call on its way. A call that comes back to a state it was in before would go round for ever: nothing
 * in a state is hidden. `anchor` is a state to compare with, renewed at each power of two of the steps
 * (Brent's cycle detection), so a loop is noticed after a few rounds.
 */
export interface Run {
  readonly task: number;
  readonly state: State;
  readonly steps: number;
  readonly anchor: State;
}

export function beginRun(state: State, task = TASK): Run {
  return { task, state, steps: 0, anchor: state };
}

/** A call cannot go on: what it waits for is held by one that stands still. */
export class Blocked extends Error {
  constructor(readonly lock: string) {
    super(`the call waits for ${lock}, and nothing else runs`);
  }
}

export interface Advance {
  readonly run: Run;
  readonly events: readonly TracedEvent[];
}

/** Sends the call a signal, as one would from another terminal. */
function interrupt(state: State, id: number): State {
  return {
    ...state,
    tasks: state.tasks.map((task) => (task.id === id ? { ...task, signal: true } : task)),
  };
}

/** The values that a step left, with sequence numbers counted back from `seq`. */
function relative(values: Locals, seq: number): Locals {
  const entries = Object.entries(values).map(([name, value]) => {
    if (name === 'seq' && typeof value === 'number') return [name, value - seq];
    const nested = typeof value === 'object' && value !== null && 'seq' in value;
    return [name, nested ? relative(value as Locals, seq) : value];
  });
  return Object.fromEntries(entries);
}

/** The state as faults see it: how often something was invalidated matters to them only since they began. */
function uncounted(state: State): State {
  const { seq } = state.mmu;
  const stackOf = ({ stack }: Task) =>
    stack.map((frame) => ({ ...frame, locals: relative(frame.locals, seq) }));
  const tasks = state.tasks.map((task) => ({ ...task, stack: stackOf(task) }));
  return { ...state, mmu: { ...state.mmu, seq: 0 }, tasks };
}

/** Whether every task is at the same step of the same procedures. */
function samePlace(a: State, b: State): boolean {
  const sameStack = ({ stack }: Task, other: Task | undefined) =>
    stack.length === other?.stack.length &&
    stack.every(({ procedure, step }, at) => {
      const frame = other.stack[at]!;
      return procedure === frame.procedure && step === frame.step;
    });
  return a.tasks.length === b.tasks.length && a.tasks.every((task, at) => sameStack(task, b.tasks[at]));
}

/** Whether what follows after `state` is what followed after `earlier`. */
function isRepeated(state: State, earlier: State): boolean {
  if (state.mmu.seq === earlier.mmu.seq) return sameState(state, earlier);
  return samePlace(state, earlier) && sameState(uncounted(state), uncounted(earlier));
}

/**
 * Runs the next step. A call that is found to go round for ever gets a signal, and a `livelock` event says
 * so; it then ends by itself.
 * @throws Blocked where the call waits for one that stands still, and Error where no call is running.
 */
export function advance(run: Run): Advance {
  const { task } = run;
  const { state, at, events, blocked } = stepTask(run.state, task);
  if (blocked !== null) throw new Blocked(blocked);
  const steps = run.steps + 1;
  if (isRunning(state, task) && isRepeated(state, run.anchor)) {
    return {
      run: { task, state: interrupt(state, task), steps, anchor: run.anchor },
      events: [...events, { type: 'livelock', ...at }],
    };
  }
  const renew = (steps & (steps - 1)) === 0;
  return { run: { task, state, steps, anchor: renew ? state : run.anchor }, events };
}

/** Runs a call to its end. The last event is its `return`. */
export function runCall(before: State, request: Call): { state: State; events: readonly TracedEvent[] } {
  let run = beginRun(startCall(before, request));
  const all: TracedEvent[] = [];
  while (isRunning(run.state)) {
    const { run: next, events } = advance(run);
    all.push(...events);
    run = next;
  }
  return { state: run.state, events: all };
}
