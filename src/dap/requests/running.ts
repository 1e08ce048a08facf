/** Starting runs, and going back beyond the start of a branch. */
import { afterCounting } from '../breakpoints/counting';
import { interruptionsOf } from '../breakpoints/interruptions';
import { type Context, type Reply, scenarioOf } from '../context';
import type { Moment } from '../moment';
import type { DebuggedScenario } from '../scenario';
import type { Goal } from '../stepping/goals';
import { runBack, runForward, type Slice } from '../stepping/slices';
import type { Found, Stop } from '../stops';
import { THREAD } from '../threads';

/** @param endsAtEnd Whether the session ends where the run comes to the end of the scenario. */
export function startRun(context: Context, slice: Slice, endsAtEnd: boolean): void {
  context.phase = 'running';
  context.stop = null;
  context.focus = null;
  context.endsAtEnd = endsAtEnd;
  context.frames.clear();
  context.children.clear();
  context.jumpTargets.clear();
  context.stepInTargets.clear();
  context.runner.start(slice);
}

/** Runs forward from where the scenario stands, to a goal or an interruption. */
export function forwardSlice(context: Context, goal: Goal): Slice {
  const scenario = scenarioOf(context);
  const slice = runForward(scenario.timeline, goal, interruptionsOf(context, scenario));
  return afterCounting(context, scenario, slice);
}

/**
 * Tells a client that does not expect it that the scenario moves. The response to the request has to follow before the
 * stop does: VS Code handles events that come together at once, and would forget the stop over this.
 */
export function announceRun(context: Context): void {
  context.sendEvent('continued', { threadId: THREAD, allThreadsContinued: true });
}

/**
 * The answer to a request that makes the scenario move unexpectedly.
 * @param keepsFocus Whether the client is to leave the keyboard where it is at the stop.
 */
export function movingReply(context: Context, slice: Slice, keepsFocus = false): Reply {
  announceRun(context);
  return {
    after: () => {
      if (keepsFocus) context.awaited = (halt) => halt?.tell();
      startRun(context, slice, false);
    },
  };
}

/** Comes back to where a branch came off; false where the scenario is on none. */
export function leaveBranch(context: Context): boolean {
  const { branch } = scenarioOf(context);
  if (branch === null) return false;
  branch.parent.timeline.moveTo(branch.from);
  context.scenario = branch.parent;
  return true;
}

/** Looks at each step before the moment at hand, the last one first, also at those before a branch came off. */
export function throughBranches(
  context: Context,
  foundIn: (scenario: DebuggedScenario) => (from: Moment, to: Moment) => Found | null,
): Slice {
  const sliceOf = (scenario: DebuggedScenario) => runBack(scenario.timeline, foundIn(scenario));
  let slice = sliceOf(scenarioOf(context));
  return () => {
    const stop = slice();
    if (stop?.kind !== 'start' || !leaveBranch(context)) return stop;
    slice = sliceOf(scenarioOf(context));
    return null;
  };
}

/** A slice that looks for something: where it finds nothing, the scenario is where it was. */
export function orNowhere(
  context: Context,
  slice: Slice,
  isNowhere: (stop: Stop) => boolean,
  message: string,
): Slice {
  const scenario = scenarioOf(context);
  const origin = scenario.timeline.current;
  return () => {
    const stop = slice();
    if (stop === null || !isNowhere(stop)) return stop;
    context.scenario = scenario;
    scenario.timeline.moveTo(origin);
    return { kind: 'nowhere', message };
  };
}
