/**
 * Threads: the first is the scenario, which runs its statements in order; each suspended call is another. Only the
 * first thread runs: a resumed call becomes a statement of the scenario again.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { stateOf } from '../simulator';
import { type Arguments, count } from './arguments';
import { RequestError } from './errors';
import type { Moment, SuspendedStatement } from './moment';
import type { DebuggedScenario } from './scenario';

export const THREAD = 1;

/** Task numbers begin at 0; the thread ids of calls begin after that of the scenario. */
const FIRST_CALL = THREAD + 1;

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
  const name = scenario.branch === null ? 'scenario' : 'what if (a branch of the scenario)';
  const calls = suspendedAt(scenario.timeline.current).map((call) => ({
    id: FIRST_CALL + call.task,
    name: threadName(scenario, call),
  }));
  return [{ id: THREAD, name }, ...calls];
}

/** The call of a thread; null for the scenario. @throws RequestError if there is no such thread. */
function callOfThread({ timeline }: DebuggedScenario, thread: number): SuspendedStatement | null {
  if (thread === THREAD) return null;
  const found = suspendedAt(timeline.current).find(({ task }) => FIRST_CALL + task === thread);
  if (found === undefined) throw new RequestError(`There is no thread ${thread}.`);
  return found;
}

/** The thread in the arguments of a request. */
export function askedThread(scenario: DebuggedScenario, args: Arguments): SuspendedStatement | null {
  return callOfThread(scenario, count(args, 'threadId'));
}
