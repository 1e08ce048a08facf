/**
 * `gmemscope/nextChoice` and `gmemscope/previousChoice`: runs to where it matters which task of a race steps.
 * `gmemscope/order`: the order so far as a scenario.
 */
import { hasRace, type KnownSteps, witnessOfWalk } from '../../outcome';
import { must } from '../../simulator';
import { optionalCount } from '../arguments';
import { type Context, type Handler, scenarioOf } from '../context';
import { RequestError } from '../errors';
import { choicesBefore, learnRace } from '../race/choices';
import { NO_RACE, type TaskStatus, tasksAt, whyNoChoice } from '../race/status';
import { withTurn } from '../race/steer';
import { taskAt } from '../race/tasks';
import type { DebuggedScenario } from '../scenario';
import { type Goal, isPassedBy } from '../stepping/goals';
import { runBackTo, type Slice } from '../stepping/slices';
import { askedThread } from '../threads';
import { forwardSlice, movingReply } from './running';

/** @throws RequestError if a person cannot choose which task steps. */
function checkChoice(scenario: DebuggedScenario): void {
  const why = whyNoChoice(scenario, scenario.timeline.current);
  if (why !== null) throw new RequestError(why);
}

/** The task that runs up to the next choice: that of the thread, or the one that is next. */
function taskToRun(scenario: DebuggedScenario, args: Parameters<Handler>[1]): TaskStatus {
  checkChoice(scenario);
  const { current } = scenario.timeline;
  const thread = optionalCount(args, 'threadId') === undefined ? null : askedThread(scenario, args);
  if (thread?.kind === 'task') return thread.status;
  const tasks = tasksAt(scenario, current);
  const next = taskAt(scenario.race, scenario.program, current);
  const found = tasks.find(({ task }) => task === next) ?? tasks[0];
  return must(found, 'task of the race');
}

/** A slice that first learns where choices are, and then runs. */
function afterLearning(scenario: DebuggedScenario, run: (known: KnownSteps) => Slice): Slice {
  const learning = learnRace(scenario);
  let slice: Slice | null = null;
  return () => {
    if (slice !== null) return slice();
    const { done, value } = learning.next();
    if (done !== true) return null;
    if (value === null) return { kind: 'nowhere', message: NO_RACE };
    slice = run(value);
    return null;
  };
}

/** The task has made a step, and its next one matters; or another task is next, or its call has returned. */
function nextChoiceGoal(scenario: DebuggedScenario, known: KnownSteps, task: number): Goal {
  const { race, program } = scenario;
  const { follower } = choicesBefore(scenario, known);
  let hasStepped = false;
  return (moment) => {
    follower.follow(moment);
    if (taskAt(race, program, moment) !== task) return !isPassedBy(moment);
    if (moment.run !== null && moment.run.steps > 0) hasStepped = true;
    if (isPassedBy(moment)) return false;
    return hasStepped && (moment.run === null || follower.matters());
  };
}

function toNextChoice(context: Context, scenario: DebuggedScenario, task: number): Slice {
  return afterLearning(scenario, (known) => {
    context.scenario = scenario;
    return forwardSlice(context, nextChoiceGoal(scenario, known, task));
  });
}

export const nextChoice: Handler = (context, args) => {
  const status = taskToRun(scenarioOf(context), args);
  const scenario = withTurn(scenarioOf(context), status);
  return movingReply(context, toNextChoice(context, scenario, status.task), false, status.task);
};

export const previousChoice: Handler = (context) => {
  const scenario = scenarioOf(context);
  checkChoice(scenario);
  const slice = afterLearning(scenario, (known) => {
    const { ticks } = choicesBefore(scenario, known);
    return runBackTo(scenario.timeline, (moment) => ticks.has(moment.tick) && !isPassedBy(moment));
  });
  return movingReply(context, slice);
};

const NO_ORDER = 'There is no order to write: go to a step of a race that is not on a branch.';

/** `gmemscope/order`: the `text` of a scenario that takes the order so far, and the `line` of its first call. */
export const order: Handler = (context) => {
  const scenario = scenarioOf(context);
  const program = { ...scenario.program, statements: scenario.told };
  if (scenario.branch !== null || !hasRace(program)) throw new RequestError(NO_ORDER);
  const learning = learnRace(scenario);
  let learnt = learning.next();
  while (learnt.done !== true) learnt = learning.next();
  const known = learnt.value;
  if (known === null) throw new RequestError(NO_ORDER);
  const { follower } = choicesBefore(scenario, known);
  const witness = witnessOfWalk(scenario.text, program, known, follower.walk);
  if (witness === null) throw new RequestError('The simulator cannot write this order.');
  return { body: witness };
};
