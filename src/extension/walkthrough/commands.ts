import {
  commands,
  Disposable,
  debug,
  Selection,
  TabInputText,
  type TextDocument,
  type TextDocumentChangeEvent,
  type TextEditor,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import { OUTCOMES_EVENT } from '../../dap';
import { isScenario, scenarioInFront, setContext } from '../documents';
import { readOutcomes } from '../inline-text';
import { additionOf, LESSON, type Piece } from './lesson';

const WALKTHROUGH = 'gmemscope.gmemscope#firstHole';

/** The commands of the walkthrough, and the contexts that mark a step as done when the user did it by hand. */
export function registerWalkthrough(): Disposable {
  return Disposable.from(
    commands.registerCommand('gmemscope.openWalkthrough', () =>
      commands.executeCommand('workbench.action.openWalkthrough', WALKTHROUGH, false),
    ),
    commands.registerCommand('gmemscope.newScenario', (where?: unknown) =>
      newScenario(where === 'beside' ? ViewColumn.Beside : ViewColumn.Active),
    ),
    commands.registerCommand('gmemscope.insertSlot', () => insert('slot')),
    commands.registerCommand('gmemscope.insertHole', () => insert('hole')),
    commands.registerCommand('gmemscope.stepInScenario', stepInScenario),
    workspace.onDidChangeTextDocument(noteWritten),
    debug.onDidReceiveDebugSessionCustomEvent(({ event, body }) => {
      const outcomes = event === OUTCOMES_EVENT ? readOutcomes(body)?.outcomes : undefined;
      if (outcomes?.some(({ tone, kind }) => tone === 'zapped' && kind === 'statement'))
        setContext('zapped', true);
    }),
  );
}

/**
 * Opens an unsaved document with the beginning of a scenario. The walkthrough asks for it beside itself: the links of VS
 * Code that open to the side do not in a small window, and the document would hide the walkthrough.
 */
async function newScenario(column: ViewColumn): Promise<TextEditor> {
  const document = await workspace.openTextDocument({ language: 'gmem', content: LESSON.beginning });
  const editor = await window.showTextDocument(document, column);
  goToEnd(editor);
  return editor;
}

/** Adds a piece to the scenario in front and shows it; starts a new scenario if there is none. */
async function insert(piece: Piece): Promise<void> {
  const document = scenarioInFront();
  const editor = document === undefined ? await newScenario(ViewColumn.Beside) : await show(document);
  const text = editor.document.getText();
  const addition = additionOf(piece, text);
  await editor.edit((edit) => edit.insert(editor.document.positionAt(text.length), addition));
  goToEnd(editor);
}

/** The buttons of the walkthrough: start the debugger, and step. */
const STEPS: ReadonlyMap<unknown, string> = new Map([
  ['debug', 'gmemscope.debugScenario'],
  ['into', 'workbench.action.debug.stepInto'],
  ['out', 'workbench.action.debug.stepOut'],
  ['back', 'workbench.action.debug.stepBack'],
]);

/** Takes a step with the scenario in front, so that a listing opens over it and not over the walkthrough. */
async function stepInScenario(named?: unknown): Promise<void> {
  const step = STEPS.get(named);
  const document = scenarioInFront();
  if (step === undefined) return;
  if (document !== undefined) await show(document);
  await commands.executeCommand(step);
}

/** Keeps it where it is open, visible or behind a listing. */
function show(document: TextDocument): Thenable<TextEditor> {
  const key = document.uri.toString();
  const group = window.tabGroups.all.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof TabInputText && input.uri.toString() === key),
  );
  return window.showTextDocument(document, group?.viewColumn);
}

function goToEnd(editor: TextEditor): void {
  const { range } = editor.document.lineAt(editor.document.lineCount - 1);
  editor.selection = new Selection(range.end, range.end);
  editor.revealRange(range);
}

/** Records that a changed line contains a slot or a hole. */
function noteWritten({ document, contentChanges }: TextDocumentChangeEvent): void {
  if (!isScenario(document)) return;
  for (const { range, text } of contentChanges) {
    const touched = `${document.lineAt(Math.min(range.start.line, document.lineCount - 1)).text}\n${text}`;
    if (/^\s*slot \d/m.test(touched)) setContext('hasSlot', true);
    if (/^\s*punch \w/m.test(touched)) setContext('hasHole', true);
  }
}
