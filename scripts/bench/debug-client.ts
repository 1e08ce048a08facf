/** A client of a debug adapter, which waits for one message at a time. */
import type { DebugProtocol } from '@vscode/debugprotocol';

type Body = Record<string, unknown>;

/** An adapter without a transport. */
export interface Adapter {
  readonly handleMessage: (message: DebugProtocol.ProtocolMessage) => void;
  readonly onDidSendMessage: (listener: (message: object) => unknown) => unknown;
}

export class Client {
  private seq = 0;
  private readonly waiting = new Map<string, (body: Body) => void>();

  constructor(private readonly adapter: Adapter) {
    adapter.onDidSendMessage((message) => {
      const { type, event, request_seq, body } = message as {
        type: string;
        event?: string;
        request_seq?: number;
        body?: Body;
      };
      const key = type === 'event' ? String(event) : `response ${request_seq}`;
      this.waiting.get(key)?.(body ?? {});
      this.waiting.delete(key);
    });
  }

  next(key: string): Promise<Body> {
    return new Promise((resolve) => this.waiting.set(key, resolve));
  }

  request(command: string, args: unknown = {}): Promise<Body> {
    const seq = ++this.seq;
    const response = this.next(`response ${seq}`);
    const message = { seq, type: 'request', command, arguments: args };
    this.adapter.handleMessage(message);
    return response;
  }

  async move(command: string): Promise<void> {
    const stopped = this.next('stopped');
    await this.request(command, { threadId: 1 });
    await stopped;
  }

  /** Up to the stop before the first statement. */
  async launch(): Promise<void> {
    const initialized = this.next('initialized');
    await this.request('initialize', { adapterID: 'bench', pathFormat: 'path' });
    const stopped = this.next('stopped');
    const launched = this.request('launch', { program: '/bench.gmem', stopOnEntry: true });
    await initialized;
    await this.request('configurationDone');
    await Promise.all([launched, stopped]);
  }

  /** What VS Code requests after a stop: the call stack, and the variables of the first scope. */
  async look(): Promise<void> {
    await this.request('threads');
    const { stackFrames } = await this.request('stackTrace', { threadId: 1, startFrame: 0, levels: 20 });
    const { scopes } = await this.request('scopes', {
      frameId: (stackFrames as readonly { readonly id: number }[])[0]?.id,
    });
    const [first] = scopes as readonly { readonly variablesReference: number }[];
    await this.request('variables', { variablesReference: first?.variablesReference });
  }
}
