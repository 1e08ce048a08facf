import { commands, Disposable, debug, env, type TextEditor, type Uri, window, workspace } from 'vscode';
import { figureOfStep, findStep, sealed, svg } from '../../figures';
import { analyze } from '../../language';
import { annotate, withoutAnnotations } from '../../outcome';
import { isScenario } from '../documents';
import { noticeOf } from '../errors';
import { launchConfiguration } from '../launch/debug-configuration';
import { programOf } from '../launch/program-uri';
import { LinkError, linkTo, sharedIn } from './link';

/** Shares a scenario as text for a mail, as a drawing or as a link, and opens such a link. */
export function registerSharing(extensionUri: Uri): Disposable {
  return Disposable.from(
    commands.registerCommand('gmemscope.copyAnnotated', () => copy('The annotated scenario', annotatedText)),
    commands.registerCommand('gmemscope.copySvg', () => copy('The drawing', drawing)),
    commands.registerCommand('gmemscope.copyLink', () =>
      copy('The link', (editor) => link(editor, extensionUri)),
    ),
    commands.registerCommand('gmemscope.openLink', openLink),
  );
}

/** Copies what `make` returns for the scenario in the active editor; reports success or the error. */
async function copy(what: string, make: (editor: TextEditor) => string | Promise<string>): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor === undefined || !isScenario(editor.document)) {
    await window.showInformationMessage('There is no scenario to copy: open a .gmem file first.');
    return;
  }
  try {
    await env.clipboard.writeText(await make(editor));
    window.setStatusBarMessage(`${what} was copied to the clipboard.`, 5000);
  } catch (error) {
    await window.showErrorMessage(`Nothing was copied: ${noticeOf(error)}`);
  }
}

/** @throws Error if a scenario of the text has an error. */
function analysisWithoutErrors(text: string) {
  const analysis = analyze(text);
  const [error] = analysis.programs.flatMap(({ errors }) => errors);
  if (error !== undefined) throw new Error(`the scenario has an error: ${error.message}`);
  return analysis;
}

function annotatedText({ document }: TextEditor): string {
  const text = withoutAnnotations(document.getText());
  return annotate(text, analysisWithoutErrors(text));
}

function drawing(editor: TextEditor): string {
  const { document, selection } = editor;
  const analysis = analysisWithoutErrors(document.getText());
  const found = findStep(analysis.document, `line:${selection.active.line + 1}`);
  if ('problem' in found) throw new Error(found.problem);
  return sealed(svg(figureOfStep(analysis, found.step, document.uri.path.replace(/^.*\//, ''), 'change')));
}

async function link(editor: TextEditor, extensionUri: Uri): Promise<string> {
  const address =
    extensionUri.scheme === 'http'
      ? extensionUri.with({ path: '/' }).toString(true)
      : workspace.getConfiguration('gmemscope.workbench').get<string>('url', 'http://localhost:8100/');
  return linkTo(address, { text: editor.document.getText(), line: editor.selection.active.line + 1 });
}

/** Opens the scenario of a link as a new document and steps it to its line. */
async function openLink(given?: unknown): Promise<void> {
  const text =
    typeof given === 'string'
      ? given
      : await window.showInputBox({
          title: 'Open a Scenario from a Link',
          prompt: 'A link made with Copy Link to Workbench',
        });
  if (text === undefined) return;
  try {
    const shared = await sharedIn(text.trim());
    const document = await workspace.openTextDocument({ language: 'gmem', content: shared.text });
    await window.showTextDocument(document);
    const launch = launchConfiguration(programOf(document.uri));
    const stopping = shared.line === null ? launch : { ...launch, stopAtLine: shared.line };
    // Discarded unless the user saves it.
    await debug.startDebugging(undefined, stopping, { suppressSaveBeforeStart: true });
  } catch (error) {
    const why = error instanceof LinkError ? error.message : `it could not be opened: ${noticeOf(error)}`;
    await window.showErrorMessage(`The link cannot be used: ${why}.`);
  }
}
