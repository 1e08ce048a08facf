/** Goals: where a step or run ends. */
import { hasReturned } from '../../simulator';
import { depthOf, framesOf, type Moment } from '../moment';

export type Goal = (moment: Moment) => boolean;

/** Steps do not stop at the moment after a return, because the next statement follows at once. */
export function isPassedBy(moment: Moment): boolean {
  return hasReturned(moment);
}

/** No deeper in the call stack than `depth`. */
function withinDepth(depth: number): Goal {
  return (moment) => !isPassedBy(moment) && depthOf(moment) <= depth;
}

/** The next labelled step, including steps of called procedures. */
export function stepIn(): Goal {
  return (moment) => !isPassedBy(moment);
}

/** The next statement, or the next step of this procedure or of a caller. */
export function stepOver(from: Moment): Goal {
  return withinDepth(depthOf(from));
}

/** The caller of this procedure; the next statement if the scenario is the caller. */
export function stepOut(from: Moment): Goal {
  return withinDepth(Math.max(1, depthOf(from) - 1));
}

/** Before the next step of one call; in reverse, before the last step it made. */
export function stepOfTask(task: number): Goal {
  return (moment) => moment.run?.task === task && !isPassedBy(moment);
}

/** No goal: only breakpoints, exceptions and the end stop the run. */
export function toTheEnd(): Goal {
  return () => false;
}

/** All typed statements of a branch have returned. */
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

/** Where this statement enters a procedure, or returns. */
export function entering(procedure: string, { statement }: Moment): Goal {
  const isEntered = atStep(procedure, 0);
  return (moment) => moment.statement !== statement || isEntered(moment);
}

/** Before a statement of the program. */
export function atStatement(statement: number): Goal {
  return (moment) => moment.statement === statement && !isPassedBy(moment);
}

/**
 * The goal of a step back from a call stack entry: before its last step, or before the call of its caller. A step back
 * always stops before a typed statement, to allow stepping into it.
 */
export function stepBackTo(depth: number): Goal {
  const goal = withinDepth(depth);
  return (moment) => goal(moment) || (moment.interrupted !== null && moment.run === null);
}
