/** What each task of a race would do next, and what it waits for. */
import type { CompiledStatement } from '../../language';
import { waitPhrase } from '../../outcome';
import {
  begin,
  elementAt,
  firstOf,
  hasReturned,
  isUnderWay,
  kernelOf,
  lastBegun,
  stateOf,
  suspendedAt,
  suspendedMoment,
  titlesOf,
  type Wait,
  waitOf,
} from '../../simulator';
import { framesOf, type Moment } from '../moment';
import { type DebuggedScenario, labelAt } from '../scenario';
import { type DebuggedRace, taskAt } from './tasks';

/** A task that has not made all its calls, or can make them again. */
export interface TaskStatus {
  /** Its index among the tasks of the race. */
  readonly task: number;
  readonly name: string;
  /** The moment before its next step. If its next call has not begun, as if it had. */
  readonly moment: Moment;
  /** Its next call, if that call has not begun; null otherwise. */
  readonly begins: CompiledStatement | null;
  /** Id of the suspended call that it would resume; null if it has none. */
  readonly resumes: number | null;
  /** What it waits for; null if it can run. */
  readonly wait: Wait | null;
}

type Scenario = Pick<DebuggedScenario, 'program' | 'race' | 'timeline' | 'branch'>;

/** Whether only tasks of the race, which a person can give turns, have calls that are not over. */
function isOfRace({ taskOf: tasks }: DebuggedRace, moment: Moment): boolean {
  if (moment.interrupted !== null) return false;
  return moment.suspended.every(({ scheduled, statement }) => statement !== null && tasks.has(scheduled));
}

export const NO_RACE = 'There is no choice here: the scenario is not in a race.';

/** Why a person cannot choose which task of a race steps at a moment; null if a person can. */
export function whyNoChoice({ race, program, branch }: Scenario, moment: Moment): string | null {
  if (branch?.beginsInRace === true) {
    return 'There is no choice here: this what-if branch begins in the race. Leave it with `back` first.';
  }
  if (race === null || taskAt(race, program, moment) === null) return NO_RACE;
  return isOfRace(race, moment) ? null : 'There is no choice here: a call above the race is still suspended.';
}

/** The next call of a task at a moment, as if it had begun. */
function callAhead(
  { program }: Scenario,
  race: DebuggedRace,
  moment: Moment,
  task: number,
): Omit<TaskStatus, 'name'> | null {
  const { statements } = program;
  const begun = lastBegun(moment);
  const next = statements.findIndex((one, index) => index > begun && race.taskOf.get(one) === task);
  const { calls, repeats } = elementAt(race.tasks, task);
  if (next < 0 && !repeats) return null;
  // Another round begins.
  const at = next < 0 ? statements.indexOf(firstOf(calls)) : next;
  const scheduled = elementAt(statements, at);
  const before = stateOf(moment);
  const run = begin(before, moment.vmId, { call: scheduled.call, ...scheduled.course });
  const ahead: Moment = {
    ...{ ...moment, statement: at, scheduled, before, phase: 'running', run },
    ...{ trail: null, last: null, resumption: null },
  };
  const wait = waitOf(run.state, run.task);
  const isHere = moment.phase === 'before' && moment.statement === at;
  return { task, moment: isHere ? moment : ahead, begins: scheduled, resumes: null, wait };
}

function statusOf(
  scenario: Scenario,
  race: DebuggedRace,
  moment: Moment,
  task: number,
): Omit<TaskStatus, 'name'> | null {
  const isCurrent = taskAt(race, scenario.program, moment) === task;
  const { run } = moment;
  if (isCurrent && isUnderWay(moment) && run !== null) {
    return { task, moment, begins: null, resumes: null, wait: waitOf(run.state, run.task) };
  }
  const call = suspendedAt(moment).find(({ scheduled }) => race.taskOf.get(scheduled) === task);
  if (call !== undefined) {
    const wait = waitOf(stateOf(moment), call.task);
    return { task, moment: suspendedMoment(moment, call), begins: null, resumes: call.task, wait };
  }
  const ahead = callAhead(scenario, race, moment, task);
  if (!isCurrent || !hasReturned(moment)) return ahead;
  // Its call has just returned.
  return { ...(ahead ?? { task, begins: null, resumes: null, wait: null }), moment };
}

/** The tasks of the race that can make calls or are in the middle of one; none if the moment is not in the race. */
export function tasksAt(scenario: Scenario, moment: Moment): readonly TaskStatus[] {
  const { race } = scenario;
  if (race === null || whyNoChoice(scenario, moment) !== null) return [];
  return race.tasks.flatMap(({ name }, task) => {
    const status = statusOf(scenario, race, moment, task);
    return status === null ? [] : [{ ...status, name }];
  });
}

/** The label and text of the step that a call would run next; null outside a call. */
function stepText({ program }: Pick<DebuggedScenario, 'program'>, moment: Moment): string | null {
  const frame = framesOf(moment).at(-1);
  if (frame === undefined) return null;
  const step = kernelOf(program.setup).procedure(frame.procedure).steps[frame.step];
  return step === undefined ? null : `${step.label} ${step.text}`;
}

/** What a task waits for, and which calls hold it: `waits for mmu_lock, held by vcpu0`. */
export function waitText({ moment }: TaskStatus, { lock, holders }: Wait): string {
  const state = stateOf(moment);
  return waitPhrase(lock, titlesOf(state, holders), state);
}

/** The name of the thread of a task: what it waits for, and its next step; outside a call, its statement. */
export function statusText(scenario: DebuggedScenario, status: TaskStatus): string {
  const { name, moment, wait } = status;
  const next = stepText(scenario, moment) ?? labelAt(scenario, moment.statement).name;
  return wait === null ? `${name}: ${next}` : `${name} (${waitText(status, wait)}): ${next}`;
}
