/**
 * Runs forward and back in slices: each call of the returned function does a bounded amount of work, and returns the
 * stop when there is one.
 */
import type { Moment } from '../moment';
import type { Found, Interruptions, Stop } from '../stops';
import type { Timeline } from '../timeline';
import type { Goal } from './goals';

export type Slice = () => Stop | null;

/** Number of steps per slice: some tens of milliseconds. */
const SLICE_TICKS = 2048;

/** Runs forward until the goal, an interruption or the end. */
export function runForward(timeline: Timeline, goal: Goal, { forward }: Interruptions): Slice {
  return () => {
    for (let ticks = 0; ticks < SLICE_TICKS; ticks++) {
      const from = timeline.current;
      if (timeline.atEnd()) return { kind: 'end' };
      const moment = timeline.forward();
      const interruption = forward(from, moment);
      if (interruption !== null) return interruption;
      if (timeline.atEnd()) return { kind: 'end' };
      // No step has run yet.
      if (timeline.isTurned(moment)) continue;
      if (goal(moment)) return { kind: 'step' };
    }
    return null;
  };
}

/** Examines the steps before the current moment, last one first; the timeline moves with it. */
export function runBack(timeline: Timeline, found: (from: Moment, to: Moment) => Found | null): Slice {
  let to = timeline.current;
  return () => {
    if (to.tick === 0) return { kind: 'start' };
    for (const from of timeline.segmentBefore(to.tick).toReversed()) {
      const here = found(from, to);
      if (here !== null) {
        timeline.moveTo(timeline.beforeTurn(here.at));
        return here.stop;
      }
      to = from;
    }
    timeline.moveTo(to);
    return null;
  };
}

/** Goes back to the nearest moment at which the goal is met. */
export function runBackTo(timeline: Timeline, goal: Goal): Slice {
  return runBack(timeline, (from) => (goal(from) ? { at: from, stop: { kind: 'step' } } : null));
}
