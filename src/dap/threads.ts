/**
 * Threads: the first is the scenario, which runs its statements in order; each suspended call is another. Only the
 * first thread runs: a resumed call becomes a statement of the scenario again. In a race, each task is a thread, and a
 * person decides which of them runs.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { stateOf } from '../simulator';
import { type Arguments, count } from './arguments';
import { RequestError } from './errors';
import type { Moment, SuspendedStatement } from './moment';
import { statusText, type TaskStatus, tasksAt, whyNoChoice } from './race/status';
import { taskAt } from './race/tasks';
import type { DebuggedScenario } from './scenario';

export const THREAD = 1;

/** Task numbers begin at 0; the thread ids of calls begin after that of the scenario. */
const FIRST_CALL = THREAD + 1;

/** The thread ids of the tasks of a race, which no call has. */
const FIRST_OF_RACE = 1_000_001;

const WHY = {
  suspended: 'suspended',
  blocked: 'blocked',
  retries: 'retries while others are suspended',
  deadlock: 'in a deadlock',
} as const;

/** The calls that are suspended at a moment, without the running one. */
function suspendedAt({ suspended, run }: Moment): readonly SuspendedStatement[] {
  return suspended.filter(({ task }) => task !== run?.task || run.suspended !== null);
}

function threadName(scenario: DebuggedScenario, { task }: SuspendedStatement): string {
  const found = stateOf(scenario.timeline.current).tasks.find(({ id }) => id === task);
  return found === undefined ? 'a call' : `${found.title} (${WHY[found.suspended ?? 'suspended']})`;
}

export function threadsAt(scenario: DebuggedScenario): readonly DebugProtocol.Thread[] {
  const tasks = tasksAt(scenario, scenario.timeline.current);
  if (tasks.length > 0) {
    return tasks.map((status) => ({
      id: FIRST_OF_RACE + status.task,
      name: statusText(scenario, status),
    }));
  }
  const name = scenario.branch === null ? 'scenario' : 'what if (a branch of the scenario)';
  const calls = suspendedAt(scenario.timeline.current).map((call) => ({
    id: FIRST_CALL + call.task,
    name: threadName(scenario, call),
  }));
  return [{ id: THREAD, name }, ...calls];
}

/** What a thread is. In a race, the scenario is whatever runs next without a person's choice. */
export type Thread =
  | { readonly kind: 'scenario' }
  | { readonly kind: 'call'; readonly call: SuspendedStatement }
  | { readonly kind: 'task'; readonly status: TaskStatus };

/** The thread in the arguments of a request. @throws RequestError if there is no such thread. */
export function askedThread(scenario: DebuggedScenario, args: Arguments): Thread {
  const thread = count(args, 'threadId');
  if (thread === THREAD) return { kind: 'scenario' };
  const { current } = scenario.timeline;
  const status = tasksAt(scenario, current).find(({ task }) => FIRST_OF_RACE + task === thread);
  if (status !== undefined) return { kind: 'task', status };
  const call = suspendedAt(current).find(({ task }) => FIRST_CALL + task === thread);
  if (call !== undefined) return { kind: 'call', call };
  const isTask = scenario.race?.tasks[thread - FIRST_OF_RACE] !== undefined;
  const why = isTask ? whyNoChoice(scenario, current) : null;
  throw new RequestError(why ?? `There is no thread ${thread}.`);
}

/**
 * The thread that a client selects at a stop.
 * @param stepped The task of the race that a person gave the turn, as an index; null if none.
 */
export function threadAtStop(scenario: DebuggedScenario, stepped: number | null): number {
  const { current } = scenario.timeline;
  const tasks = tasksAt(scenario, current);
  const running = taskAt(scenario.race, scenario.program, current);
  const selected =
    tasks.find(({ task }) => task === stepped) ?? tasks.find(({ task }) => task === running) ?? tasks[0];
  return selected === undefined ? THREAD : FIRST_OF_RACE + selected.task;
}
