/**
 * `gmemscope lsp` and `gmemscope dap`: the language server and the debug adapter for editors that start a process and
 * talk to it over standard input and output. Both protocols frame messages in the same way.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Message, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { DebugSession } from '../dap';
import { startLanguageServer } from '../lsp';
import { checkServerCommandLine } from './command-line';
import { FAILED, OK } from './exit';
import { readText } from './scenario-file';

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
  const reader = new StreamMessageReader(input);
  const writer = new StreamMessageWriter(output);
  const { promise, resolve: end } = endOf<number>();
  reader.onClose(() => end(FAILED));
  reader.onError((error) => {
    console.error(`gmemscope: the client sent an invalid message: ${error.message}`);
    end(FAILED);
  });
  const server = serve({ reader, writer }, end);
  const status = await promise;
  server.dispose();
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

/** `gmemscope lsp`. Returns the exit status that the protocol requires: 1 if `exit` came without `shutdown`. */
export function languageServer(args: readonly string[], streams: Streams): Promise<number> {
  checkServerCommandLine('lsp', args);
  return serveOver(streams, ({ reader, writer }, end) =>
    startLanguageServer({ reader, writer, onExit: (orderly) => end(orderly ? OK : FAILED) }),
  );
}

/** Debug clients name files by path or, if they say so, by URI. */
function pathOf(program: string): string {
  return program.startsWith('file:') ? fileURLToPath(program) : program;
}

/** The debugger follows edits once they are saved: the texts of the editor itself are not known here. */
const DEBUG_HOST = {
  readFile: (program: string) => readText(pathOf(program)),
  shownText: (program: string) => readFileSync(pathOf(program), 'utf8'),
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
