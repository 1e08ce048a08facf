import { commands, DebugStackFrame, type Disposable, debug } from 'vscode';

/** Milliseconds between two looks, and how many there are. */
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
 * After a stop that leaves the keyboard where it is, VS Code goes on looking at a frame that is gone. This makes it
 * look at the top one: the command looks at the session that stands still, and does not move the keyboard. The stack
 * has to be there first.
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

/** Keeps the keyboard in the debug console when what was typed there makes the scenario move. */
export function registerConsoleFocus(): Disposable {
  return debug.registerDebugAdapterTrackerFactory('gmem', {
    createDebugAdapterTracker: () => ({
      onDidSendMessage: (message) => {
        if (isKeepingFocus(message)) void lookAtTopFrame();
      },
    }),
  });
}
