/** A debug client in memory: sends requests, and keeps what comes back. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  DebugSession,
  type LineOutcome,
  OUTCOMES_EVENT,
  type OutcomesBody,
  outcomesAfter,
} from '../../src/dap/session';

export type Message = DebugProtocol.ProtocolMessage & {
  readonly event?: string;
  readonly command?: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies differ by command, and tests look at parts of them.
  readonly body?: any;
};

export const PROGRAM = '/scenarios/test.gmem';

/** What stands in the editor. */
interface InEditor {
  readonly uri: string;
  readonly run: number;
  readonly outcomes: readonly LineOutcome[];
}

export class TestClient {
  readonly messages: Message[] = [];
  readonly session: DebugSession;
  /** The texts in the client's editors, saved or not; files that it does not show are missing. */
  readonly editors: Record<string, string> = {};
  /** The texts of the runs so far. */
  readonly runs: string[] = [];
  /** Files are read once this is settled. */
  gate: Promise<unknown> = Promise.resolve();
  private inEditor: InEditor | null = null;
  private seq = 0;
  private readonly waiters: { readonly matches: (message: Message) => boolean; readonly done: () => void }[] =
    [];

  constructor(readonly files: Record<string, string> = {}) {
    this.session = new DebugSession({
      readFile: async (path) => {
        await this.gate;
        const text = this.files[path];
        if (text === undefined) throw new Error('there is no such file');
        return text;
      },
      shownText: (path) => this.editors[path],
      onRun: (text) => this.runs.push(text),
    });
    this.session.onDidSendMessage((sent) => {
      // As any transport would.
      const message: Message = JSON.parse(JSON.stringify(sent));
      this.messages.push(message);
      if (message.event === OUTCOMES_EVENT) {
        const { uri, run } = message.body as OutcomesBody;
        this.inEditor = { uri, run, outcomes: outcomesAfter(this.inEditor?.outcomes ?? [], message.body) };
      }
      for (const waiter of [...this.waiters]) if (waiter.matches(message)) waiter.done();
    });
  }

  /** The first message from `from` on that matches, now or later. */
  async wait(matches: (message: Message) => boolean, from = 0): Promise<Message> {
    const known = this.messages.slice(from).find(matches);
    if (known !== undefined) return known;
    await new Promise<void>((resolve) => {
      const waiter = { matches, done: () => {} };
      waiter.done = () => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        resolve();
      };
      this.waiters.push(waiter);
    });
    return this.messages.slice(from).find(matches)!;
  }

  /** Number of the last request. */
  get lastSeq(): number {
    return this.seq;
  }

  /** Sends a request, and gives its response, whether it says yes or no. */
  async ask(command: string, args?: unknown): Promise<Message> {
    this.seq++;
    const seq = this.seq;
    this.session.handleMessage({ seq, type: 'request', command, arguments: args });
    return this.wait((message) => message.type === 'response' && message.request_seq === seq);
  }

  /** Sends a request that must succeed, and gives the body of its response. */
  async request(command: string, args?: unknown) {
    const response = await this.ask(command, args);
    if (!response.success) throw new Error(`${command}: ${response.message}`);
    return response.body;
  }

  async event(name: string, from = 0): Promise<Message> {
    return this.wait((message) => message.type === 'event' && message.event === name, from);
  }

  /** Sends a request that moves the scenario, and gives what it comes to: `stopped` or `terminated`. */
  async move(command: string, args: object = { threadId: 1 }): Promise<Message> {
    const from = this.messages.length;
    await this.request(command, args);
    return this.wait(({ event }) => event === 'stopped' || event === 'terminated', from);
  }

  async initialize(args: object = {}): Promise<DebugProtocol.Capabilities> {
    return this.request('initialize', { adapterID: 'gmem', ...args });
  }

  /** Initializes, launches `text` and gives what it first comes to. */
  async start(text: string, args: object = {}, configure?: () => Promise<unknown>): Promise<Message> {
    this.files[PROGRAM] = text;
    await this.initialize();
    await this.request('launch', { program: PROGRAM, ...args });
    await this.event('initialized');
    await configure?.();
    return this.move('configurationDone', {});
  }

  async stack(): Promise<readonly DebugProtocol.StackFrame[]> {
    return (await this.request('stackTrace', { threadId: 1 })).stackFrames;
  }

  /** Evaluates from a frame, the innermost without one: the response, whether it says yes or no. */
  async evaluate(expression: string, context = 'watch', frame = 0): Promise<Message> {
    const frameId = (await this.stack())[frame]!.id;
    return this.ask('evaluate', { expression, context, frameId });
  }

  /** What the debug console says to a line. */
  async type(line: string): Promise<string> {
    const { success, message, body } = await this.evaluate(line, 'repl');
    return success ? body.result : `! ${message}`;
  }

  /** Goes on until the innermost frame is on a line. */
  async nextToLine(line: number): Promise<void> {
    while ((await this.stack())[0]!.line !== line) await this.move('next');
  }

  /** `name:line` of the innermost frame. */
  async top(): Promise<string> {
    const [frame] = await this.stack();
    return `${frame!.name}:${frame!.line}`;
  }

  async variables(variablesReference: number, part: object = {}): Promise<readonly DebugProtocol.Variable[]> {
    return (await this.request('variables', { variablesReference, ...part })).variables;
  }

  async scopes(frame = 0): Promise<readonly DebugProtocol.Scope[]> {
    const frameId = (await this.stack())[frame]!.id;
    return (await this.request('scopes', { frameId })).scopes;
  }

  /** Everything the variables view can show of a scope, indented by depth. */
  async tree(scope: string, frame = 0): Promise<string> {
    const found = (await this.scopes(frame)).find(({ name }) => name === scope);
    if (found === undefined) throw new Error(`there is no scope ${scope}`);
    return this.rowsOf(found.variablesReference);
  }

  /** The rows under a reference, indented by depth. */
  async rowsOf(variablesReference: number): Promise<string> {
    return (await this.rows(variablesReference, '')).join('\n');
  }

  private async rows(reference: number, indent: string): Promise<string[]> {
    const rows: string[] = [];
    for (const { name, value, variablesReference } of await this.variables(reference)) {
      rows.push(`${indent}${name}: ${value}`);
      if (variablesReference !== 0) rows.push(...(await this.rows(variablesReference, `${indent}  `)));
    }
    return rows;
  }

  /** What stands in the editor now. */
  outcomes(): InEditor {
    return this.inEditor!;
  }

  events(name: string): readonly Message[] {
    return this.messages.filter(({ event }) => event === name);
  }
}
