/** Goals of the steps of one task of a race. A step ends where another task is next, whatever its depth. */
import { depthOf, type Moment } from '../moment';
import { taskAt } from '../race/tasks';
import type { DebuggedScenario } from '../scenario';
import { type Goal, isPassedBy, stepBackTo } from './goals';
import { runBack, type Slice } from './slices';

export type RaceStep = 'in' | 'over' | 'out';

/** How deep in the call stack a step ends. A call that has not begun is stepped over as a whole. */
function deepest(step: RaceStep, from: Moment, begins: boolean): number {
  const depth = begins ? 1 : depthOf(from);
  if (step === 'in') return Number.POSITIVE_INFINITY;
  return step === 'over' ? depth : Math.max(1, depth - 1);
}

/**
 * The goal of a step of a task.
 * @param from The moment as the thread of the task shows it.
 * @param begins Whether the step begins a call.
 */
export function stepOfRacer(
  { race, program, timeline }: DebuggedScenario,
  step: RaceStep,
  task: number,
  from: Moment,
  begins: boolean,
): Goal {
  const depth = deepest(step, from, begins);
  // The thread of a call that has not begun shows its first step already, unless it is next anyway.
  let hasStepped = from === timeline.current;
  return (moment) => {
    const isOwn = taskAt(race, program, moment) === task;
    if (isOwn && moment.run !== null && moment.run.steps > 0) hasStepped = true;
    if (isPassedBy(moment)) return false;
    return !isOwn || (hasStepped && depthOf(moment) <= depth);
  };
}

/** The goal of a step back from a call stack entry of the running task: it ends at a step of another task as well. */
export function stepBackOfRacer({ race, program }: DebuggedScenario, task: number, depth: number): Goal {
  const goal = stepBackTo(depth);
  return (moment) => {
    const other = taskAt(race, program, moment);
    return goal(moment) || (other !== null && other !== task && !isPassedBy(moment));
  };
}

/** Whether a step of the kernel ran between two moments that follow each other. */
export function hasStepped(from: Moment, to: Moment): boolean {
  return from.run !== null && from.run.task === to.run?.task && to.run.steps > from.run.steps;
}

/** The task that made the last step before the current moment, as an index; null if the scenario made it. */
export function lastStepper({ race, program, timeline }: DebuggedScenario): number | null {
  let to = timeline.current;
  while (to.tick > 0) {
    for (const from of timeline.segmentBefore(to.tick).toReversed()) {
      if (hasStepped(from, to)) return taskAt(race, program, from);
      to = from;
    }
  }
  return null;
}

/** Goes back to before the last step that a task made. */
export function backToStepOfRacer({ race, program, timeline }: DebuggedScenario, task: number): Slice {
  return runBack(timeline, (from, to) =>
    taskAt(race, program, from) === task && hasStepped(from, to)
      ? { at: from, stop: { kind: 'step' } }
      : null,
  );
}
