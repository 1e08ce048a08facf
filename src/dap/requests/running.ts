/** Starts runs, and goes back past the start of a branch. */
import { afterCounting } from '../breakpoints/counting';
import { interruptionsOf } from '../breakpoints/interruptions';
import { type Context, type Reply, scenarioOf } from '../context';
import type { Moment } from '../moment';
import type { DebuggedScenario } from '../scenario';
import type { Goal } from '../stepping/goals';
import { runBack, runForward, type Slice } from '../stepping/slices';
import type { Found, Interruptions, Stop } from '../stops';
import { THREAD } from '../threads';

/** Jumps ignore breakpoints. */
export const QUIET: Interruptions = { forward: () => null, back: () => null };

/** A slice that ends in a jump. */
export function jumping(slice: Slice): Slice {
  return () => {
    const stop = slice();
    return stop?.kind === 'step' ? { kind: 'goto' } : stop;
  };
}

/**
 * @param endsAtEnd Whether the session ends when the run reaches the end of the scenario.
 * @param stepped The task of a race that a person gave the turn, as an index; null if none.
 */
export function startRun(
  context: Context,
  slice: Slice,
  endsAtEnd: boolean,
  stepped: number | null = null,
): void {
  context.phase = 'running';
  context.stop = null;
  context.focus = null;
  context.stepped = stepped;
  context.endsAtEnd = endsAtEnd;
  context.frames.clear();
  context.children.clear();
  context.jumpTargets.clear();
  context.stepInTargets.clear();
  context.runner.start(slice);
}

/** Runs forward from the current moment to a goal or an interruption. */
export function forwardSlice(context: Context, goal: Goal): Slice {
  const scenario = scenarioOf(context);
  const slice = runForward(scenario.timeline, goal, interruptionsOf(context, scenario));
  return afterCounting(context, scenario, slice);
}

/**
 * Tells a client that the scenario moves when the request does not imply it. The response must be sent before the
 * stop: VS Code handles events that arrive together at once, and would lose the stop.
 */
export function announceRun(context: Context): void {
  context.sendEvent('continued', { threadId: THREAD, allThreadsContinued: true });
}

/**
 * The response to a request that does not imply that the scenario moves.
 * @param keepsFocus Whether the client keeps the keyboard focus at the stop.
 * @param stepped The task of a race that a person gave the turn, as an index; null if none.
 */
export function movingReply(
  context: Context,
  slice: Slice,
  keepsFocus = false,
  stepped: number | null = null,
): Reply {
  announceRun(context);
  return {
    after: () => {
      if (keepsFocus) context.awaited = (halt) => halt?.tell();
      startRun(context, slice, false, stepped);
    },
  };
}

/** Returns to where a branch starts; false if the scenario is not on a branch. */
export function leaveBranch(context: Context): boolean {
  const { branch } = scenarioOf(context);
  if (branch === null) return false;
  branch.parent.timeline.moveTo(branch.from);
  context.scenario = branch.parent;
  return true;
}

/** Examines the steps before the current moment, last one first, including those of parent runs. */
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

/** A slice that searches; if it finds nothing, the scenario stays at its moment. */
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
