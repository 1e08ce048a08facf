/**
 * The debug adapter: takes and sends messages of the Debug Adapter Protocol. It needs no process and no transport, and
 * implements `vscode.DebugAdapter`.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { argumentsOf, isRecord } from './arguments';
import { HitCounts } from './breakpoints/hit-counts';
import { ALWAYS } from './breakpoints/rule';
import { BreakpointSet } from './breakpoints/set';
import { DEFAULT_CLIENT } from './client';
import type { Context, Reply } from './context';
import { Edits } from './edited';
import { RequestError } from './errors';
import { DEFAULT_FILTERS } from './exceptions';
import type { DebugHost } from './host';
import { Progress } from './progress';
import { REQUESTS, refusal } from './requests';
import { Runner } from './runner';
import { printLog, printOutcomes, stopAt } from './stopping';
import { References } from './variables/references';

export type { Tone } from '../outcome';
export type { DebugHost } from './host';
export { type LineOutcome, OUTCOMES_EVENT, type OutcomesBody, outcomesAfter } from './outcomes';
export type { MemoryMapBody } from './requests/memory-map';

export type Listener = (message: DebugProtocol.ProtocolMessage) => unknown;

/** Id of all errors; clients show the text. */
const ERROR_ID = 1;

export class DebugSession {
  private readonly listeners = new Set<Listener>();
  private readonly context: Context;
  private lastSeq = 0;

  constructor(host: DebugHost) {
    const progress = new Progress();
    const runner = new Runner({
      begun: () => progress.begin(),
      progressed: () => {
        printOutcomes(this.context);
        progress.advance(this.context);
      },
      ended: () => progress.end(this.context),
      stopped: (stop) => stopAt(this.context, stop),
    });
    let lastBreakpoint = 0;
    const nextBreakpointId = () => ++lastBreakpoint;
    this.context = {
      host,
      edits: new Edits(host),
      runner,
      sendEvent: (event, body) =>
        this.send({ type: 'event', event, ...(body === undefined ? {} : { body }) }),
      breakpoints: new BreakpointSet(nextBreakpointId),
      dataBreakpoints: [],
      namedWatches: [],
      hitCounts: new HitCounts(),
      nextBreakpointId,
      log: (text) => printLog(this.context, text),
      locators: new Map(),
      filters: new Map(DEFAULT_FILTERS.map((filter) => [filter, ALWAYS])),
      told: new Set(),
      frames: new References(),
      children: new References(),
      jumpTargets: new References(),
      memoryRead: new Set(),
      stepInTargets: new References(),
      focus: null,
      stepped: null,
      client: DEFAULT_CLIENT,
      phase: 'new',
      options: null,
      scenario: null,
      run: 0,
      shown: [],
      stop: null,
      endsAtEnd: false,
      awaited: null,
    };
  }

  /** Calls `listener` with every message to the client, until the result is disposed. */
  onDidSendMessage(listener: Listener): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /** Handles a message of the client. Never throws: errors are reported in the response. */
  handleMessage(message: unknown): void {
    if (!isRecord(message) || message.type !== 'request') return;
    const seq = Number.isSafeInteger(message.seq) ? (message.seq as number) : 0;
    const command = typeof message.command === 'string' ? message.command : '';
    let reply: Reply | Promise<Reply>;
    try {
      reply = this.serve(command, message.arguments);
    } catch (error) {
      this.refuse(seq, command, error);
      return;
    }
    if (!(reply instanceof Promise)) {
      this.answer(seq, command, reply);
      return;
    }
    reply.then(
      (settled) => this.answer(seq, command, settled),
      (error) => this.refuse(seq, command, error),
    );
  }

  /** Ends the session without sending anything. */
  dispose(): void {
    this.context.runner.cancel();
    this.context.phase = 'ended';
    this.listeners.clear();
  }

  private serve(command: string, args: unknown): Reply | Promise<Reply> {
    const request = REQUESTS.get(command);
    if (request === undefined) {
      throw new RequestError(
        command === '' ? 'The request has no command.' : `There is no request ${command.slice(0, 80)}.`,
      );
    }
    const why = refusal(request, command, this.context.phase);
    if (why !== null) throw new RequestError(why);
    return request.handle(this.context, argumentsOf(args));
  }

  private answer(seq: number, command: string, { body, after }: Reply): void {
    this.respond(seq, command, { success: true, ...(body === undefined ? {} : { body }) });
    after?.();
  }

  private refuse(seq: number, command: string, error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    const format = error instanceof RequestError ? text : `The debugger failed: ${text}`;
    // After the end, a client may still query what it showed: do not show those errors to the user. Callers of
    // the custom requests report errors on their own.
    const quiet = (error instanceof RequestError && error.quiet) || command.startsWith('gmemscope/');
    const showUser = this.context.phase !== 'ended' && !quiet;
    const body = { error: { id: ERROR_ID, format, showUser } };
    this.respond(seq, command, { success: false, message: format, body });
  }

  private respond(seq: number, command: string, rest: object): void {
    this.send({ type: 'response', request_seq: seq, command, ...rest });
  }

  private send(message: { readonly type: string; readonly [key: string]: unknown }): void {
    this.lastSeq++;
    const numbered = { seq: this.lastSeq, ...message };
    for (const listener of [...this.listeners]) listener(numbered);
  }
}
