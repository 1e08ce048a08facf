import {
  type CompiledStatement,
  explainFailure,
  explainRefusal,
  type Program,
  type Statement,
} from '../language';
import type { Errno } from '../simulator/errno';
import type { RefusedEvent } from '../simulator/events';
import type { TracedEvent } from '../simulator/machine';
import { advance, beginRun, isRunning, startCall } from '../simulator/run';
import { initialState, type State } from '../simulator/state';

/**
 * A scenario run while it is being written: what KVM will refuse, and the state in which each statement
 * finds the machine. It runs in slices, so that typing goes on meanwhile, and stops at a budget.
 */

/** What the writer should know about a statement that ran. */
export interface Remark {
  readonly kind: 'refused' | 'livelock' | 'warn';
  readonly statement: CompiledStatement;
  readonly message: string;
  /** Why KVM refuses; null for the other kinds. */
  readonly reason: RefusedEvent['reason'] | null;
  /** The statement that made the slot in the way. */
  readonly other: { readonly slot: number; readonly statement: Statement } | null;
}

export interface Budget {
  /** Steps of kernel procedures that a scenario gets. */
  readonly steps: number;
  /** Milliseconds that it gets, and after which others get a turn. */
  readonly total: number;
  readonly slice: number;
}

export const TYPING_BUDGET: Budget = { steps: 200_000, total: 2000, slice: 15 };

export interface Rehearsal {
  readonly program: Program;
  /** States before each statement that ran, and after the last of them. */
  readonly states: readonly State[];
  readonly remarks: readonly Remark[];
  /** Why it did not reach the end; null if it did, or has not yet. */
  readonly stopped: 'budget' | 'cancelled' | 'failed' | null;
  /** What the simulator failed with. */
  readonly failure: string | null;
  readonly finished: Promise<void>;
}

interface Progress {
  readonly program: Program;
  readonly states: State[];
  readonly remarks: Remark[];
  /** The statements that gave slots their place. */
  readonly origins: Map<number, Statement>;
  stopped: Rehearsal['stopped'];
  failure: string | null;
}

/** What the call returned if it failed, with the refusal that led to it if there was one. */
function failureOf(events: readonly TracedEvent[]): { errno: Errno; refused: RefusedEvent | null } | null {
  const result = events.findLast((event) => event.type === 'return')?.result ?? 'ok';
  if (result === 'ok') return null;
  const refusals = events.filter((event) => event.type === 'refused');
  return { errno: result, refused: refusals.findLast(({ errno }) => errno === result) ?? null };
}

function remark(progress: Progress, statement: CompiledStatement, events: readonly TracedEvent[]): void {
  const add = (kind: Remark['kind'], message: string) => {
    progress.remarks.push({ kind, statement, message, reason: null, other: null });
  };
  for (const event of events) {
    if (event.type === 'warn') add('warn', event.text);
    if (event.type === 'livelock') add('livelock', 'the kernel would retry for ever: the call never returns');
    if (event.type === 'slot' && event.change !== 'deleted') {
      progress.origins.set(event.slot, statement.statement);
    }
  }
  const failure = failureOf(events);
  if (failure === null) return;
  if (failure.refused === null) {
    const why = explainFailure(statement.call, failure.errno);
    if (why !== null) add('refused', why);
    return;
  }
  const { reason, errno, otherSlot } = failure.refused;
  const origin = otherSlot === undefined ? undefined : progress.origins.get(otherSlot);
  const other = origin === undefined ? null : { slot: otherSlot!, statement: origin };
  const message = explainRefusal(statement.call, errno, failure.refused);
  progress.remarks.push({ kind: 'refused', statement, message, reason, other });
}

/** Runs all statements, pausing after each step. */
function* play(progress: Progress): Generator<void> {
  for (const statement of progress.program.statements) {
    let run = beginRun(startCall(progress.states.at(-1)!, statement.call));
    const events: TracedEvent[] = [];
    while (isRunning(run.state)) {
      const next = advance(run);
      run = next.run;
      events.push(...next.events);
      yield;
    }
    remark(progress, statement, events);
    progress.states.push(run.state);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

async function drive(progress: Progress, isCancelled: () => boolean, budget: Budget): Promise<void> {
  const begin = Date.now();
  let sliceBegin = begin;
  let steps = 0;
  try {
    for (const _ of play(progress)) {
      steps++;
      if (steps >= budget.steps || Date.now() - begin >= budget.total) {
        progress.stopped = 'budget';
        return;
      }
      if (Date.now() - sliceBegin < budget.slice) continue;
      await nextTurn();
      sliceBegin = Date.now();
      if (isCancelled()) {
        progress.stopped = 'cancelled';
        return;
      }
    }
  } catch (error) {
    progress.stopped = 'failed';
    progress.failure = error instanceof Error ? error.message : String(error);
  }
}

/** Starts to run a program. The first slice has been run when this returns. */
export function rehearse(program: Program, isCancelled: () => boolean, budget: Budget): Rehearsal {
  const states = [initialState(program.setup)];
  const progress: Progress = {
    program,
    states,
    remarks: [],
    origins: new Map(),
    stopped: null,
    failure: null,
  };
  const finished = drive(progress, isCancelled, budget);
  return Object.assign(progress, { finished });
}

/** Whether the rehearsal is over: at the end of the program, or stopped. */
export function isOver({ program, states, stopped }: Rehearsal): boolean {
  return stopped !== null || states.length > program.statements.length;
}

/**
 * The states before and after the statement: `after` is null where it did not run. A statement with errors
 * finds the machine as the last statement above it leaves it.
 */
export function statesAround(
  { program, states }: Rehearsal,
  statement: Statement,
): { before: State | null; after: State | null } {
  let low = 0;
  let high = program.statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (program.statements[middle]!.statement.span.start < statement.span.start) low = middle + 1;
    else high = middle;
  }
  const ran = program.statements[low]?.statement === statement;
  return { before: states[low] ?? null, after: ran ? (states[low + 1] ?? null) : null };
}
