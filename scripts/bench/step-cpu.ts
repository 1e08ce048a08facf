/**
 * CPU time of a debug step, compared with the least that an adapter can do: one that answers the same requests with
 * constants, made with the library that most adapters for VS Code use.
 */
import { DebugSession as Constants } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DebugSession } from '../../src/dap/session';
import { type Adapter, Client } from './debug-client';
import { printTargets, type Quantity } from './measure';

/** Answers each request at once, and always with the same. */
class ConstantAdapter extends Constants {
  protected override dispatchRequest(request: DebugProtocol.Request): void {
    const { command, seq } = request;
    this.sendResponse({
      seq: 0,
      type: 'response',
      request_seq: seq,
      success: true,
      command,
      body: BODIES[command],
    });
    const event = EVENTS[command];
    if (event !== undefined) this.sendEvent({ seq: 0, type: 'event', ...event });
  }
}

const BODIES: Readonly<Record<string, object>> = {
  threads: { threads: [{ id: 1, name: 'main' }] },
  stackTrace: { stackFrames: [{ id: 1, name: 'line', line: 1, column: 1 }], totalFrames: 1 },
  scopes: { scopes: [{ name: 'Locals', variablesReference: 1, expensive: false }] },
  variables: { variables: [{ name: 'a', value: '1', variablesReference: 0 }] },
};

const STOPPED = { event: 'stopped', body: { reason: 'step', threadId: 1, allThreadsStopped: true } };

const EVENTS: Readonly<Record<string, { readonly event: string; readonly body?: object }>> = {
  initialize: { event: 'initialized' },
  configurationDone: STOPPED,
  next: STOPPED,
  stepIn: STOPPED,
};

/** The adapter with every message sent as text, as between the processes of VS Code. */
function throughText(adapter: Adapter): Adapter {
  const copy = <T extends object>(message: T): T => JSON.parse(JSON.stringify(message));
  return {
    handleMessage: (message) => adapter.handleMessage(copy(message)),
    onDidSendMessage: (listener) => adapter.onDidSendMessage((message) => listener(copy(message))),
  };
}

/** Steps measured together, and how often: the median of these is printed. */
const STEPS = 50;
const ROUNDS = 20;

/** Median microseconds of CPU time in user mode for a step with all that is requested after it. */
async function stepTime(client: Client, command: 'next' | 'stepIn'): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let step = 0; step < STEPS; step++) {
      await client.move(command);
      await client.look();
    }
    times.push(process.cpuUsage(before).user / STEPS);
  }
  return times.sort((a, b) => a - b)[ROUNDS / 2] ?? 0;
}

/** @param text A scenario of more than STEPS * ROUNDS statements. */
export async function benchStepCpu(text: string): Promise<void> {
  const quantities: Quantity[] = [];
  for (const command of ['next', 'stepIn'] as const) {
    const times: number[] = [];
    for (const adapter of [new ConstantAdapter(), new DebugSession({ readFile: async () => text })]) {
      const client = new Client(throughText(adapter));
      await client.launch();
      times.push(await stepTime(client, command));
    }
    const [constants = 0, ours = 0] = times;
    quantities.push(
      { name: `${command}: constants`, value: constants, unit: 'µs', target: null },
      { name: `${command}: a scenario`, value: ours, unit: 'µs', target: null },
      { name: `${command}: ratio`, value: ours / constants, unit: '×', target: null },
    );
  }
  printTargets('Debugger: CPU time of a step, and of an adapter that answers with constants', quantities);
}
