import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createProtocolConnection,
  type DataCallback,
  type Diagnostic,
  type Disposable,
  type InitializeResult,
  LogMessageNotification,
  type Message,
  type MessageReader,
  type MessageWriter,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type TextEdit,
} from 'vscode-languageserver';
import { applyEdits } from '../../src/language';
import type { Budget } from '../../src/lsp/background-run/background-run';
import { startLanguageServer } from '../../src/lsp/server';

/** A client of the language server in the same process: messages go over as they would over a port. */

interface Pipe {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
}

function pipe(): Pipe {
  let receive: DataCallback | null = null;
  const waiting: Message[] = [];
  class Reader extends AbstractMessageReader {
    listen(callback: DataCallback): Disposable {
      receive = callback;
      for (const message of waiting.splice(0)) callback(message);
      return { dispose: () => undefined };
    }
  }
  class Writer extends AbstractMessageWriter {
    async write(message: Message): Promise<void> {
      const copy = structuredClone(message);
      if (receive === null) waiting.push(copy);
      else queueMicrotask(() => receive!(copy));
    }
    end(): void {}
  }
  return { reader: new Reader(), writer: new Writer() };
}

export const URI = 'file:///scenario.gmem';

/** One file, and two slots that are bound to it, the second at 2M. */
export const TWO_SLOTS = [
  'vm sw-protected',
  'gmem A size 4M',
  'slot 0 gpa 0x80000000 size 2M gmem A offset 0',
  'slot 1 gpa 0x90000000 size 1M gmem A offset 2M',
  '',
].join('\n');

export interface Client {
  readonly connection: ProtocolConnection;
  readonly initialize: (capabilities?: object, initializationOptions?: unknown) => Promise<InitializeResult>;
  /** Opens a text and waits for its diagnostics. */
  readonly open: (text: string, uri?: string) => Promise<readonly Diagnostic[]>;
  readonly change: (version: number, changes: readonly object[], uri?: string) => Promise<void>;
  /** The next diagnostics that are published for a version of a document. */
  readonly diagnostics: (version: number, uri?: string) => Promise<readonly Diagnostic[]>;
  /** What the server has logged. */
  readonly log: readonly string[];
  readonly exited: () => boolean;
  readonly dispose: () => void;
}

/** What a test sees must not depend on the speed of the machine. */
export const BY_STEPS: Budget = {
  steps: 200_000,
  total: 3_600_000,
  slice: 3_600_000,
  statements: 1_000_000,
  size: 100_000_000,
  states: 10_000,
};

export function startClient(serves: 'scenarios' | 'documents' = 'scenarios'): Client {
  const toServer = pipe();
  const toClient = pipe();
  let exited = false;
  const server = startLanguageServer({
    reader: toServer.reader,
    writer: toClient.writer,
    serves,
    typingPause: 0,
    budget: BY_STEPS,
    onExit: () => {
      exited = true;
    },
  });
  const connection = createProtocolConnection(toClient.reader, toServer.writer);
  const log: string[] = [];
  const published = new Map<string, readonly Diagnostic[]>();
  const waiting = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
  const key = (version: number | undefined, uri: string) => `${uri}#${version}`;
  connection.onNotification(LogMessageNotification.type, ({ message }) => {
    log.push(message);
  });
  connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, version, diagnostics }) => {
    published.set(key(version, uri), diagnostics);
    waiting.get(key(version, uri))?.(diagnostics);
    waiting.delete(key(version, uri));
  });
  connection.listen();

  const diagnostics: Client['diagnostics'] = (version, uri = URI) => {
    const known = published.get(key(version, uri));
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => waiting.set(key(version, uri), resolve));
  };
  return {
    connection,
    log,
    diagnostics,
    exited: () => exited,
    initialize: async (capabilities = {}, initializationOptions) => {
      const params = { processId: null, rootUri: null, capabilities, initializationOptions };
      const result = await connection.sendRequest<InitializeResult>('initialize', params);
      await connection.sendNotification('initialized', {});
      return result;
    },
    open: async (text, uri = URI) => {
      const textDocument = { uri, languageId: 'gmem', version: 1, text };
      await connection.sendNotification('textDocument/didOpen', { textDocument });
      return diagnostics(1, uri);
    },
    change: (version, contentChanges, uri = URI) =>
      connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges,
      }),
    dispose: () => {
      connection.dispose();
      server.dispose();
    },
  };
}

/** A running server with one text open; `|` in the text marks a place and is taken out. */
export async function openMarked(marked: string, capabilities: object = {}, options?: unknown) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const client = startClient();
  await client.initialize(capabilities, options);
  const diagnostics = await client.open(text);
  const lines = text.slice(0, Math.max(0, offset)).split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)!.length };
  const params = { textDocument: { uri: URI }, position };
  return { client, text, diagnostics, position, params };
}

/** The answer to one request at the mark of a text. */
export async function ask<R>(marked: string, method: string, more: object = {}, capabilities: object = {}) {
  const { client, text, params, diagnostics } = await openMarked(marked, capabilities);
  try {
    const found = await client.connection.sendRequest<R>(`textDocument/${method}`, { ...params, ...more });
    return { found, text, diagnostics };
  } finally {
    client.dispose();
  }
}

type Place = Diagnostic['range']['start'];

function offsetOf(text: string, { line, character }: Place): number {
  const lines = text.split('\n');
  return lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
}

/** The text of a range. */
export function textIn(text: string, range: Diagnostic['range']): string {
  return text.slice(offsetOf(text, range.start), offsetOf(text, range.end));
}

/** The text after edits of the protocol. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const spans = edits.map(({ range, newText }) => ({
    span: { start: offsetOf(text, range.start), end: offsetOf(text, range.end) },
    newText,
  }));
  return applyEdits(text, spans);
}
