import { Uri } from 'vscode';

/**
 * How a launch names its scenario: the path of a file on disk, the full URI of anything else (a virtual workspace, an
 * untitled document). VS Code names sources the same way to debug adapters.
 */
export function programOf(uri: Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

/** A scheme has at least two letters: `C:\` is the start of a path. */
const startsWithScheme = /^[A-Za-z][A-Za-z0-9+.-]+:/;

/** The inverse of `programOf`, for paths from the debug session. */
export function uriOfProgram(program: string): Uri {
  return startsWithScheme.test(program) ? Uri.parse(program) : Uri.file(program);
}
