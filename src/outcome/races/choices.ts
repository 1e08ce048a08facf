/** Where in one order of a race it matters which task makes the next step. */
import { type Known, learn, orderOf, Walk } from '../../explorer';
import type { CompiledStatement } from '../../language';
import type { State } from '../../simulator';
import type { RaceProgram } from './explore';
import { type Witness, witnessOfOrder } from './witness';

export type { Known as KnownSteps, Walk } from '../../explorer';

/** A race, from the state in which it begins. */
export interface RaceStart {
  readonly state: State;
  readonly vmId: number;
  readonly tasks: readonly {
    readonly name: string;
    readonly calls: readonly CompiledStatement[];
    readonly repeats: boolean;
  }[];
}

/** Tries some orders, to learn which steps touch the same parts of the state. Yields after each. */
export function* learnSteps({ state, vmId, tasks }: RaceStart): Generator<void, Known> {
  const racing = tasks.map(({ name, calls, repeats }) => ({
    name,
    repeats,
    calls: calls.map(({ call, course }) => ({ call, title: course.title })),
  }));
  return yield* learn({ start: state, vmId, tasks: racing });
}

/** The start of an order. */
export function beginWalk(known: Known): Walk {
  return new Walk(known);
}

/**
 * The order up to a point, as a scenario; then all tasks run until they are done or blocked. Null if the order cannot be
 * followed.
 * @param text The text from which the program was compiled.
 */
export function witnessOfWalk(text: string, program: RaceProgram, known: Known, walk: Walk): Witness | null {
  const movers = walk.order();
  return movers === null ? null : witnessOfOrder(text, program, orderOf(known, movers));
}
