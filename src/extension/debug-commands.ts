import { commands, type DebugSession, DebugStackFrame, DebugThread, Disposable, debug, window } from 'vscode';
import { OUTCOMES_EVENT } from '../dap';
import { scenarioWith, setContext } from './documents';
import { noticeOf } from './errors';
import { subjectOf } from './evaluatable';
import { readOutcomes } from './inline-text';
import { goToLine } from './memory-map/source';

/**
 * Commands that VS Code has no buttons for: stepping back into and out, leaving a what-if branch, and choosing which task
 * of a race steps.
 */
export function registerDebugCommands(): Disposable {
  return Disposable.from(
    commands.registerCommand('gmemscope.stepBack', stepBack),
    commands.registerCommand('gmemscope.stepBackInto', () => ask('gmemscope/stepBackInto')),
    commands.registerCommand('gmemscope.stepBackOut', () => ask('gmemscope/stepBackOut')),
    commands.registerCommand('gmemscope.leaveBranch', () => ask('gmemscope/leaveBranch')),
    commands.registerCommand('gmemscope.restartHere', () => ask('gmemscope/restartHere')),
    commands.registerCommand('gmemscope.chooseTask', chooseTask),
    commands.registerCommand('gmemscope.nextChoice', () => ask('gmemscope/nextChoice', selectedThread())),
    commands.registerCommand('gmemscope.previousChoice', () => ask('gmemscope/previousChoice')),
    commands.registerCommand('gmemscope.writeOrder', writeOrder),
    commands.registerCommand('gmemscope.findWhoZapped', findWhoZapped),
    debug.onDidChangeActiveStackItem(() => void tellFocus()),
    debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (event !== OUTCOMES_EVENT) return;
      const outcomes = readOutcomes(body);
      onBranch.note(session.id, outcomes?.branch === true);
      inRace.note(session.id, outcomes?.race === true);
    }),
    debug.onDidTerminateDebugSession(({ id }) => {
      onBranch.note(id, false);
      inRace.note(id, false);
    }),
    debug.onDidChangeActiveDebugSession(() => {
      onBranch.tell();
      inRace.tell();
    }),
  );
}

function activeSession(): DebugSession | undefined {
  const session = debug.activeDebugSession;
  return session?.type === 'gmem' ? session : undefined;
}

/** Sends a request to the debugger, and returns its answer; shows its error to the user. */
async function ask(request: string, args: object = {}): Promise<unknown> {
  const session = activeSession();
  if (session === undefined) {
    await window.showInformationMessage('No scenario is being debugged: press F5 to start.');
    return;
  }
  try {
    return await session.customRequest(request, args);
  } catch (error) {
    await window.showWarningMessage(noticeOf(error));
  }
  return;
}

/** Goes back to the step that last zapped what is under the cursor: a slot, a page, a file. */
async function findWhoZapped(): Promise<void> {
  const editor = window.activeTextEditor;
  const subject = editor && subjectOf(editor.document, editor.selection.active);
  const expression =
    subject ??
    (await window.showInputBox({
      title: 'Find Who Zapped This Last',
      prompt: 'A slot, a page or a file',
      placeHolder: 'slot(1), gfn(0x90000000), A',
    }));
  if (!expression) return;
  const frame = debug.activeStackItem;
  const frameId = frame instanceof DebugStackFrame ? frame.frameId : undefined;
  await ask('gmemscope/lastChange', { expression, what: 'zapped', frameId });
}

/** Steps back from the selected frame, which VS Code does not pass along. */
async function tellFocus(): Promise<void> {
  const item = debug.activeStackItem;
  if (!(item instanceof DebugStackFrame) || item.session.type !== 'gmem') return;
  try {
    await item.session.customRequest('gmemscope/focus', { frameId: item.frameId });
  } catch {
    // The frame belongs to a past moment: no message.
  }
}

/** VS Code's own step back, used while the selected frame is not known yet. */
async function stepBack(): Promise<void> {
  await tellFocus();
  await commands.executeCommand('workbench.action.debug.stepBack');
}

/** VS Code's list of step-in targets: in a race, the tasks that can make the next step. */
async function chooseTask(): Promise<void> {
  await commands.executeCommand('workbench.action.debug.stepIntoTarget');
}

/** Opens the order so far of a race as a scenario. */
async function writeOrder(): Promise<void> {
  const written = (await ask('gmemscope/order')) as
    | { readonly text: string; readonly line: number }
    | undefined;
  if (written === undefined) return;
  const { uri } = await scenarioWith(written.text);
  await goToLine(uri, written.line);
}

/** The thread that is selected in the call stack. */
function selectedThread(): { readonly threadId?: number } {
  const item = debug.activeStackItem;
  return item instanceof DebugThread || item instanceof DebugStackFrame ? { threadId: item.threadId } : {};
}

/** A context key that holds while the active session is one of some sessions. */
class SessionContext {
  private readonly sessions = new Set<string>();
  private told = false;

  constructor(private readonly key: 'onBranch' | 'inRace') {}

  note(session: string, holds: boolean): void {
    if (holds) this.sessions.add(session);
    else this.sessions.delete(session);
    this.tell();
  }

  tell(): void {
    const holds = this.sessions.has(debug.activeDebugSession?.id ?? '');
    if (holds === this.told) return;
    this.told = holds;
    setContext(this.key, holds);
  }
}

/** Shows the button that leaves a what-if branch. */
const onBranch = new SessionContext('onBranch');

/** Shows the buttons that choose which task of a race steps. */
const inRace = new SessionContext('inRace');
