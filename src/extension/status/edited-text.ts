import { Disposable, debug, StatusBarAlignment, ThemeColor, window, workspace } from 'vscode';
import { openDocument, setContext } from '../documents';
import { uriOfProgram } from '../launch/program-uri';
import { editedLine, type RunTexts } from '../launch/run-texts';

/** Says in the status bar that the scenario was edited since the run of the active session read it. */
export class EditedText implements Disposable {
  private readonly item = window.createStatusBarItem('gmemscope.edited', StatusBarAlignment.Left, -1);
  private readonly subscriptions: Disposable;
  private isEdited = false;

  constructor(private readonly runs: RunTexts) {
    this.item.name = 'Edited Scenario';
    this.item.text = '$(warning) text edited: restart to use it';
    this.item.tooltip =
      'The debugger runs the text as it was at the start. ' +
      'Click to restart and run the new text up to this statement (Alt+Shift+F5).';
    this.item.command = 'gmemscope.restartHere';
    this.item.backgroundColor = new ThemeColor('statusBarItem.warningBackground');
    const refresh = () => this.refresh();
    this.subscriptions = Disposable.from(
      this.item,
      runs.onDidBegin(refresh),
      debug.onDidChangeActiveDebugSession(refresh),
      debug.onDidTerminateDebugSession(refresh),
      workspace.onDidChangeTextDocument(refresh),
      workspace.onDidOpenTextDocument(refresh),
      workspace.onDidCloseTextDocument(refresh),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private refresh(): void {
    const isEdited = this.isActiveEdited();
    if (isEdited === this.isEdited) return;
    this.isEdited = isEdited;
    setContext('textEdited', isEdited);
    if (isEdited) this.item.show();
    else this.item.hide();
  }

  private isActiveEdited(): boolean {
    const session = debug.activeDebugSession;
    const text = session === undefined ? undefined : this.runs.of(session.id);
    if (session === undefined || text === undefined) return false;
    const document = openDocument(uriOfProgram(String(session.configuration.program)));
    return document !== undefined && editedLine(document, text) !== null;
  }
}
