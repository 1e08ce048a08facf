import type { Disposable } from 'vscode';
import {
  BaseLanguageClient,
  BrowserMessageReader,
  BrowserMessageWriter,
  type MessageTransports,
} from 'vscode-languageclient/browser';
import { type LanguageServer, startLanguageServer } from '../lsp/server';

/**
 * A client whose server runs beside it, in the same extension host: they talk over a MessageChannel, which Node and
 * browsers both have. A worker would need an address that its host may not allow, and a process does not exist in a
 * browser.
 */
class InProcessClient extends BaseLanguageClient {
  private server: LanguageServer | undefined;

  override async stop(timeout?: number): Promise<void> {
    await super.stop(timeout);
    this.server?.dispose();
  }

  protected override createMessageTransports(): Promise<MessageTransports> {
    const { port1, port2 } = new MessageChannel();
    this.server?.dispose();
    this.server = startLanguageServer({
      reader: new BrowserMessageReader(port2),
      writer: new BrowserMessageWriter(port2),
    });
    return Promise.resolve({
      reader: new BrowserMessageReader(port1),
      writer: new BrowserMessageWriter(port1),
    });
  }
}

/** Starts checking .gmem documents, wherever they are stored; disposing stops it. */
export async function startLanguageClient(): Promise<Disposable> {
  const client = new InProcessClient('gmemscope', 'gmemscope', { documentSelector: [{ language: 'gmem' }] });
  await client.start();
  return { dispose: () => void client.stop() };
}
