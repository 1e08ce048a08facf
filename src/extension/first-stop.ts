import {
  commands,
  type DebugAdapterTracker,
  type DebugSession,
  type Disposable,
  debug,
  workspace,
} from 'vscode';

function isStop(message: unknown): boolean {
  return (message as { event?: unknown }).event === 'stopped';
}

/**
 * Shows Run and Debug at the first stop of a session. VS Code itself does so only for breakpoints, and a scenario stops
 * before its first statement. Another value of `debug.openDebug` is left to VS Code.
 */
async function showDebugView({ workspaceFolder }: DebugSession): Promise<void> {
  const setting = workspace.getConfiguration('debug', workspaceFolder).get<string>('openDebug');
  if (setting !== 'openOnDebugBreak') return;
  await commands.executeCommand('workbench.debug.callStackView.open', { preserveFocus: true });
}

function trackFirstStop(session: DebugSession): DebugAdapterTracker {
  let hasStopped = false;
  return {
    onDidSendMessage: (message) => {
      if (hasStopped || !isStop(message)) return;
      hasStopped = true;
      void showDebugView(session);
    },
  };
}

export function registerFirstStop(): Disposable {
  return debug.registerDebugAdapterTrackerFactory('gmem', { createDebugAdapterTracker: trackFirstStop });
}
