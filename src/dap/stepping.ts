/**
 * Runs forward and back. Both are cut into slices: each call of the returned function does a bounded piece
 * of work, and gives the stop once there is one.
 */
import { framesOf, hasReturned, type Moment } from './moment';
import type { Interruptions, Stop } from './stops';
import type { Timeline } from './timeline';

export type Slice = () => Stop | null;
export type Goal = (moment: Moment) => boolean;

/** Steps that a slice runs: some tens of milliseconds. */
const SLICE_TICKS = 2048;

/**
 * How deep in procedures a moment is: 0 before a statement. The moment after a return is passed by, as the
 * next statement follows at once.
 */
function depthOf(moment: Moment): number {
  return hasReturned(moment) ? Number.POSITIVE_INFINITY : framesOf(moment).length;
}

/** The depth a step starts from; a moment after a return belongs to its statement. */
function ownDepth(moment: Moment): number {
  return framesOf(moment).length;
}

/** The next labelled step, inside the procedure that a statement or a step calls. */
export function stepIn(): Goal {
  return (moment) => Number.isFinite(depthOf(moment));
}

/** The next statement, or the next step of this procedure or of one that called it. */
export function stepOver(from: Moment): Goal {
  const depth = ownDepth(from);
  return (moment) => depthOf(moment) <= depth;
}

/** The caller of this procedure; the next statement where that is the scenario. */
export function stepOut(from: Moment): Goal {
  const depth = Math.max(0, ownDepth(from) - 1);
  return (moment) => depthOf(moment) <= depth;
}

/** No goal: only breakpoints, exceptions and the end stop it. */
export function toTheEnd(): Goal {
  return () => false;
}

/** Runs forward until the goal, an interruption or the end. */
export function runForward(timeline: Timeline, goal: Goal, interruptions: Interruptions): Slice {
  return () => {
    for (let ticks = 0; ticks < SLICE_TICKS; ticks++) {
      if (timeline.atEnd()) return { kind: 'end' };
      const from = timeline.current;
      const moment = timeline.forward();
      const exceptional = interruptions.exceptionalIn(from, moment);
      if (exceptional !== null) return { kind: 'exception', exceptional };
      if (timeline.atEnd()) return { kind: 'end' };
      const ids = interruptions.breakpointsAt(moment);
      if (ids.length > 0) return { kind: 'breakpoint', ids };
      if (goal(moment)) return { kind: 'step' };
    }
    return null;
  };
}

/** Goes back until `stopAt` gives a stop; the timeline moves only then. */
function runBack(timeline: Timeline, stopAt: (moment: Moment) => Stop | null): Slice {
  let tick = timeline.current.tick;
  return () => {
    if (tick === 0) {
      timeline.moveTo(timeline.at(0));
      return { kind: 'start' };
    }
    const segment = timeline.segmentBefore(tick);
    for (const moment of segment.toReversed()) {
      const stop = stopAt(moment);
      if (stop === null) continue;
      timeline.moveTo(moment);
      return stop;
    }
    tick = segment[0]!.tick;
    return null;
  };
}

/** The mirror of a step over: the statement before, the step before in this procedure, or its caller. */
export function stepBack(timeline: Timeline): Slice {
  const from = timeline.current;
  const depth = ownDepth(from);
  if (depth > 0) return runBack(timeline, (moment) => (depthOf(moment) <= depth ? { kind: 'step' } : null));
  const statement = from.run === null ? from.statement - 1 : from.statement;
  return () => {
    if (statement < 0) return { kind: 'start' };
    timeline.moveTo(timeline.startOf(statement));
    return { kind: 'step' };
  };
}

/** Back to the latest breakpoint, or to the start. */
export function reverseContinue(timeline: Timeline, { breakpointsAt }: Interruptions): Slice {
  return runBack(timeline, (moment) => {
    const ids = breakpointsAt(moment);
    return ids.length > 0 ? { kind: 'breakpoint', ids } : null;
  });
}
