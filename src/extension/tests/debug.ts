import { type Disposable, debug, type TestRun, workspace } from 'vscode';
import { launchConfiguration } from '../launch/debug-configuration';
import { programOf } from '../launch/program-uri';
import type { Planned } from './planned';
import { tryPlanned } from './run';

let sessions = 0;

/** Debugs a scenario until the session ends or the run is cancelled. */
async function debugUntilEnd(run: TestRun, { uri, test }: Planned): Promise<void> {
  // Identifies the session: VS Code does not say which start it belongs to.
  const ofTest = ++sessions;
  const subscriptions: Disposable[] = [];
  const over = new Promise<void>((resolve) => {
    subscriptions.push(
      debug.onDidTerminateDebugSession(({ configuration }) => {
        if (configuration.ofTest === ofTest) resolve();
      }),
      debug.onDidStartDebugSession((session) => {
        if (session.configuration.ofTest !== ofTest) return;
        subscriptions.push(run.token.onCancellationRequested(() => void debug.stopDebugging(session)));
      }),
    );
  });
  const configuration = { ...launchConfiguration(programOf(uri), test.program.title), ofTest };
  try {
    const folder = workspace.getWorkspaceFolder(uri);
    if (await debug.startDebugging(folder, configuration, { testRun: run })) await over;
  } finally {
    for (const subscription of subscriptions) subscription.dispose();
  }
}

/**
 * Debugs a scenario. Its expectations are checked beforehand, since the debugger runs what the test runs; the result is
 * reported when the session ends.
 */
export async function debugPlanned(run: TestRun, planned: Planned): Promise<void> {
  const tell = await tryPlanned(run, planned);
  await debugUntilEnd(run, planned);
  tell();
}
