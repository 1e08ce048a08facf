/** Orders that a search has found, as the steps that run one after the other. */
import type { TracedEvent } from '../simulator';
import { finish, type KnownSteps } from './finish';
import type { Place, SearchResult } from './search';
import type { Step } from './step';
import { type Movers, withFewerTurns } from './turns';

/** A step of an order. */
export interface OrderedStep {
  /** Indices of the task, and of the call among its calls. */
  readonly task: number;
  readonly call: number;
  readonly procedure: string;
  readonly label: string;
  readonly events: readonly TracedEvent[];
  /** The label of the step that the call runs next; null if it has returned. */
  readonly next: string | null;
}

/** What remains of an order that is only run: where it ends, and what it reported on the way. */
interface Ran {
  readonly row: Int32Array;
  readonly reports: string;
}

/** Runs the steps of tasks from the start; null if one of them is blocked. */
function replay(
  { steps }: Pick<KnownSteps, 'steps'>,
  movers: Movers,
  visit: (mover: number, step: Step, row: Int32Array) => void,
) {
  const row = steps.start();
  for (const mover of movers) {
    const step = steps.next(row, mover);
    if (step?.kind !== 'step') return null;
    steps.apply(row, step);
    visit(mover, step, row);
  }
  return row;
}

/** Where steps lead, with the warnings on the way; null if one of them is blocked. */
function ran(result: SearchResult, movers: Movers): Ran | null {
  const reports: string[] = [];
  const row = replay(result, movers, (_, { events, error }) => {
    if (error !== null) reports.push(error);
    for (const event of events) if (event.type === 'warn' || event.type === 'oops') reports.push(event.text);
  });
  if (row !== null) result.steps.settle(row);
  return row === null ? null : { row, reports: reports.toSorted().join('\n') };
}

/** The steps of the moves to a place. */
function moversTo({ steps, moves, wayTo }: SearchResult, { node, task }: Place): Movers {
  const movers: number[] = [];
  const row = steps.start();
  for (const mover of task === null ? wayTo(node) : [...wayTo(node), task]) {
    moves.make(row, mover, () => movers.push(mover));
  }
  return movers;
}

/** The steps in an order that leads to the same state with fewer changes from task to task. */
function simplified(result: SearchResult, movers: Movers): Movers {
  const goal = ran(result, movers);
  if (goal === null) return movers;
  const isSame = (other: Ran | null) =>
    other !== null && other.reports === goal.reports && other.row.every((part, at) => part === goal.row[at]);
  return withFewerTurns(movers, (other) => isSame(ran(result, other)));
}

/** A call that never ends: indices of the task, and of the call among its calls. */
export interface EndlessCall {
  readonly task: number;
  readonly call: number;
}

/** All steps of a race, in an order. */
export interface Order {
  readonly steps: readonly OrderedStep[];
  /** The calls that run forever in the end. */
  readonly endless: readonly EndlessCall[];
}

/** An order that leads to a place, with few changes from task to task; then all tasks run until they are done or blocked. */
export function orderTo(result: SearchResult, place: Place): Order {
  return orderOf(result, simplified(result, moversTo(result, place)));
}

/**
 * The order in which tasks make their steps; then all tasks run until they are done or blocked.
 * @param movers The tasks, one entry for each step.
 */
export function orderOf(known: KnownSteps, movers: Movers): Order {
  const { steps } = known;
  const order: OrderedStep[] = [];
  const call: number[] = steps.race.tasks.map(() => 0);
  const add = (mover: number, { procedure, label, events, returns }: Step, row: Int32Array) => {
    const next = returns === null ? steps.label(row, mover) : null;
    order.push({ task: mover, call: call[mover] as number, procedure, label, events, next });
    call[mover] = steps.progress(row, mover).call;
  };
  const row = replay(known, movers, add);
  if (row === null) return { endless: [], steps: order };
  const rest = finish(known, row);
  for (const mover of rest.movers) {
    const step = steps.next(row, mover);
    if (step?.kind !== 'step') break;
    steps.apply(row, step);
    add(mover, step, row);
  }
  return { endless: rest.endless.map((task) => ({ task, call: call[task] as number })), steps: order };
}
