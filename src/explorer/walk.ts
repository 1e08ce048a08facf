/** Follows one order of a race, and says at each point whether it matters which task makes the next step. */
import { Moves } from './moves';
import type { Race } from './race';
import { rehearse } from './rehearse';
import { Steps } from './steps';

/** What is known of the steps of a race, from orders that were tried. */
export interface Known {
  readonly steps: Steps;
  readonly moves: Moves;
}

/** Tries some orders of a race. Yields after each. */
export function* learn(race: Race): Generator<void, Known> {
  const steps = new Steps(race, { retries: false });
  yield* rehearse(steps);
  return { steps, moves: new Moves(steps, true) };
}

/** How often an order is followed anew after it has taught something that voids what was known. */
const MOST_ATTEMPTS = 8;

/** A point of an order. */
export class Walk {
  private row: Int32Array;
  private readonly movers: number[] = [];
  private attempts = 0;
  private isLost = false;

  constructor(private readonly known: Known) {
    this.row = known.steps.start();
  }

  /** A task makes its next step. */
  step(task: number): void {
    this.movers.push(task);
    this.make(task);
    while (this.known.steps.locals.isWrong && this.attempts < MOST_ATTEMPTS) this.again();
  }

  /**
   * Whether the order of the next step of a task and of the steps that the others may still make matters. If the order
   * cannot be followed, every step counts.
   */
  matters(task: number): boolean {
    return this.isLost || !this.known.moves.isFree(this.row, task);
  }

  /** The tasks that made steps, one entry for each step; null if the order cannot be followed. */
  order(): readonly number[] | null {
    return this.isLost ? null : this.movers;
  }

  private make(task: number): void {
    const { steps } = this.known;
    const step = steps.next(this.row, task);
    if (step?.kind === 'step') steps.apply(this.row, step);
    else this.isLost = true;
  }

  private again(): void {
    this.attempts++;
    this.known.steps.forget();
    this.row = this.known.steps.start();
    this.isLost = false;
    for (const mover of this.movers) this.make(mover);
  }
}
