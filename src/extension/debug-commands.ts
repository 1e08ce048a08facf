import { commands, type DebugSession, DebugStackFrame, Disposable, debug, window } from 'vscode';
import { OUTCOMES_EVENT } from '../dap';
import { setContext } from './documents';
import { noticeOf } from './errors';
import { subjectOf } from './evaluatable';
import { readOutcomes } from './inline-text';

/** Commands that VS Code has no buttons for: stepping back into and out, and leaving a what-if branch. */
export function registerDebugCommands(): Disposable {
  return Disposable.from(
    commands.registerCommand('gmemscope.stepBack', stepBack),
    commands.registerCommand('gmemscope.stepBackInto', () => ask('gmemscope/stepBackInto')),
    commands.registerCommand('gmemscope.stepBackOut', () => ask('gmemscope/stepBackOut')),
    commands.registerCommand('gmemscope.leaveBranch', () => ask('gmemscope/leaveBranch')),
    commands.registerCommand('gmemscope.restartHere', () => ask('gmemscope/restartHere')),
    commands.registerCommand('gmemscope.findWhoZapped', findWhoZapped),
    debug.onDidChangeActiveStackItem(() => void tellFocus()),
    debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (event !== OUTCOMES_EVENT) return;
      if (readOutcomes(body)?.branch === true) onBranch.add(session.id);
      else onBranch.delete(session.id);
      tellBranch();
    }),
    debug.onDidTerminateDebugSession(({ id }) => {
      onBranch.delete(id);
      tellBranch();
    }),
    debug.onDidChangeActiveDebugSession(tellBranch),
  );
}

function activeSession(): DebugSession | undefined {
  const session = debug.activeDebugSession;
  return session?.type === 'gmem' ? session : undefined;
}

/** Sends a request to the debugger; shows its error to the user. */
async function ask(request: string, args: object = {}): Promise<void> {
  const session = activeSession();
  if (session === undefined) {
    await window.showInformationMessage('No scenario is being debugged: press F5 to start.');
    return;
  }
  try {
    await session.customRequest(request, args);
  } catch (error) {
    await window.showWarningMessage(noticeOf(error));
  }
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

/** Sessions that are on a what-if branch. */
const onBranch = new Set<string>();
let told = false;

/** The context key shows the button that leaves the branch of the active session. */
function tellBranch(): void {
  const isOnBranch = onBranch.has(debug.activeDebugSession?.id ?? '');
  if (isOnBranch === told) return;
  told = isOnBranch;
  setContext('onBranch', isOnBranch);
}
