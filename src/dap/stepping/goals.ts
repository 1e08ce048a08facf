/** Where a step is to end. */
import { depthOf, framesOf, hasReturned, type Moment } from '../moment';

export type Goal = (moment: Moment) => boolean;

/** The moment after a return is passed by, as the next statement follows at once. */
export function isPassedBy(moment: Moment): boolean {
  return hasReturned(moment);
}

/** No deeper in the call stack than `depth`. */
function withinDepth(depth: number): Goal {
  return (moment) => !isPassedBy(moment) && depthOf(moment) <= depth;
}

/** The next labelled step, inside the procedure that a statement or a step calls. */
export function stepIn(): Goal {
  return (moment) => !isPassedBy(moment);
}

/** The next statement, or the next step of this procedure or of one that called it. */
export function stepOver(from: Moment): Goal {
  return withinDepth(depthOf(from));
}

/** The caller of this procedure; the next statement where that is the scenario. */
export function stepOut(from: Moment): Goal {
  return withinDepth(Math.max(1, depthOf(from) - 1));
}

/** Before a step of one call, when that goes on; or, on the way back, before the last step that it made. */
export function stepOfTask(task: number): Goal {
  return (moment) => moment.run?.task === task && !isPassedBy(moment);
}

/** No goal: only breakpoints, exceptions and the end stop it. */
export function toTheEnd(): Goal {
  return () => false;
}

/** Everything that was typed for a branch has returned. */
export function pastTyped(typed: number): Goal {
  return (moment) => moment.statement >= typed;
}

/** Before a step of a procedure. */
export function atStep(procedure: string, step: number): Goal {
  return (moment) => {
    const frame = framesOf(moment).at(-1);
    return frame?.procedure === procedure && frame.step === step;
  };
}

/** Where this statement enters a procedure, or is over. */
export function entering(procedure: string, { statement }: Moment): Goal {
  const isEntered = atStep(procedure, 0);
  return (moment) => moment.statement !== statement || isEntered(moment);
}

/** Before a statement of the program. */
export function atStatement(statement: number): Goal {
  return (moment) => moment.statement === statement && !isPassedBy(moment);
}

/**
 * The goal of a step back from an entry of the call stack: before its last step, or before the call of its caller.
 * A statement that was typed is stopped at in any case, before it runs: it can be stepped into from there.
 */
export function stepBackTo(depth: number): Goal {
  const goal = withinDepth(depth);
  return (moment) => goal(moment) || (moment.interrupted !== null && moment.run === null);
}
