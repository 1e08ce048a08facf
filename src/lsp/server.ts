import {
  type Connection,
  createConnection,
  createProtocolConnection,
  type Logger,
  type MessageReader,
  type MessageWriter,
} from 'vscode-languageserver';
import { type Budget, FENCE_BUDGET, TYPING_BUDGET } from './background-run/background-run';
import { diagnose } from './diagnostics';
import { createDocuments } from './documents';
import { capabilitiesFor, registerFeatures } from './features';
import { diagnoseFences } from './fences/diagnostics';
import { createFencedDocuments } from './fences/documents';
import { FENCE_CAPABILITIES, registerFences } from './fences/features';
import { followSettings } from './follow-settings';
import { ensureRuntime } from './runtime';
import { beginSession, createSession } from './session';
import { synchronise, TYPING_PAUSE } from './synchronise';

/**
 * The language server, over any message transport: reader and writer may come from any library.
 */

export interface ServerOptions {
  readonly reader: MessageReader;
  readonly writer: MessageWriter;
  /** Serves scenario files, or documents that contain scenarios; in those, it covers only the scenarios. */
  readonly serves?: 'scenarios' | 'documents';
  /** Milliseconds without typing after which a text is checked. */
  readonly typingPause?: number;
  /** The budget of background runs. */
  readonly budget?: Budget;
  /** Called with the id of the client's process, if it names one. */
  readonly onClient?: (processId: number) => void;
  /** Called when the client asks the server to exit; `orderly` if after a `shutdown`. The connection is closed. */
  readonly onExit?: (orderly: boolean) => void;
}

export interface LanguageServer {
  readonly dispose: () => void;
}

/** The client's log. Messages are dropped after the connection has closed. */
function untilClosed(log: Logger): Logger {
  const quietly = (write: (message: string) => void) => (message: string) => {
    try {
      write(message);
    } catch {
      // The connection is closed.
    }
  };
  return {
    error: quietly((message) => log.error(message)),
    warn: quietly((message) => log.warn(message)),
    info: quietly((message) => log.info(message)),
    log: quietly((message) => log.log(message)),
  };
}

function connect({ reader, writer }: ServerOptions): Connection {
  const watchDog = { shutdownReceived: false, initialize: () => undefined, exit: () => undefined };
  return createConnection(
    (logger) => createProtocolConnection(reader, writer, untilClosed(logger)),
    watchDog,
  );
}

/** Starts a server that runs until its client sends `exit` or until it is disposed. */
export function startLanguageServer(options: ServerOptions): LanguageServer {
  const { serves = 'scenarios', typingPause = TYPING_PAUSE, onClient, onExit } = options;
  const { budget = serves === 'documents' ? FENCE_BUDGET : TYPING_BUDGET } = options;
  ensureRuntime();
  const connection = connect(options);
  const session = createSession(createDocuments(budget));
  const serve = () => {
    if (serves === 'documents') {
      const documents = createFencedDocuments(budget);
      registerFences(connection, session, documents);
      return synchronise(connection, session, { documents, diagnose: diagnoseFences }, typingPause);
    }
    registerFeatures(connection, session);
    followSettings(connection, session);
    return synchronise(connection, session, { documents: session.documents, diagnose }, typingPause);
  };
  connection.onInitialize((params) => {
    beginSession(session, params);
    const { processId }: { readonly processId?: unknown } = params;
    if (Number.isSafeInteger(processId) && (processId as number) > 0) onClient?.(processId as number);
    const capabilities = serves === 'documents' ? FENCE_CAPABILITIES : capabilitiesFor(session.abilities);
    return { capabilities, serverInfo: { name: 'gmemscope' } };
  });
  connection.onShutdown(() => {
    session.phase = 'shut-down';
  });
  const giveUp = serve();
  let disposed = false;
  const dispose = () => {
    if (disposed) return;
    disposed = true;
    giveUp();
    connection.dispose();
  };
  connection.onExit(() => {
    dispose();
    onExit?.(session.phase === 'shut-down');
  });
  connection.listen();
  return { dispose };
}
