import { commands, DebugStackFrame, type Disposable, debug } from 'vscode';

/** Milliseconds between two attempts, and the number of attempts. */
const pause = 50;
const looks = 100;

function isKeepingFocus(message: unknown): boolean {
  const { event, body } = message as { event?: unknown; body?: { preserveFocusHint?: unknown } };
  return event === 'stopped' && body?.preserveFocusHint === true;
}

function frameLookedAt(): number | undefined {
  const item = debug.activeStackItem;
  return item instanceof DebugStackFrame ? item.frameId : undefined;
}

/**
 * When a stop does not move the keyboard focus, VS Code keeps the stack frame of the previous stop, which no longer
 * exists. This makes it select the top frame: the command focuses the stopped session without moving the keyboard
 * focus. The call stack has to be loaded first.
 */
async function lookAtTopFrame(): Promise<void> {
  const gone = frameLookedAt();
  for (let look = 0; look < looks; look++) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (debug.activeDebugSession?.type !== 'gmem') return;
    await commands.executeCommand('workbench.action.debug.focusProcess');
    const now = frameLookedAt();
    if (now !== undefined && now !== gone) return;
  }
}

/** Keeps the keyboard focus in the debug console when an expression typed there makes the scenario move. */
export function registerConsoleFocus(): Disposable {
  return debug.registerDebugAdapterTrackerFactory('gmem', {
    createDebugAdapterTracker: () => ({
      onDidSendMessage: (message) => {
        if (isKeepingFocus(message)) void lookAtTopFrame();
      },
    }),
  });
}
