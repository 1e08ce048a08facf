/** Turns a race into scenarios that tell an order of its calls: at each pair of their points, and at random. */
import type { CompiledStatement, Program } from '../../src/language';
import {
  elementAt,
  firstMoment,
  initialState,
  isEnd,
  nextMoment,
  nextStep,
  type State,
  startCall,
  stateOf,
  stepTask,
  taskOf,
} from '../../src/simulator';
import { isRealKernel } from '../catalogue';
import { hasPoint, POINT_LABELS } from '../points/table';
import { type Ending, turnsOf } from './endings';

type Race = NonNullable<Program['race']>;

/** A told order, and for each call of the race the statements that run it. */
export interface ToldOrder {
  readonly program: Program;
  /** Indices into the program's statements; the first starts the call. */
  readonly calls: readonly (readonly number[])[];
}

/** Steps after which a call is taken to loop when it runs alone. */
const MOST_STEPS = 3000;
const MOST_TURNS = 24;

/** The state in which the race begins. */
function stateAtRace({ setup, statements }: Program, { start }: Race): State {
  const above = statements.slice(0, start);
  let moment = firstMoment<CompiledStatement>(initialState(setup));
  while (above.length > 0 && !isEnd(above, moment)) moment = nextMoment(above, moment);
  return stateOf(moment);
}

/** The labels with a point that a call reaches if it runs alone, in order. */
function labelsOf(
  state: State,
  { call }: CompiledStatement,
  has: (label: string) => boolean,
): readonly string[] {
  const labels = new Set<string>();
  const known = new Set(state.tasks.map(({ id }) => id));
  let running = startCall(state, 0, call, 'the call');
  const task = running.tasks.find(({ id }) => !known.has(id));
  if (task === undefined) return [];
  for (let steps = 0; steps < MOST_STEPS && running.tasks.some(({ id }) => id === task.id); steps++) {
    const { label } = nextStep(running, taskOf(running, task.id));
    if (has(label)) labels.add(label);
    const done = stepTask(running, task.id);
    if (done.blocked !== null) break;
    running = done.state;
  }
  return [...labels];
}

/** A turn: the call of a task begins or continues, up to a label or until it ends. */
interface Choice {
  readonly task: number;
  readonly until: string | null;
}

/** The next choice of an order; null if it has no wish. */
type Chooser = (turn: number, open: readonly number[]) => Choice | null;

/** How the last turn of each statement ended. */
function endings(program: Program): ReadonlyMap<number, Ending> {
  return new Map(turnsOf(program).map(({ statement, ending }) => [statement, ending]));
}

/** Builds an order turn by turn. The simulator says which calls have returned; what is left over runs until it returns. */
function orderOf(program: Program, race: Race, choose: Chooser): ToldOrder {
  const above = program.statements.slice(0, race.start);
  const statements: CompiledStatement[] = [...above];
  const calls: number[][] = Array.from({ length: race.end - race.start }, () => []);
  /** The next call of each task, and whether it has begun. */
  const next = race.tasks.map(({ start }) => start);
  const told = (): Program => ({ ...program, race: null, statements });
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const ended = endings(told());
    for (const [task, { end }] of race.tasks.entries()) {
      const at = elementAt(next, task);
      const last = calls[at - race.start]?.at(-1);
      const ending = last === undefined ? null : ended.get(last);
      if (at < end && (ending === 'r' || ending === 'l')) next[task] = at + 1;
    }
    const open = race.tasks.flatMap(({ end }, task) => (elementAt(next, task) < end ? [task] : []));
    if (open.length === 0) break;
    const wish = choose(turn, open);
    const { task, until } = wish ?? { task: elementAt(open, turn % open.length), until: null };
    if (!open.includes(task)) continue;
    const at = elementAt(next, task);
    const own = elementAt(calls, at - race.start);
    const original = elementAt(program.statements, at);
    const course = { title: `call ${at}`, named: true, until, continues: own.length > 0 };
    own.push(statements.length);
    statements.push({ ...original, course, race: null, expected: null, quantified: [] });
  }
  return { program: told(), calls };
}

/** A generator of numbers below 1 that begins with a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One task goes to a label, then another, and then both go on in that order or the other. */
function directed(labels: readonly (readonly string[])[], random: () => number): Chooser {
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const tasks = labels.map((_, task) => task).sort(() => random() - 0.5);
  const untils = tasks.map((task) => pick(elementAt(labels, task)) ?? null);
  const swap = random() < 0.5;
  return (turn) => {
    if (turn < tasks.length) return { task: elementAt(tasks, turn), until: untils[turn] ?? null };
    const order = swap ? tasks : tasks.toReversed();
    return { task: elementAt(order, turn % order.length), until: null };
  };
}

/** Every turn is of any task, and goes to any of its labels. */
function wandering(labels: readonly (readonly string[])[], random: () => number): Chooser {
  return (turn, open) => {
    if (turn > MOST_TURNS / 2) return null;
    const task = elementAt(open, Math.floor(random() * open.length));
    const own = elementAt(labels, task);
    return { task, until: own[Math.floor(random() * own.length)] ?? null };
  };
}

/** Orders of a race, half of them directed at pairs of points and half at random; the same for the same seed. */
export function toldOrders(program: Program, count: number, seed = 1): readonly ToldOrder[] {
  const { race } = program;
  if (race === null) return [];
  const { kernel } = program.setup;
  const has = (label: string) => (isRealKernel(kernel) ? hasPoint(label, kernel) : POINT_LABELS.has(label));
  const random = randomFrom(seed);
  const state = stateAtRace(program, race);
  const labels = race.tasks.map(({ start, end }) => [
    ...new Set(program.statements.slice(start, end).flatMap((statement) => labelsOf(state, statement, has))),
  ]);
  return Array.from({ length: count }, (_, at) =>
    orderOf(program, race, (at % 2 === 0 ? directed : wandering)(labels, random)),
  );
}
