/** How an order that has begun goes on: all tasks run until they are done, if they can be. */
import type { Moves } from './moves';
import { Rounds } from './rounds';
import { Rows } from './rows';
import type { Steps } from './steps';
import { type Movers, withFewerTurns } from './turns';

/** What the rest of an order needs to know of a race. */
export interface KnownSteps {
  readonly steps: Steps;
  readonly moves: Moves;
}

/** The rest of an order. */
export interface Rest {
  readonly movers: Movers;
  /** The tasks whose calls run forever in the end. */
  readonly endless: readonly number[];
}

/** How often each task gets a turn: tasks that keep each other from an end could take turns forever. */
const MOST_TURNS = 100;

/** The most states from which the rest is searched for. */
const MOST_STATES = 20_000;

/** The steps that a task makes alone until it is done or blocked, applied to the row; null if it would loop. */
function alone({ steps }: KnownSteps, row: Int32Array, mover: number, rounds: Rounds): number | null {
  let count = 0;
  rounds.begin(row);
  while (!steps.isDone(row, mover)) {
    const step = steps.next(row, mover);
    if (step?.kind !== 'step') break;
    steps.apply(row, step);
    count++;
    if (rounds.isBack(row, steps.parts.taskColumn(mover))) return null;
  }
  return count;
}

/** Runs the tasks in turns: they may wait for each other, and a call that loops may end once another task has moved. */
function inTurns(known: KnownSteps, start: Int32Array): Rest & { readonly isDone: boolean } {
  const { steps } = known;
  const tasks = [...steps.race.tasks.keys()];
  const rounds = new Rounds(steps.width);
  const movers: number[] = [];
  let endless: number[] = [];
  let row = start;
  let hasMoved = true;
  for (let turn = 0; turn < MOST_TURNS && hasMoved; turn++) {
    hasMoved = false;
    endless = [];
    for (const mover of tasks) {
      const after = Int32Array.from(row);
      const count = alone(known, after, mover, rounds);
      if (count === null) endless.push(mover);
      else if (count > 0) {
        hasMoved = true;
        row = after;
        movers.push(...new Array<number>(count).fill(mover));
      }
    }
  }
  return { movers, endless, isDone: tasks.every((task) => steps.isDone(row, task)) };
}

/** Whether all tasks are done after these steps. */
function leadsToEnd({ steps }: KnownSteps, start: Int32Array, movers: Movers): boolean {
  const row = Int32Array.from(start);
  for (const mover of movers) {
    const step = steps.next(row, mover);
    if (steps.isDone(row, mover) || step?.kind !== 'step') return false;
    steps.apply(row, step);
  }
  return [...steps.race.tasks.keys()].every((task) => steps.isDone(row, task));
}

/** Looks for any order in which all tasks are done in the end, depth first; null if there is none or it is too far. */
function anyEnd(known: KnownSteps, start: Int32Array): Movers | null {
  const { steps, moves } = known;
  const tasks = [...steps.race.tasks.keys()];
  const rows = new Rows(steps.width);
  const isNew = (row: Int32Array) => {
    const settled = Int32Array.from(row);
    steps.settle(settled);
    return rows.add(settled) < 0;
  };
  const waysOn = (row: Int32Array) => tasks.filter((task) => !steps.isDone(row, task));
  isNew(start);
  const path = [{ row: start, movers: [] as number[], ways: waysOn(start) }];
  for (let at = path.at(-1); at !== undefined && rows.length < MOST_STATES; at = path.at(-1)) {
    const task = at.ways.shift();
    if (task === undefined) {
      path.pop();
      continue;
    }
    const row = Int32Array.from(at.row);
    const movers: number[] = [];
    moves.make(row, task, () => movers.push(task));
    if (movers.length === 0 || !isNew(row)) continue;
    const left = waysOn(row);
    path.push({ row, movers, ways: left });
    if (left.length === 0) return path.flatMap((part) => part.movers);
  }
  return null;
}

/**
 * The steps with which all tasks get done, with few changes from task to task. If no order does that, the tasks run until
 * the remaining ones are blocked or loop. A task that repeats its calls begins no further round.
 */
export function finish(known: KnownSteps, row: Int32Array): Rest {
  const rest = inTurns(known, row);
  if (rest.isDone) return rest;
  const movers = anyEnd(known, row);
  if (movers === null) return rest;
  return { movers: withFewerTurns(movers, (other) => leadsToEnd(known, row, other)), endless: [] };
}
