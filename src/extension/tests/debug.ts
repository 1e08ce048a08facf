import {
  type Disposable,
  debug,
  type TestController,
  type TestRun,
  type TestRunRequest,
  workspace,
} from 'vscode';
import { launchConfiguration } from '../launch/debug-configuration';
import { programOf } from '../launch/program-uri';
import { type Planned, plannedFor } from './planned';
import { tryPlanned } from './run';
import type { ScenarioTree } from './tree';

let sessions = 0;

/** Debugs a scenario until the session is over, or the run is cancelled. */
async function debugPlanned(run: TestRun, { uri, test }: Planned): Promise<void> {
  // How the session is known again: nothing else tells whose it is.
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
 * Debugs what a request asks for, one scenario after the other. What became of the claims is known beforehand, as the
 * debugger runs what the test runs; it is told when the person is done looking.
 */
export async function debugRequest(
  tree: ScenarioTree,
  controller: TestController,
  request: TestRunRequest,
): Promise<void> {
  const run = controller.createTestRun(request);
  try {
    for await (const planned of plannedFor(tree, controller, request, run)) {
      if (run.token.isCancellationRequested) break;
      run.started(planned.item);
      const tell = await tryPlanned(run, planned);
      await debugPlanned(run, planned);
      tell();
    }
  } finally {
    run.end();
  }
}
