/** Requests that move the scenario. */
import { count } from '../arguments';
import { type Context, type Handler, scenarioOf, THREAD } from '../context';
import { RequestError } from '../errors';
import { exceptionalIn } from '../exceptions';
import type { Moment } from '../moment';
import {
  type Goal,
  reverseContinue as reverseContinueSlices,
  runForward,
  type Slice,
  stepBack as stepBackSlices,
  stepIn as stepInGoal,
  stepOut as stepOutGoal,
  stepOver,
  toTheEnd,
} from '../stepping';
import { stopAt } from '../stopping';
import type { Interruptions } from '../stops';

/** What the client wants the run to be interrupted by. */
export function interruptionsOf(context: Context): Interruptions {
  const { timeline, names } = scenarioOf(context);
  if (context.options?.noDebug) return { breakpointsAt: () => [], exceptionalIn: () => null };
  const describe = (statement: number) => `${names[statement]}: ${timeline.outcomes[statement]?.text ?? ''}`;
  return {
    // Looked up at each moment: both may change while the scenario runs.
    breakpointsAt: (moment) => context.breakpoints.at(moment),
    exceptionalIn: (from, to) => exceptionalIn(context.filters, describe, from, to),
  };
}

/** @param endsAtEnd Whether the session ends where the run comes to the end of the scenario. */
export function startRun(context: Context, slice: Slice, endsAtEnd: boolean): void {
  context.phase = 'running';
  context.stop = null;
  context.endsAtEnd = endsAtEnd;
  context.frames.clear();
  context.children.clear();
  context.runner.start(slice);
}

function checkThread(args: Readonly<Record<string, unknown>>): void {
  const thread = count(args, 'threadId');
  if (thread !== THREAD) throw new RequestError(`There is no thread ${thread}.`);
}

function forward(goalFrom: (moment: Moment) => Goal, isStep: boolean): Handler {
  return (context, args) => {
    checkThread(args);
    const { timeline } = scenarioOf(context);
    const slice = runForward(timeline, goalFrom(timeline.current), interruptionsOf(context));
    // A step stops at the end once, so that one can step back; the next one leaves.
    const endsAtEnd = !isStep || timeline.atEnd();
    return {
      ...(isStep ? {} : { body: { allThreadsContinued: true } }),
      after: () => startRun(context, slice, endsAtEnd),
    };
  };
}

export const continueRun = forward(toTheEnd, false);
export const next = forward(stepOver, true);
export const stepIn = forward(stepInGoal, true);
export const stepOut = forward(stepOutGoal, true);

export const stepBack: Handler = (context, args) => {
  checkThread(args);
  const slice = stepBackSlices(scenarioOf(context).timeline);
  return { after: () => startRun(context, slice, false) };
};

export const reverseContinue: Handler = (context, args) => {
  checkThread(args);
  const slice = reverseContinueSlices(scenarioOf(context).timeline, interruptionsOf(context));
  return { after: () => startRun(context, slice, false) };
};

export const pause: Handler = (context, args) => {
  checkThread(args);
  context.runner.cancel();
  return { after: () => stopAt(context, { kind: 'pause' }) };
};
