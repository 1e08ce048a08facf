import { commands, Disposable, debug, window, workspace } from 'vscode';
import { documentFor } from '../documents';
import { launchConfiguration } from './debug-configuration';
import { programOf } from './program-uri';

/** The buttons of an editor's title bar and of a code lens, also commands in the palette. */
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

/** The scenario title that a code lens passes; an editor title button passes another argument, which is ignored. */
export function titleFor(named: unknown): string | null | undefined {
  return typeof named === 'string' || named === null ? named : undefined;
}

/** Runs a whole scenario, or stops before its first statement. */
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
    // The debugger runs what the editor shows. VS Code would ask for the name of a scenario that was never saved.
    { noDebug: !stepping, suppressSaveBeforeStart: uri.scheme === 'untitled' },
  );
}
