import * as vscode from 'vscode';

/** The part of the proposed interface `fileSearchProvider2` that is used here. */
interface FileSearch {
  provideFileSearchResults(
    pattern: string,
    options: { folderOptions: readonly { folder: vscode.Uri }[]; maxResults?: number },
    token: vscode.CancellationToken,
  ): Promise<vscode.Uri[]>;
}

interface ProposedWorkspace {
  registerFileSearchProvider2?(scheme: string, provider: FileSearch): vscode.Disposable;
}

/**
 * Quick Open for a folder that VS Code cannot search itself. Returns all files; VS Code matches their names against the
 * typed text.
 */
export function registerFileSearch(scheme: string, files: vscode.FileSystemProvider): vscode.Disposable {
  const { registerFileSearchProvider2 } = vscode.workspace as ProposedWorkspace;
  const provider: FileSearch = {
    provideFileSearchResults: async (_pattern, { folderOptions, maxResults = 20_000 }, token) => {
      const found: vscode.Uri[] = [];
      const waiting = folderOptions.map(({ folder }) => folder);
      for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
        for (const [name, type] of await files.readDirectory(folder)) {
          if (token.isCancellationRequested || found.length >= maxResults) return found;
          const uri = vscode.Uri.joinPath(folder, name);
          if (type !== vscode.FileType.Directory) found.push(uri);
          else if (name !== 'node_modules' && name !== '.git') waiting.push(uri);
        }
      }
      return found;
    },
  };
  return registerFileSearchProvider2?.(scheme, provider) ?? new vscode.Disposable(() => undefined);
}
