/** Requests that move the scenario. */
import { type Arguments, optionalCount, optionalText } from '../arguments';
import { afterCounting } from '../breakpoints/counting';
import { interruptionsOf } from '../breakpoints/interruptions';
import { type Context, type Handler, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { depthOf, type Moment } from '../moment';
import {
  entering,
  type Goal,
  stepBackTo,
  stepIn as stepInGoal,
  stepOfTask,
  stepOut as stepOutGoal,
  stepOver,
  toTheEnd,
} from '../stepping/goals';
import { runBackTo, type Slice } from '../stepping/slices';
import { stopAt } from '../stopping';
import { askedThread } from '../threads';
import { forwardSlice, leaveBranch, movingReply, startRun, throughBranches } from './running';

/** The thread of a request must exist. All threads move together. */
export function checkThread(context: Context, args: Arguments): void {
  askedThread(scenarioOf(context), args);
}

/** Whether to step a single machine step, into any procedure. */
function isSmallest(args: Arguments): boolean {
  const granularity = optionalText(args, 'granularity') ?? 'statement';
  if (!['statement', 'line', 'instruction'].includes(granularity)) {
    throw new RequestError(`The granularity ${granularity} is neither statement, line nor instruction.`);
  }
  return granularity === 'instruction';
}

function step(goalFrom: (moment: Moment, context: Context, args: Arguments) => Goal): Handler {
  return (context, args) => {
    const { timeline } = scenarioOf(context);
    const call = askedThread(scenarioOf(context), args);
    const ownGoal = () => (isSmallest(args) ? stepInGoal() : goalFrom(timeline.current, context, args));
    const goal = call === null ? ownGoal() : stepOfTask(call.task);
    const slice = forwardSlice(context, goal);
    // A step stops once at the end, to allow stepping back; the next one ends the session.
    const endsAtEnd = timeline.atEnd();
    return { after: () => startRun(context, slice, endsAtEnd) };
  };
}

export const continueRun: Handler = (context, args) => {
  checkThread(context, args);
  const slice = forwardSlice(context, toTheEnd());
  return { body: { allThreadsContinued: true }, after: () => startRun(context, slice, true) };
};

export const next = step(stepOver);
export const stepOut = step(stepOutGoal);
export const stepIn = step((moment, { stepInTargets }, args) => {
  const target = optionalCount(args, 'targetId');
  if (target === undefined) return stepInGoal();
  const procedure = stepInTargets.get(target);
  if (procedure === undefined) throw new RequestError('The procedure to step into is unknown.');
  return entering(procedure, moment);
});

/** Steps back to a goal; at the start of a branch, to the moment at which the branch starts. */
function backSlice(context: Context, goal: Goal): Slice {
  const slice = runBackTo(scenarioOf(context).timeline, goal);
  return () => {
    const stop = slice();
    return stop?.kind === 'start' && leaveBranch(context) ? { kind: 'left' } : stop;
  };
}

/** Depth of the selected call stack entry. */
function focusedDepth(context: Context): number {
  const depth = depthOf(scenarioOf(context).timeline.current);
  return Math.min(context.focus ?? depth, depth);
}

/** Relative to the selected call stack entry: for a caller, back to before its call. */
export const stepBack: Handler = (context, args) => {
  const call = askedThread(scenarioOf(context), args);
  const ownGoal = () => (isSmallest(args) ? stepInGoal() : stepBackTo(focusedDepth(context)));
  const goal = call === null ? ownGoal() : stepOfTask(call.task);
  const slice = backSlice(context, goal);
  return { after: () => startRun(context, slice, false) };
};

/** `gmemscope/stepBackInto`: back by a single step, into called procedures. */
export const stepBackInto: Handler = (context) => movingReply(context, backSlice(context, stepInGoal()));

/** `gmemscope/stepBackOut`: back to before the call of the selected procedure. */
export const stepBackOut: Handler = (context) => {
  const goal = stepBackTo(Math.max(1, focusedDepth(context) - 1));
  return movingReply(context, backSlice(context, goal));
};

export const reverseContinue: Handler = (context, args) => {
  checkThread(context, args);
  const slice = throughBranches(context, (scenario) => interruptionsOf(context, scenario).back);
  return { after: () => startRun(context, afterCounting(context, scenarioOf(context), slice), false) };
};

export const pause: Handler = (context, args) => {
  checkThread(context, args);
  context.runner.cancel();
  return { after: () => stopAt(context, { kind: 'pause' }) };
};
