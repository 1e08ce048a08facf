/** Requests that move the scenario. */

import { must } from '../../simulator';
import { type Arguments, optionalCount, optionalText } from '../arguments';
import { afterCounting } from '../breakpoints/counting';
import { interruptionsOf } from '../breakpoints/interruptions';
import { type Context, type Handler, type Reply, type StepInTarget, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { depthOf, type Moment } from '../moment';
import { type TaskStatus, tasksAt } from '../race/status';
import { withTurn } from '../race/steer';
import type { DebuggedScenario } from '../scenario';
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
import {
  backToStepOfRacer,
  lastStepper,
  type RaceStep,
  stepBackOfRacer,
  stepOfRacer,
} from '../stepping/race-goals';
import { runBackTo, type Slice } from '../stepping/slices';
import { stopAt } from '../stopping';
import { askedThread, type Thread } from '../threads';
import { forwardSlice, leaveBranch, movingReply, orNowhere, startRun, throughBranches } from './running';

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

type GoalFrom = (moment: Moment, context: Context, args: Arguments) => Goal;

/** The step-in target of a request; null if it names none. */
function targetOf({ stepInTargets }: Context, args: Arguments): StepInTarget | null {
  const id = optionalCount(args, 'targetId');
  if (id === undefined) return null;
  const target = stepInTargets.get(id);
  if (target === undefined) throw new RequestError('The procedure to step into is unknown.');
  return target;
}

function statusOf(thread: Thread): TaskStatus | null {
  return thread.kind === 'task' ? thread.status : null;
}

function statusOfTask(context: Context, task: number): TaskStatus {
  const scenario = scenarioOf(context);
  const found = tasksAt(scenario, scenario.timeline.current).find((status) => status.task === task);
  return must(found, `task ${task} that can run`);
}

/** A step of a task of a race, which has its turn from now on. */
function stepRacer(
  context: Context,
  status: TaskStatus,
  kind: RaceStep,
  args: Arguments,
  goalFrom: GoalFrom,
): Reply {
  const scenario = withTurn(scenarioOf(context), status);
  const own = isSmallest(args) ? 'in' : kind;
  const goal =
    targetOf(context, args)?.kind === 'procedure'
      ? goalFrom(scenario.timeline.current, context, args)
      : stepOfRacer(scenario, own, status.task, status.moment, status.begins !== null);
  const endsAtEnd = scenario.timeline.atEnd();
  return {
    after: () => {
      context.scenario = scenario;
      const slice = forwardSlice(context, goal);
      startRun(context, slice, endsAtEnd, status.task);
    },
  };
}

function step(kind: RaceStep, goalFrom: GoalFrom): Handler {
  return (context, args) => {
    const { timeline } = scenarioOf(context);
    const thread = askedThread(scenarioOf(context), args);
    const asked = targetOf(context, args);
    const racer = asked?.kind === 'task' ? statusOfTask(context, asked.task) : statusOf(thread);
    if (racer !== null) return stepRacer(context, racer, kind, args, goalFrom);
    const ownGoal = () => (isSmallest(args) ? stepInGoal() : goalFrom(timeline.current, context, args));
    const goal = thread.kind === 'call' ? stepOfTask(thread.call.task) : ownGoal();
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

export const next = step('over', stepOver);
export const stepOut = step('out', stepOutGoal);
export const stepIn = step('in', (moment, context, args) => {
  const target = targetOf(context, args);
  return target?.kind === 'procedure' ? entering(target.procedure, moment) : stepInGoal();
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

/** Whether a task is at the current moment, and no other task has stepped since its last step. */
function isLastToStep(scenario: DebuggedScenario, { task, moment }: TaskStatus): boolean {
  if (moment !== scenario.timeline.current) return false;
  const last = lastStepper(scenario);
  return last === null || last === task;
}

/** Undoes the last step of the run. */
function undoSlice(context: Context, thread: Thread, args: Arguments): Slice {
  const scenario = scenarioOf(context);
  if (isSmallest(args)) return backSlice(context, stepInGoal());
  const depth = focusedDepth(context);
  return thread.kind === 'task'
    ? backSlice(context, stepBackOfRacer(scenario, thread.status.task, depth))
    : backSlice(context, stepBackTo(depth));
}

/** Goes back to before the last step of a task. If it has made none, undoes the last step, or says so. */
function backToRacer(context: Context, status: TaskStatus, undo: Slice): Slice {
  const scenario = scenarioOf(context);
  const { task, name, moment } = status;
  const { current } = scenario.timeline;
  const search = orNowhere(
    context,
    backToStepOfRacer(scenario, task),
    ({ kind }) => kind === 'start',
    `${name} has not made a step.`,
  );
  if (moment !== current) return search;
  let slice = search;
  return () => {
    const stop = slice();
    if (stop?.kind !== 'nowhere' || slice === undo) return stop;
    slice = undo;
    return null;
  };
}

function stepBackSlice(context: Context, thread: Thread, args: Arguments): Slice {
  const scenario = scenarioOf(context);
  if (thread.kind === 'call') return backSlice(context, stepOfTask(thread.call.task));
  const undo = undoSlice(context, thread, args);
  return thread.kind === 'task' && !isLastToStep(scenario, thread.status)
    ? backToRacer(context, thread.status, undo)
    : undo;
}

/** Relative to the selected call stack entry: for a caller, back to before its call. */
export const stepBack: Handler = (context, args) => {
  const scenario = scenarioOf(context);
  const thread = askedThread(scenario, args);
  const slice = stepBackSlice(context, thread, args);
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
