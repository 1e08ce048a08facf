import { type Disposable, workspace } from 'vscode';
import {
  BaseLanguageClient,
  BrowserMessageReader,
  BrowserMessageWriter,
  InlayHintRequest,
  type LanguageClientOptions,
  type MessageTransports,
  type Middleware,
} from 'vscode-languageclient/browser';
import { type LanguageServer, startLanguageServer } from '../lsp';
import type { InlineOutcomes } from './decorations';
import { isFile, openDocument } from './documents';

/**
 * Diagnostics and other results for a file are not shown in its other versions, because the Problems view would list them
 * under the name of the file.
 * Hovers, navigation and colours help in any version of a text.
 */
const ONLY_FILES = {
  handleDiagnostics: (uri, diagnostics, next) => {
    const document = openDocument(uri);
    next(uri, document === undefined || isFile(document) ? diagnostics : []);
  },
  provideCodeLenses: (document, token, next) => (isFile(document) ? next(document, token) : []),
  provideInlayHints: (document, viewPort, token, next) =>
    isFile(document) ? next(document, viewPort, token) : [],
} satisfies Middleware;

/**
 * A client whose server runs in the same extension host: they talk over a MessageChannel, which both Node and browsers
 * have. A worker would need an address that its host may not allow, and browsers have no processes.
 */
export class InProcessClient extends BaseLanguageClient {
  private server: LanguageServer | undefined;
  private isStopping = false;

  /** @param serves What the server is for: scenarios, or documents that contain them. */
  constructor(
    private readonly serves: 'scenarios' | 'documents',
    options: LanguageClientOptions,
  ) {
    super(`gmemscope-${serves}`, 'gmemscope', {
      ...options,
      middleware: { ...ONLY_FILES, ...options.middleware },
    });
  }

  override async stop(timeout?: number): Promise<void> {
    this.isStopping = true;
    try {
      await super.stop(timeout);
    } finally {
      this.isStopping = false;
      this.server?.dispose();
    }
  }

  /** VS Code sends requests until the client has stopped. A request that the server refuses meanwhile is not an error. */
  override handleFailedRequest<T>(
    ...[type, token, error, otherwise, ...rest]: Parameters<BaseLanguageClient['handleFailedRequest']>
  ): T {
    if (this.isStopping) return otherwise as T;
    return super.handleFailedRequest(type, token, error, otherwise as T, ...rest);
  }

  protected override createMessageTransports(): Promise<MessageTransports> {
    const { port1, port2 } = new MessageChannel();
    this.server?.dispose();
    this.server = startLanguageServer({
      serves: this.serves,
      reader: new BrowserMessageReader(port2),
      writer: new BrowserMessageWriter(port2),
    });
    return Promise.resolve({
      reader: new BrowserMessageReader(port1),
      writer: new BrowserMessageWriter(port1),
    });
  }
}

/** The language server, for requests beyond those of an editor. */
export interface LanguageConnection extends Disposable {
  readonly request: <R>(method: string, params: object) => Promise<R>;
}

/**
 * Starts checking .gmem documents of any scheme; disposing stops it. A line that shows its outcome gets no inlay hint:
 * there is no room for both.
 */
export async function startLanguageClient(outcomes: InlineOutcomes): Promise<LanguageConnection> {
  const client = new InProcessClient('scenarios', {
    documentSelector: [{ language: 'gmem' }],
    // Code lenses and actions run commands of this extension.
    initializationOptions: { commands: true, orders: true },
    middleware: {
      provideInlayHints: async (document, viewPort, token, next) => {
        const hints = await ONLY_FILES.provideInlayHints(document, viewPort, token, next);
        const taken = outcomes.linesWithText(document.uri);
        return hints?.filter(({ position }) => !taken.has(position.line));
      },
    },
  });
  await client.start();
  const refresh = outcomes.onDidChange((uri) => {
    const document = workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    if (document === undefined) return;
    client.getFeature(InlayHintRequest.method)?.getProvider(document)?.onDidChangeInlayHints.fire();
  });
  return {
    request: (method, params) => client.sendRequest(method, params),
    dispose: () => {
      refresh.dispose();
      void client.stop();
    },
  };
}
