import { commands, Position, Selection, TextEditorRevealType, type Uri, ViewColumn, window } from 'vscode';
import { editorOf, openDocument } from '../documents';

/** Goes to a line of a scenario, in the editor that shows it, or in one beside the map. Lines are from 1. */
export async function goToLine(uri: Uri, line: number): Promise<void> {
  const editor = editorOf(uri);
  const selection = new Selection(line - 1, 0, line - 1, 0);
  const viewColumn = editor?.viewColumn ?? ViewColumn.One;
  await window.showTextDocument(uri, { selection, viewColumn });
  await commands.executeCommand('revealLine', { lineNumber: line - 1, at: 'center' });
}

/** Has the editor show a line, and leaves cursor and keyboard where they are. */
export function revealLine(uri: Uri, line: number): void {
  const editor = editorOf(uri);
  const place = new Position(line - 1, 0);
  editor?.revealRange(new Selection(place, place), TextEditorRevealType.InCenterIfOutsideViewport);
}

/** A document and a place in it, as the language server is asked. */
export interface Cursor {
  readonly uri: Uri;
  readonly line: number;
  readonly character: number;
}

export function cursorIn(uri: Uri): Cursor {
  const active = editorOf(uri)?.selection.active ?? new Position(0, 0);
  return { uri, line: active.line, character: active.character };
}

export function versionOf(uri: Uri): number | undefined {
  return openDocument(uri)?.version;
}
