import { commands, type TextDocument, type TextEditor, Uri, window, workspace } from 'vscode';
import { type Analysis, analyze, type Program, programAt } from '../language';

/** The texts of scenarios: what the editor shows counts, saved or not. */

export function isScenario({ languageId }: TextDocument): boolean {
  return languageId === 'gmem';
}

/**
 * Whether a document is a file or about to become one. Others show another version of a file under its name, such as
 * the left side of a diff or a commit (`git:`), or are not written by a user at all.
 */
export function isFile({ uri, isUntitled }: TextDocument): boolean {
  return (
    isUntitled ||
    workspace.getWorkspaceFolder(uri) !== undefined ||
    workspace.fs.isWritableFileSystem(uri.scheme) === true
  );
}

export function openDocument(uri: Uri): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

/** An unsaved scenario with this text: one that is open already, or a new one. */
export async function scenarioWith(text: string): Promise<TextDocument> {
  const open = workspace.textDocuments.find(
    (document) => document.isUntitled && !document.isClosed && document.getText() === text,
  );
  return open ?? workspace.openTextDocument({ language: 'gmem', content: text });
}

/** The text of a file, from the editor that has it open or else from storage. Opens no document. */
export async function textOf(uri: Uri): Promise<string> {
  const document = openDocument(uri);
  if (document !== undefined) return document.getText();
  return workspace.decode(await workspace.fs.readFile(uri), { uri });
}

const analyses = new WeakMap<TextDocument, { version: number; analysis: Analysis }>();

/** The analysis of an open document; computed once for each version. */
export function analysisOf(document: TextDocument): Analysis {
  const known = analyses.get(document);
  if (known?.version === document.version) return known.analysis;
  const analysis = analyze(document.getText());
  analyses.set(document, { version: document.version, analysis });
  return analysis;
}

/** The analysis of a file, open in an editor or not. */
export async function analysisAt(uri: Uri): Promise<Analysis> {
  const document = openDocument(uri);
  return document === undefined ? analyze(await textOf(uri)) : analysisOf(document);
}

/**
 * The scenario that the user is working on: in the active editor, or in one visible beside a walkthrough, a listing or
 * a diff; otherwise an unsaved one.
 */
export function scenarioInFront(): TextDocument | undefined {
  const active = window.activeTextEditor?.document;
  const inSight = [
    ...(active === undefined ? [] : [active]),
    ...window.visibleTextEditors.map(({ document }) => document),
  ];
  return (
    inSight.find(isScenario) ??
    workspace.textDocuments.find((document) => document.isUntitled && isScenario(document))
  );
}

/** A visible editor of a document, preferably the active one. */
export function editorOf(uri: Uri): TextEditor | undefined {
  const editors = [
    ...(window.activeTextEditor === undefined ? [] : [window.activeTextEditor]),
    ...window.visibleTextEditors,
  ];
  return editors.find(({ document }) => document.uri.toString() === uri.toString());
}

/** The scenario around the cursor, or the only one; null if there are several and the cursor is unknown. */
export function programAtCursor(uri: Uri, programs: Analysis['programs']): Program | null {
  if (programs.length === 1) return programs[0];
  const editor = editorOf(uri);
  if (editor === undefined) return null;
  const { document, selection } = editor;
  // Compare whole lines: a cursor before the title is in the scenario, too.
  const { range } = document.lineAt(selection.active.line);
  return programAt(programs, { start: document.offsetAt(range.start), end: document.offsetAt(range.end) });
}

/** The document that a command applies to: named by its caller, as a URI or its text, or else the one in front. */
export function documentFor(named: unknown): Uri | undefined {
  if (named instanceof Uri) return named;
  if (typeof named === 'string') return Uri.parse(named);
  return scenarioInFront()?.uri;
}

export function setContext(key: string, value: unknown): void {
  void commands.executeCommand('setContext', `gmemscope.${key}`, value);
}
