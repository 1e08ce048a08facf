/**
 * Threads: the scenario, which runs its statements one after the other, and each call that is suspended meanwhile. The
 * one that runs is always the first: a call that goes on is a statement of the scenario again.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { stateOf } from '../simulator';
import { type Arguments, count } from './arguments';
import { RequestError } from './errors';
import type { Moment, SuspendedStatement } from './moment';
import type { DebuggedScenario } from './scenario';

export const THREAD = 1;

/** Numbers of tasks begin at 0, those of the threads of calls behind that of the scenario. */
const FIRST_CALL = THREAD + 1;

const WHY = {
  suspended: 'suspended',
  blocked: 'blocked',
  retries: 'retries while others are suspended',
  deadlock: 'in a deadlock',
} as const;

/** The calls that are suspended at a moment; not the one that runs. */
function suspendedAt({ suspended, run }: Moment): readonly SuspendedStatement[] {
  return suspended.filter(({ task }) => task !== run?.task || run.suspended !== null);
}

function threadName(scenario: DebuggedScenario, { task }: SuspendedStatement): string {
  const found = stateOf(scenario.timeline.current).tasks.find(({ id }) => id === task);
  return found === undefined ? 'a call' : `${found.title} (${WHY[found.suspended ?? 'suspended']})`;
}

export function threadsAt(scenario: DebuggedScenario): readonly DebugProtocol.Thread[] {
  const name = scenario.branch === null ? 'scenario' : 'what if (a branch of the scenario)';
  const calls = suspendedAt(scenario.timeline.current).map((call) => ({
    id: FIRST_CALL + call.task,
    name: threadName(scenario, call),
  }));
  return [{ id: THREAD, name }, ...calls];
}

/** The call of a thread; null for the scenario's own. @throws RequestError where there is no such thread. */
function callOfThread({ timeline }: DebuggedScenario, thread: number): SuspendedStatement | null {
  if (thread === THREAD) return null;
  const found = suspendedAt(timeline.current).find(({ task }) => FIRST_CALL + task === thread);
  if (found === undefined) throw new RequestError(`There is no thread ${thread}.`);
  return found;
}

/** The thread that a request names. */
export function askedThread(scenario: DebuggedScenario, args: Arguments): SuspendedStatement | null {
  return callOfThread(scenario, count(args, 'threadId'));
}
