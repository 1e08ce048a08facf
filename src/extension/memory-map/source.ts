import { Position, Selection, TextEditorRevealType, type Uri, ViewColumn, window } from 'vscode';
import { editorOf } from '../documents';

/** Opens a line of a scenario in the editor that shows the document, or in one beside the map. Lines count from 1. */
export async function goToLine(uri: Uri, line: number): Promise<void> {
  const editor = editorOf(uri);
  const selection = new Selection(line - 1, 0, line - 1, 0);
  const viewColumn = editor?.viewColumn ?? ViewColumn.One;
  const shown = await window.showTextDocument(uri, { selection, viewColumn });
  shown.revealRange(selection, TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Scrolls the editor to a line without moving the cursor or the keyboard focus. */
export function revealLine(uri: Uri, line: number): void {
  const editor = editorOf(uri);
  const place = new Position(line - 1, 0);
  editor?.revealRange(new Selection(place, place), TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The cursor position in a document; its beginning if no editor shows it. */
export function cursorIn(uri: Uri): Position {
  return editorOf(uri)?.selection.active ?? new Position(0, 0);
}
