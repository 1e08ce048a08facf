import { Uri } from 'vscode';

/**
 * How a launch names its scenario: the path of a file on disk, the whole URI of anything else (a virtual workspace,
 * an untitled document). It is how VS Code names sources to debug adapters.
 */
export function programOf(uri: Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

/** A scheme has two letters at least: `C:\` begins a path. */
const startsWithScheme = /^[A-Za-z][A-Za-z0-9+.-]+:/;

/** The reverse of `programOf`, for what comes back from the debug session. */
export function uriOfProgram(program: string): Uri {
  return startsWithScheme.test(program) ? Uri.parse(program) : Uri.file(program);
}
