import { commands, Disposable, debug, window, workspace } from 'vscode';
import { documentFor } from '../documents';
import { launchConfiguration } from './debug-configuration';
import { programOf } from './program-uri';

/** The buttons of an editor's title and of a code lens, which are commands in the palette as well. */
export function registerLaunchCommands(): Disposable {
  return Disposable.from(
    commands.registerCommand('gmemscope.debugScenario', (uri?: unknown, title?: unknown) =>
      launch(uri, title, true),
    ),
    commands.registerCommand('gmemscope.runScenario', (uri?: unknown, title?: unknown) =>
      launch(uri, title, false),
    ),
  );
}

/** A scenario's title as a code lens names it; an editor's title gives something of its own, which is none. */
export function titleFor(named: unknown): string | null | undefined {
  return typeof named === 'string' || named === null ? named : undefined;
}

/** Runs a scenario to its end, or stops before its first statement. */
async function launch(named: unknown, title: unknown, stepping: boolean): Promise<void> {
  const uri = documentFor(named);
  if (uri === undefined) {
    await window.showErrorMessage('There is no scenario to run: open a .gmem file, then start again.');
    return;
  }
  const configuration = launchConfiguration(programOf(uri), titleFor(title));
  await debug.startDebugging(
    workspace.getWorkspaceFolder(uri),
    stepping ? configuration : { ...configuration, name: 'Run the scenario', stopOnEntry: false },
    { noDebug: !stepping },
  );
}
