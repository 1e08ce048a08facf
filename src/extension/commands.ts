import { commands, Disposable, debug, Uri, window, workspace } from 'vscode';
import { launchConfiguration } from './debug-configuration';
import { programOf } from './program-uri';

/** The buttons of an editor's title, which are commands in the palette as well. */
export function registerCommands(): Disposable {
  return Disposable.from(
    commands.registerCommand('gmemscope.debugScenario', (resource?: unknown) => launch(resource, true)),
    commands.registerCommand('gmemscope.runScenario', (resource?: unknown) => launch(resource, false)),
  );
}

/** Runs a scenario to its end, or stops before its first statement. `resource`: the editor's, from its title. */
async function launch(resource: unknown, stepping: boolean): Promise<void> {
  const uri = resource instanceof Uri ? resource : window.activeTextEditor?.document.uri;
  if (uri === undefined) return;
  const configuration = launchConfiguration(programOf(uri));
  await debug.startDebugging(
    workspace.getWorkspaceFolder(uri),
    stepping ? configuration : { ...configuration, name: 'Run the scenario', stopOnEntry: false },
    { noDebug: !stepping },
  );
}
