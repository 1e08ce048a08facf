/** Orders that a search has found, as the steps that run one after the other. */
import type { TracedEvent } from '../simulator';
import type { Place, SearchResult } from './search';
import type { Step } from './step';

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

/** The tasks whose steps run, one entry for each step. */
type Movers = readonly number[];

/** What remains of an order that is only run: where it ends, and what it reported on the way. */
interface Ran {
  readonly row: Int32Array;
  readonly reports: string;
}

/** What orders need to know of a race. */
type KnownSteps = Pick<SearchResult, 'steps'>;

/** Runs the steps of tasks from the start; null if one of them is blocked. */
function replay(
  { steps }: KnownSteps,
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

/** Consecutive steps of a task. */
interface Turn {
  readonly task: number;
  readonly count: number;
}

function turnsOf(movers: Movers): readonly Turn[] {
  const turns: { task: number; count: number }[] = [];
  for (const task of movers) {
    const last = turns.at(-1);
    if (last?.task === task) last.count++;
    else turns.push({ task, count: 1 });
  }
  return turns;
}

/** The steps with one turn joined to the previous or the next turn of its task; null if there is none. */
function joined(turns: readonly Turn[], at: number, to: 'previous' | 'next'): Movers | null {
  const turn = turns[at] as Turn;
  const isOwn = ({ task }: Turn) => task === turn.task;
  const target =
    to === 'next'
      ? turns.findIndex((other, index) => index > at && isOwn(other))
      : turns.slice(0, at).findLastIndex(isOwn);
  if (target < 0) return null;
  const merged = turns.map((other, index) =>
    index === target ? { ...other, count: other.count + turn.count } : other,
  );
  return merged.toSpliced(at, 1).flatMap(({ task, count }) => new Array<number>(count).fill(task));
}

/** The steps in an order that leads to the same state with fewer changes from task to task. */
function simplified(result: SearchResult, movers: Movers): Movers {
  const goal = ran(result, movers);
  if (goal === null) return movers;
  const isSame = (other: Ran | null) =>
    other !== null && other.reports === goal.reports && other.row.every((part, at) => part === goal.row[at]);
  let best = movers;
  for (let changed = true; changed; ) {
    changed = false;
    const turns = turnsOf(best);
    for (let at = 0; at < turns.length && !changed; at++) {
      for (const to of ['next', 'previous'] as const) {
        const shorter = joined(turns, at, to);
        if (shorter === null || !isSame(ran(result, shorter))) continue;
        best = shorter;
        changed = true;
        break;
      }
    }
  }
  return best;
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
  return { endless: row === null ? [] : finish(known, row, add), steps: order };
}

/** Runs the tasks in turns until they are done or blocked: they may wait for each other. Returns the calls that loop. */
function finish(
  { steps }: KnownSteps,
  row: Int32Array,
  visit: (mover: number, step: Step, row: Int32Array) => void,
): readonly EndlessCall[] {
  const { tasks } = steps.race;
  const endless = new Set<number>();
  for (let turn = 0; turn <= tasks.length; turn++) {
    for (const mover of tasks.keys()) {
      if (endless.has(mover)) continue;
      const steppedTo = Int32Array.from(row);
      const own: Step[] = [];
      // As in a move: a row that comes again means that the task loops.
      const anchor = Int32Array.from(row);
      for (let count = 1; !steps.isDone(steppedTo, mover); count++) {
        const step = steps.next(steppedTo, mover);
        if (step?.kind !== 'step') break;
        steps.apply(steppedTo, step);
        own.push(step);
        if (anchor.every((part, at) => part === steppedTo[at])) {
          endless.add(mover);
          break;
        }
        if ((count & (count - 1)) === 0) anchor.set(steppedTo);
      }
      if (endless.has(mover)) continue;
      for (const step of own) {
        steps.apply(row, step);
        visit(mover, step, row);
      }
    }
  }
  return [...endless].map((task) => ({ task, call: steps.progress(row, task).call }));
}
