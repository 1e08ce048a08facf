import * as vscode from 'vscode';
import { registerFileSearch } from './file-search';

/**
 * A file system provider for the files of the server that served this extension, through the requests of
 * file-service.ts.
 */
export function activate(context: vscode.ExtensionContext): void {
  const base = context.extensionUri.with({ path: '/files' }).toString();
  const provider = new ServedFiles(base);
  context.subscriptions.push(
    vscode.workspace.registerFileSystemProvider('gmemscope-files', provider),
    registerFileSearch('gmemscope-files', provider),
  );
}

class ServedFiles implements vscode.FileSystemProvider {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;

  constructor(private readonly base: string) {}

  /** Changes made elsewhere are not watched; VS Code detects a save over one by comparing modification times. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return (await this.request('GET', uri, 'stat')).json() as Promise<vscode.FileStat>;
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return (await this.request('GET', uri, 'list')).json() as Promise<[string, vscode.FileType][]>;
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return new Uint8Array(await (await this.request('GET', uri)).arrayBuffer());
  }

  async writeFile(
    uri: vscode.Uri,
    content: Uint8Array,
    options: { create: boolean; overwrite: boolean },
  ): Promise<void> {
    const flags = (['create', 'overwrite'] as const).filter((flag) => options[flag]).join('&');
    await this.request('PUT', uri, flags, content);
    this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    await this.request('POST', uri, 'mkdir');
    this.changes.fire([{ type: vscode.FileChangeType.Created, uri }]);
  }

  async delete(uri: vscode.Uri, options: { recursive: boolean }): Promise<void> {
    await this.request('DELETE', uri, options.recursive ? 'recursive' : '');
    this.changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  async rename(from: vscode.Uri, to: vscode.Uri, options: { overwrite: boolean }): Promise<void> {
    const target = encodeURIComponent(served(to));
    await this.request('POST', from, `rename=${target}${options.overwrite ? '&overwrite' : ''}`);
    this.changes.fire([
      { type: vscode.FileChangeType.Deleted, uri: from },
      { type: vscode.FileChangeType.Created, uri: to },
    ]);
  }

  private async request(
    method: string,
    uri: vscode.Uri,
    query = '',
    content?: Uint8Array,
  ): Promise<Response> {
    const url = `${this.base}/${served(uri)}${query && `?${query}`}`;
    let response: Response;
    try {
      response = await fetch(url, { method, ...(content && { body: content as Uint8Array<ArrayBuffer> }) });
    } catch {
      throw vscode.FileSystemError.Unavailable(
        'The gmemscope server has stopped: run `npm start` again, then save.',
      );
    }
    if (response.ok) return response;
    const reason = (await response.text()).trim();
    switch (response.status) {
      case 403:
        throw vscode.FileSystemError.NoPermissions(reason);
      case 404:
        throw vscode.FileSystemError.FileNotFound(uri);
      case 409:
        throw vscode.FileSystemError.FileExists(uri);
      default:
        throw vscode.FileSystemError.Unavailable(reason);
    }
  }
}

/** The path inside the folder: the first part of a URI's path is the folder's name. */
function served(uri: vscode.Uri): string {
  return uri.path.split('/').slice(2).map(encodeURIComponent).join('/');
}
