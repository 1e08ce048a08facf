import {
  Disposable,
  LanguageStatusSeverity,
  languages,
  type TextDocument,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { kernelText, SIMULATED_KERNELS } from '../../language';
import { LONGEST_TEXT } from '../../lsp';
import { analysisOf, isFile, isScenario, programAtCursor } from '../documents';
import { expectationsStatus } from './language-status-text';

/** Milliseconds without typing after which the status is updated. */
const PAUSE = 200;

/** The language status of a `.gmem` file: its kernel, its scenarios, and whether their expectations are met. */
export class LanguageStatus implements Disposable {
  private readonly kernel = languages.createLanguageStatusItem('gmemscope.kernel', { language: 'gmem' });
  private readonly expectations = languages.createLanguageStatusItem('gmemscope.expectations', {
    language: 'gmem',
  });
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly subscriptions = Disposable.from(
    this.kernel,
    this.expectations,
    window.onDidChangeActiveTextEditor(() => this.refresh()),
    window.onDidChangeTextEditorSelection(({ textEditor }) => this.plan(textEditor.document)),
    workspace.onDidChangeTextDocument(({ document }) => this.plan(document)),
    languages.onDidChangeDiagnostics(({ uris }) => {
      const active = window.activeTextEditor?.document.uri.toString();
      if (uris.some((uri) => uri.toString() === active)) this.refresh();
    }),
  );

  constructor() {
    this.kernel.name = 'Simulated Kernel';
    this.kernel.command = { command: 'gmemscope.changeKernel', title: 'Change' };
    this.expectations.name = 'Scenario Expectations';
    this.expectations.command = { command: 'testing.runCurrentFile', title: 'Run Tests' };
    this.refresh();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }

  private plan(document: TextDocument): void {
    if (document !== window.activeTextEditor?.document) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), PAUSE);
  }

  private refresh(): void {
    const editor = window.activeTextEditor;
    if (editor === undefined || !isScenario(editor.document)) return;
    // A text this long is not checked while typing either; the status says so.
    if (editor.document.getText().length > LONGEST_TEXT) return;
    const { document } = editor;
    const analysis = analysisOf(document);
    const { setup } = programAtCursor(document.uri, analysis.programs) ?? analysis.programs[0];
    this.kernel.text = kernelText(setup);
    this.kernel.detail = SIMULATED_KERNELS.kernels.find(({ name }) => name === setup.kernel)?.title ?? '';
    const { text, detail, isWarning } = expectationsStatus(
      analysis,
      isFile(document) ? codesOf(document.uri) : null,
    );
    this.expectations.text = text;
    this.expectations.detail = detail;
    this.expectations.severity = isWarning
      ? LanguageStatusSeverity.Warning
      : LanguageStatusSeverity.Information;
  }
}

/** Codes of the language server's diagnostics for a document. */
function codesOf(uri: Uri): readonly string[] {
  return languages
    .getDiagnostics(uri)
    .map(({ code }) => String(typeof code === 'object' ? code.value : code));
}
