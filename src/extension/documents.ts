import { commands, type TextDocument, type TextEditor, Uri, window, workspace } from 'vscode';
import { type Analysis, analyze, type Program, programAt } from '../language';

/** The texts of scenarios: what the editor shows counts, saved or not. */

export function isScenario({ languageId }: TextDocument): boolean {
  return languageId === 'gmem';
}

export function openDocument(uri: Uri): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

/** The text of a file, read from where it is stored unless an editor has it. Opens no document. */
export async function textOf(uri: Uri): Promise<string> {
  const document = openDocument(uri);
  if (document !== undefined) return document.getText();
  return workspace.decode(await workspace.fs.readFile(uri), { uri });
}

const analyses = new WeakMap<TextDocument, { version: number; analysis: Analysis }>();

/** What is known of an open document; worked out once for each of its versions. */
export function analysisOf(document: TextDocument): Analysis {
  const known = analyses.get(document);
  if (known?.version === document.version) return known.analysis;
  const analysis = analyze(document.getText());
  analyses.set(document, { version: document.version, analysis });
  return analysis;
}

/** What is known of a file, whether an editor has it or not. */
export async function analysisAt(uri: Uri): Promise<Analysis> {
  const document = openDocument(uri);
  return document === undefined ? analyze(await textOf(uri)) : analysisOf(document);
}

/**
 * The scenario that a person has in front of them: in the active editor, or in one that is in sight beside a
 * walkthrough, a listing or a diff; or else one that has not been saved yet.
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

/** The editor in which a person sees a document; the active one, if it shows it. */
export function editorOf(uri: Uri): TextEditor | undefined {
  const editors = [
    ...(window.activeTextEditor === undefined ? [] : [window.activeTextEditor]),
    ...window.visibleTextEditors,
  ];
  return editors.find(({ document }) => document.uri.toString() === uri.toString());
}

/** The scenario around the cursor, or the only one; null where an editor shows no cursor in any of several. */
export function programAtCursor(uri: Uri, programs: Analysis['programs']): Program | null {
  if (programs.length === 1) return programs[0];
  const editor = editorOf(uri);
  if (editor === undefined) return null;
  const { document, selection } = editor;
  // The whole line counts: a cursor before the title is in the scenario, too.
  const { range } = document.lineAt(selection.active.line);
  return programAt(programs, { start: document.offsetAt(range.start), end: document.offsetAt(range.end) });
}

/** The document that a command is about: named by its caller, as a URI or its text, or the one in front. */
export function documentFor(named: unknown): Uri | undefined {
  if (named instanceof Uri) return named;
  if (typeof named === 'string') return Uri.parse(named);
  return scenarioInFront()?.uri;
}

export function setContext(key: string, value: unknown): void {
  void commands.executeCommand('setContext', `gmemscope.${key}`, value);
}
