import {
  type Connection,
  createConnection,
  createProtocolConnection,
  type MessageReader,
  type MessageWriter,
} from 'vscode-languageserver';
import { createDocuments } from './documents';
import { CAPABILITIES, registerFeatures } from './features';
import { beginSession, type Session } from './session';
import { synchronise, TYPING_PAUSE } from './synchronise';

/**
 * The language server, over any message transport. The host makes reader and writer with
 * `vscode-languageserver/node` or `vscode-languageserver/browser`, which also bring the timers and encoders
 * of that host.
 */

export interface ServerOptions {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
  /** Milliseconds without typing after which a text is checked. */
  readonly typingPause?: number;
  /** The client has asked the server to exit; the connection is closed. */
  readonly onExit?: () => void;
}

export interface LanguageServer {
  readonly dispose: () => void;
}

function connect({ reader, writer }: ServerOptions): Connection {
  const watchDog = { shutdownReceived: false, initialize: () => undefined, exit: () => undefined };
  return createConnection((logger) => createProtocolConnection(reader, writer, logger), watchDog);
}

/** Starts a server that answers until its client says `exit`, or until it is disposed of. */
export function startLanguageServer(options: ServerOptions): LanguageServer {
  const connection = connect(options);
  const session: Session = { phase: 'new', snippets: false, documents: createDocuments() };
  connection.onInitialize((params) => {
    beginSession(session, params);
    return { capabilities: CAPABILITIES, serverInfo: { name: 'gmemscope' } };
  });
  connection.onShutdown(() => {
    session.phase = 'shut-down';
  });
  registerFeatures(connection, session);
  const giveUp = synchronise(connection, session, options.typingPause ?? TYPING_PAUSE);
  let disposed = false;
  const dispose = () => {
    if (disposed) return;
    disposed = true;
    giveUp();
    connection.dispose();
  };
  connection.onExit(() => {
    dispose();
    options.onExit?.();
  });
  connection.listen();
  return { dispose };
}
