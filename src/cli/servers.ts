/**
 * `gmemscope lsp` and `gmemscope dap`: the language server and the debug adapter for editors that start a process and
 * talk to it over standard input and output. Both protocols frame messages in the same way.
 */
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Message, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { DebugSession } from '../dap';
import { startLanguageServer } from '../lsp';
import { checkServerCommandLine } from './command-line';
import { FAILED, OK } from './exit';
import { checkedFrames } from './frames';
import { printError } from './output';
import { readText, readTextNow } from './scenario-file';

export interface Streams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

interface Transport {
  readonly reader: StreamMessageReader;
  readonly writer: StreamMessageWriter;
}

/** Runs what `serve` starts until it calls `end`, the client disconnects, or the client sends an invalid message. */
async function serveOver(
  { input, output }: Streams,
  serve: (transport: Transport, end: (status: number) => void) => { dispose(): void },
): Promise<number> {
  const frames = checkedFrames();
  // The reader below reports the errors of both.
  pipeline(input, frames, () => {});
  const reader = new StreamMessageReader(frames);
  const writer = new StreamMessageWriter(output);
  const { promise, resolve: end } = endOf<number>();
  reader.onClose(() => end(FAILED));
  let isInvalid = false;
  reader.onError((error) => {
    // After an invalid message, the rest of the input is meaningless.
    if (isInvalid) return;
    isInvalid = true;
    printError(
      `gmemscope: the client sent an invalid message: ${error.message.replaceAll(/\s+/g, ' ').trim()}`,
    );
    end(FAILED);
  });
  const server = serve({ reader, writer }, end);
  const status = await promise;
  server.dispose();
  frames.destroy();
  // An open input would keep the process alive.
  input.destroy();
  return status;
}

function endOf<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Milliseconds between two checks of the client's process. */
const LOOK_EVERY = 2000;

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // A process of another user is alive, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Calls `onGone` when a process has ended: a client that is killed may leave the pipe open in a child of its own. The
 * protocol asks a server to end then. Returns a function that stops watching.
 */
function watchProcess(processId: number, onGone: () => void): () => void {
  const timer = setInterval(() => !isAlive(processId) && onGone(), LOOK_EVERY);
  return () => clearInterval(timer);
}

/** `gmemscope lsp`. Returns the exit status that the protocol requires: 1 if `exit` came without `shutdown`. */
export function languageServer(args: readonly string[], streams: Streams): Promise<number> {
  checkServerCommandLine('lsp', args);
  return serveOver(streams, ({ reader, writer }, end) => {
    let unwatch = () => {};
    const server = startLanguageServer({
      reader,
      writer,
      onClient: (processId) => {
        unwatch = watchProcess(processId, () => end(FAILED));
      },
      onExit: (orderly) => end(orderly ? OK : FAILED),
    });
    return {
      dispose: () => {
        unwatch();
        server.dispose();
      },
    };
  });
}

/** Debug clients name files by path or, if they say so, by URI. */
function pathOf(program: string): string {
  return program.startsWith('file:') ? fileURLToPath(program) : program;
}

/** The debugger follows edits once they are saved: the texts of the editor itself are not known here. */
const DEBUG_HOST = {
  readFile: (program: string) => readText(pathOf(program)),
  shownText: (program: string) => readTextNow(pathOf(program)),
};

/** `gmemscope dap`: one session, which ends with the client's `disconnect`. Returns the exit status. */
export function debugAdapter(args: readonly string[], streams: Streams): Promise<number> {
  checkServerCommandLine('dap', args);
  return serveOver(streams, ({ reader, writer }, end) => {
    const session = new DebugSession(DEBUG_HOST);
    session.onDidSendMessage((message) => {
      const sent = writer.write(message as unknown as Message);
      const last = message.type === 'response' && 'command' in message && message.command === 'disconnect';
      sent.then(
        () => last && end(OK),
        () => end(FAILED),
      );
    });
    reader.listen((message) => session.handleMessage(message));
    return session;
  });
}
