import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { DebugSession } from '../../../src/dap';
import { scenarios } from '../../../test/generators/scenarios';
import { snpScenarios } from '../../../test/generators/snp';

interface Message {
  readonly type: string;
  readonly event?: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: {
    readonly stackFrames?: readonly object[];
    readonly reason?: string;
    readonly text?: string;
  };
}

/** A debugger, and what it has sent. */
class Debugger {
  private readonly session: DebugSession;
  private readonly messages: Message[] = [];
  private seq = 0;
  private wake = () => {};

  constructor(text: string) {
    this.session = new DebugSession({ readFile: () => Promise.resolve(text) });
    this.session.onDidSendMessage((message) => {
      this.messages.push(JSON.parse(JSON.stringify(message)));
      this.wake();
    });
  }

  private async next(matches: (message: Message) => boolean, from: number): Promise<Message> {
    for (;;) {
      const found = this.messages.slice(from).find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  async ask(command: string, args: object = {}): Promise<Message> {
    const from = this.messages.length;
    const seq = ++this.seq;
    this.session.handleMessage({ seq, type: 'request', command, arguments: args });
    const answer = await this.next(({ request_seq }) => request_seq === seq, from);
    assert.doesNotMatch(answer.message ?? '', /The debugger failed/);
    return answer;
  }

  /** Moves, and returns where it stopped; null if the scenario is over. */
  async move(command: string, args: object = { threadId: 1 }): Promise<unknown> {
    const from = this.messages.length;
    const { success } = await this.ask(command, args);
    if (success === false) return this.stack();
    const { event, body } = await this.next(
      ({ event }) => event === 'stopped' || event === 'terminated',
      from,
    );
    assert.doesNotMatch(body?.text ?? '', /simulator failed/);
    return event === 'terminated' ? null : this.stack();
  }

  async stack(): Promise<unknown> {
    const { body } = await this.ask('stackTrace', { threadId: 1 });
    return body?.stackFrames?.map((frame) => ({ ...frame, id: 0 }));
  }

  dispose(): void {
    this.session.dispose();
  }
}

const MOVES = [
  'next',
  'stepIn',
  'stepOut',
  'continue',
  'stepBack',
  'reverseContinue',
  'gmemscope/stepBackInto',
];

export const walks = {
  name: 'walks',
  holds: 'the debugger answers every move, and a step back from a step into leads to where it began',
  property: fc.asyncProperty(
    fc.oneof(scenarios({ maxStatements: 10 }), snpScenarios({ maxStatements: 10 })),
    fc.array(fc.constantFrom(...MOVES), { maxLength: 30 }),
    async (text, moves) => {
      const debug = new Debugger(text);
      await debug.ask('initialize', { adapterID: 'gmem' });
      await debug.ask('launch', { program: '/a.gmem' });
      const begun = await debug.move('configurationDone', {});
      let isOver = begun === null;
      for (const command of moves) {
        if (isOver) break;
        const before = await debug.stack();
        isOver = (await debug.move(command)) === null;
        // From a call that has returned, a step back leads to the step before its return.
        if (command !== 'stepIn' || isOver || JSON.stringify(before).includes('(returned)')) continue;
        assert.deepEqual(await debug.move('stepBack', { threadId: 1, granularity: 'instruction' }), before);
      }
      if (!isOver) {
        // It also stops once at each kernel warning.
        let stopped: unknown = null;
        for (let stops = 0; stops < 1000 && !isDeepStrictEqual(stopped, begun); stops++)
          stopped = await debug.move('reverseContinue');
        assert.deepEqual(stopped, begun);
      }
      debug.dispose();
      return true;
    },
  ),
};
