/** Moves of tasks: a step, and all steps behind it that commute with whatever the other tasks may still do. */
import { Rounds } from './rounds';
import type { Step } from './step';
import type { Steps } from './steps';

/** The most steps of a move: without a step of the kernel, a task may go on forever and never come to the same state. */
const MOST_STEPS = 20_000;

export class Moves {
  private readonly rounds: Rounds;

  constructor(
    private readonly steps: Steps,
    private readonly isReduced: boolean,
  ) {
    this.rounds = new Rounds(steps.width);
  }

  /** Whether the next step of a task can run at once, before all steps of the others. */
  isFree(row: Int32Array, task: number): boolean {
    if (!this.isReduced) return false;
    const { steps } = this;
    const step = steps.next(row, task);
    return step?.kind === 'step' && this.commutes(row, task, step);
  }

  /**
   * The task moves: replaces the row by that after the move.
   * @param visit Called after each step.
   * @returns Whether the task went around in a loop.
   */
  make(row: Int32Array, task: number, visit: (step: Step, row: Int32Array) => void): boolean {
    const { steps, rounds, isReduced } = this;
    const own = steps.parts.taskColumn(task);
    rounds.begin(row);
    for (let count = 1; count <= MOST_STEPS && !steps.isFull; count++) {
      const step = steps.next(row, task);
      if (step?.kind !== 'step') return false;
      if (count > 1 && !this.commutes(row, task, step)) return false;
      steps.apply(row, step);
      visit(step, row);
      if (!isReduced || steps.locals.isWrong) return false;
      // A task between two rounds may stop there.
      if (steps.isDone(row, task)) return false;
      if (rounds.isBack(row, own)) return true;
    }
    return true;
  }

  private commutes(row: Int32Array, task: number, { footprint }: Step): boolean {
    const { steps } = this;
    for (let other = 0; other < steps.race.tasks.length; other++) {
      if (other === task) continue;
      if (!steps.footprints.commutes(footprint, steps.path(row, other))) return false;
    }
    return true;
  }
}
