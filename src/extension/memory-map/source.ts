import { Position, Selection, TextEditorRevealType, type Uri, ViewColumn, window } from 'vscode';
import { editorOf } from '../documents';

/** Goes to a line of a scenario, in the editor that shows it, or in one beside the map. Lines are from 1. */
export async function goToLine(uri: Uri, line: number): Promise<void> {
  const editor = editorOf(uri);
  const selection = new Selection(line - 1, 0, line - 1, 0);
  const viewColumn = editor?.viewColumn ?? ViewColumn.One;
  const shown = await window.showTextDocument(uri, { selection, viewColumn });
  shown.revealRange(selection, TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Has the editor show a line, and leaves cursor and keyboard where they are. */
export function revealLine(uri: Uri, line: number): void {
  const editor = editorOf(uri);
  const place = new Position(line - 1, 0);
  editor?.revealRange(new Selection(place, place), TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Where the cursor is in a document; at its beginning where nobody sees it. */
export function cursorIn(uri: Uri): Position {
  return editorOf(uri)?.selection.active ?? new Position(0, 0);
}
