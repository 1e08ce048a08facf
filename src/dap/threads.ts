/**
 * Threads: the scenario, which runs its statements one after the other, and each call that stands still meanwhile. The
 * one that runs is always the first: a call that goes on is a statement of the scenario again.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { type Arguments, count } from './arguments';
import { RequestError } from './errors';
import { type Moment, type Standing, stateOf } from './moment';
import type { DebuggedScenario } from './scenario';

export const THREAD = 1;

/** Numbers of tasks begin at 0, those of the threads of calls behind that of the scenario. */
const FIRST_CALL = THREAD + 1;

const WHY = {
  stands: 'suspended',
  waits: 'blocked',
  retries: 'retries while others are suspended',
  deadlock: 'in a deadlock',
} as const;

/** The calls that are suspended at a moment; not the one that runs. */
function standingAt({ standing, run }: Moment): readonly Standing[] {
  return standing.filter(({ task }) => task !== run?.task || run.still !== null);
}

function threadName(scenario: DebuggedScenario, { task }: Standing): string {
  const found = stateOf(scenario.timeline.current).tasks.find(({ id }) => id === task);
  return found === undefined ? 'a call' : `${found.title} (${WHY[found.still ?? 'stands']})`;
}

export function threadsAt(scenario: DebuggedScenario): readonly DebugProtocol.Thread[] {
  const name = scenario.branch === null ? 'scenario' : 'what if (a branch of the scenario)';
  const calls = standingAt(scenario.timeline.current).map((standing) => ({
    id: FIRST_CALL + standing.task,
    name: threadName(scenario, standing),
  }));
  return [{ id: THREAD, name }, ...calls];
}

/** The call of a thread; null for the scenario's own. @throws RequestError where there is no such thread. */
function callOfThread({ timeline }: DebuggedScenario, thread: number): Standing | null {
  if (thread === THREAD) return null;
  const found = standingAt(timeline.current).find(({ task }) => FIRST_CALL + task === thread);
  if (found === undefined) throw new RequestError(`There is no thread ${thread}.`);
  return found;
}

/** The thread that a request names. */
export function askedThread(scenario: DebuggedScenario, args: Arguments): Standing | null {
  return callOfThread(scenario, count(args, 'threadId'));
}
