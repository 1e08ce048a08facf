/** Writes down a debug session as somebody who sits before it sees it: what is asked, where it stops, what it shows. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LineOutcome } from '../../src/dap/session';
import { PROGRAM, TestClient } from './client';

export class Transcript {
  private readonly lines: string[] = [];
  private readonly client = new TestClient();
  private shown: ReadonlyMap<string, string> = new Map();
  private seen = 0;

  /** @param title says what the session is about */
  constructor(
    title: string,
    private readonly text: string,
  ) {
    const numbered = text.trimEnd().split('\n');
    this.lines.push(
      title,
      '',
      ...numbered.map((line, at) => `${String(at + 1).padStart(3)}  ${line}`.trimEnd()),
    );
  }

  toString(): string {
    return `${this.lines.join('\n')}\n`;
  }

  async launch(args: object = {}): Promise<void> {
    this.asked('launch', args);
    await this.stopped(await this.client.start(this.text, args));
  }

  /** A request that moves the scenario. */
  async move(command: string, args: object = {}): Promise<void> {
    this.asked(command, args);
    await this.stopped(await this.client.move(command, { threadId: 1, ...args }));
  }

  async breakpoints(...breakpoints: readonly DebugProtocol.SourceBreakpoint[]): Promise<void> {
    await this.set('setBreakpoints', { source: { path: PROGRAM }, breakpoints });
  }

  async functionBreakpoints(...breakpoints: readonly DebugProtocol.FunctionBreakpoint[]): Promise<void> {
    await this.set('setFunctionBreakpoints', { breakpoints });
  }

  async dataBreakpoints(...breakpoints: readonly DebugProtocol.DataBreakpoint[]): Promise<void> {
    await this.set('setDataBreakpoints', { breakpoints });
  }

  async exceptions(...filters: readonly string[]): Promise<void> {
    this.asked('setExceptionBreakpoints', { filters });
    await this.client.request('setExceptionBreakpoints', { filters });
  }

  /** The rows of a scope, opened to a depth. */
  async variables(scope: string, depth = Number.POSITIVE_INFINITY, frame = 0): Promise<void> {
    this.asked(`variables of ${scope}`, frame === 0 ? {} : { frame });
    const rows = (await this.client.tree(scope, frame)).split('\n');
    this.say(...rows.filter((row) => /^ */.exec(row)![0].length / 2 < depth));
  }

  /** Evaluates expressions as the watch view does. */
  async watch(...expressions: readonly string[]): Promise<void> {
    for (const expression of expressions) {
      this.asked(`watch ${expression}`);
      const { success, message, body } = await this.client.evaluate(expression);
      this.say(success ? body.result : `! ${message}`);
    }
  }

  /** What the debug console says to a line; where the line moves the session, also where it is then. */
  async type(line: string): Promise<void> {
    this.asked(`type ${line}`);
    const from = this.client.messages.length;
    this.say(...(await this.client.type(line)).split('\n'));
    await this.client.request('threads');
    const stop = this.client.messages.slice(from).find(({ event }) => event === 'stopped');
    if (stop !== undefined) await this.stopped(stop);
  }

  /** Every thread with its stack. */
  async threads(): Promise<void> {
    this.asked('threads');
    const threads: readonly DebugProtocol.Thread[] = (await this.client.request('threads')).threads;
    for (const { id, name } of threads) {
      this.say(name);
      await this.stack(id, '  ');
    }
  }

  /** The thread whose name begins so. */
  async threadId(name: string): Promise<number> {
    const threads: readonly DebugProtocol.Thread[] = (await this.client.request('threads')).threads;
    const found = threads.find((thread) => thread.name.startsWith(name));
    if (found === undefined) throw new Error(`there is no thread ${name}`);
    return found.id;
  }

  /** Steps into the target whose label begins so. */
  async stepInto(label: string, thread: string): Promise<void> {
    const threadId = await this.threadId(thread);
    const { stackFrames } = await this.client.request('stackTrace', { threadId });
    this.asked(`stepInTargets of ${thread}`);
    const { targets } = await this.client.request('stepInTargets', { frameId: stackFrames[0].id });
    for (const target of targets) this.say(target.label);
    const found = targets.find((target: DebugProtocol.StepInTarget) => target.label.startsWith(label));
    this.asked(`stepIn`, { thread, target: label });
    await this.stopped(await this.client.move('stepIn', { threadId, targetId: found.id }));
  }

  /** A step of the thread whose name begins so. */
  async stepThread(command: string, thread: string): Promise<void> {
    this.asked(command, { thread });
    await this.stopped(await this.client.move(command, { threadId: await this.threadId(thread) }));
  }

  private async set(
    command: string,
    args: { readonly source?: object; readonly breakpoints: readonly object[] },
  ): Promise<void> {
    for (const breakpoint of args.breakpoints) this.asked(command, breakpoint);
    if (args.breakpoints.length === 0) this.asked(command, { none: true });
    const { breakpoints } = await this.client.request(command, args);
    for (const { verified, message } of breakpoints) {
      if (!verified || message !== undefined) this.say(`${verified ? 'verified' : 'refused'}: ${message}`);
    }
  }

  private asked(what: string, args: object = {}): void {
    const words = Object.entries(args).map(([name, value]) =>
      value === true ? name : `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
    );
    this.lines.push('', `> ${[what, ...words].join(' ')}`);
  }

  private say(...lines: readonly string[]): void {
    this.lines.push(...lines.map((line) => `  ${line}`.trimEnd()));
  }

  /** Where it has stopped, and what is new in the editor and in the console. */
  private async stopped({
    event,
    body,
  }: {
    readonly event?: string;
    readonly body?: DebugProtocol.StoppedEvent['body'];
  }) {
    if (event === 'terminated') {
      this.say('terminated');
    } else {
      const words = [body!.reason, body!.description, body!.text];
      this.say(`stopped: ${[...new Set(words.filter((word) => word !== undefined))].join(' | ')}`);
      await this.stack(body!.threadId ?? 1, '  ');
    }
    this.newOutcomes();
    this.newOutput();
  }

  private async stack(threadId: number, indent: string): Promise<void> {
    const { stackFrames } = await this.client.request('stackTrace', { threadId });
    for (const { name, line, source } of stackFrames as readonly DebugProtocol.StackFrame[]) {
      this.say(`${indent}${name}, line ${line}: ${await this.lineOf(source!, line)}`);
    }
  }

  private async lineOf(source: DebugProtocol.Source, line: number): Promise<string> {
    const text =
      source.path === PROGRAM
        ? this.text
        : (await this.client.request('source', { source, ...source })).content;
    return text.split('\n')[line - 1]?.trim().replace(/\s+/g, ' ') || '(the end)';
  }

  private newOutcomes(): void {
    const now = new Map(this.client.outcomes().outcomes.map((outcome) => [placeOf(outcome), outcome.text]));
    for (const [place, text] of now) if (text !== this.shown.get(place)) this.say(`${place}: ${text}`);
    for (const place of this.shown.keys()) if (!now.has(place)) this.say(`${place}: nothing any more`);
    this.shown = now;
  }

  private newOutput(): void {
    const output = this.client.events('output').slice(this.seen);
    this.seen += output.length;
    const inEditor = [...this.shown.values()];
    for (const { body } of output) {
      const text: string = body.output.trimEnd();
      // The console repeats what a statement did, which the editor has already.
      if (inEditor.some((outcome) => text.endsWith(`: ${outcome}`))) continue;
      for (const line of text.split('\n')) this.say(`console: ${line}`);
    }
  }
}

function placeOf({ line0, kind }: LineOutcome): string {
  const what = { statement: '', 'what-if': ', what if', slot: ', the slot' }[kind];
  return `behind line ${line0 + 1}${what}`;
}
