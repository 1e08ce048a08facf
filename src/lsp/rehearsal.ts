import type { Program, Statement } from '../language';
import type { TracedEvent } from '../simulator/machine';
import { advance, beginRun, isRunning, startCall } from '../simulator/run';
import { initialState, type State } from '../simulator/state';
import { type Origin, originsIn, type Remark, remarksOn } from './remarks';
import { unchangedStatements } from './unchanged';

/**
 * A scenario run while it is being written: what KVM will refuse, and the state in which each statement
 * finds the machine. It runs in slices, so that typing goes on meanwhile, and stops at a budget. What was
 * run before the text was last changed is not run again.
 */

export interface Budget {
  /** Steps of kernel procedures that a scenario gets. */
  readonly steps: number;
  /** Milliseconds that it gets. */
  readonly total: number;
  /** Milliseconds after which others get a turn. */
  readonly slice: number;
}

export const TYPING_BUDGET: Budget = { steps: 200_000, total: 2000, slice: 15 };

export interface Rehearsal {
  readonly program: Program;
  /** States before each statement that ran, and after the last of them. */
  readonly states: readonly State[];
  /** In the order of the statements. */
  readonly remarks: readonly Remark[];
  readonly origins: readonly Origin[];
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
  readonly origins: Origin[];
  stopped: Rehearsal['stopped'];
  failure: string | null;
}

/** Begins with what an earlier rehearsal knows about the statements that have stayed as they were. */
function begin(program: Program, earlier: Rehearsal | undefined): Progress {
  const same = earlier === undefined ? 0 : unchangedStatements(earlier.program, program);
  const progress: Progress = {
    program,
    states: [initialState(program.setup)],
    remarks: [],
    origins: [],
    stopped: null,
    failure: null,
  };
  if (earlier === undefined || same === 0) return progress;
  const ran = Math.min(same, earlier.states.length - 1);
  return {
    ...progress,
    states: earlier.states.slice(0, ran + 1),
    remarks: earlier.remarks.filter(({ index }) => index < ran),
    origins: earlier.origins.filter(({ index }) => index < ran),
  };
}

/** Runs the statements that have not run yet, pausing after each step. */
function* play({ program, states, remarks, origins }: Progress): Generator<void> {
  for (let index = states.length - 1; index < program.statements.length; index++) {
    const statement = program.statements[index]!;
    let run = beginRun(startCall(states[index]!, statement.call));
    const events: TracedEvent[] = [];
    while (isRunning(run.state)) {
      const next = advance(run);
      run = next.run;
      events.push(...next.events);
      yield;
    }
    remarks.push(...remarksOn(index, statement, events, origins));
    origins.push(...originsIn(index, events));
    states.push(run.state);
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

async function drive(progress: Progress, isCancelled: () => boolean, budget: Budget): Promise<void> {
  const start = Date.now();
  let sliceStart = start;
  let steps = 0;
  try {
    for (const _ of play(progress)) {
      steps++;
      if (steps >= budget.steps || Date.now() - start >= budget.total) {
        progress.stopped = 'budget';
        return;
      }
      if (Date.now() - sliceStart < budget.slice) continue;
      await nextTurn();
      sliceStart = Date.now();
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

/**
 * Starts to run a program. The first slice has been run when this returns.
 * @param earlier A rehearsal of the text before it was changed.
 */
export function rehearse(
  program: Program,
  isCancelled: () => boolean,
  budget: Budget,
  earlier?: Rehearsal,
): Rehearsal {
  const progress = begin(program, earlier);
  const finished = drive(progress, isCancelled, budget);
  return Object.assign(progress, { finished });
}

/** Whether the rehearsal is over: at the end of the program, or stopped. */
export function isOver({ program, states, stopped }: Rehearsal): boolean {
  return stopped !== null || states.length > program.statements.length;
}

/** Index of the first statement of the program that does not begin before `statement`. */
function indexOf({ statements }: Program, { span }: Statement): number {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (statements[middle]!.statement.span.start < span.start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The states before and after the statement: `after` is null where it did not run. A statement with errors
 * finds the machine as the last statement above it leaves it.
 */
export function statesAround(
  { program, states }: Rehearsal,
  statement: Statement,
): { before: State | null; after: State | null } {
  const index = indexOf(program, statement);
  const ran = program.statements[index]?.statement === statement;
  return { before: states[index] ?? null, after: ran ? (states[index + 1] ?? null) : null };
}

/** Errno and reason, where KVM refused the statement; null where it did not, or the statement did not run. */
export function refusalOf({ program, remarks }: Rehearsal, statement: Statement): string | null {
  const index = indexOf(program, statement);
  if (program.statements[index]?.statement !== statement) return null;
  return remarks.find((remark) => remark.kind === 'refused' && remark.index === index)?.message ?? null;
}
