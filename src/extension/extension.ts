import type { ExtensionContext } from 'vscode';
import { registerCommands } from './commands';
import { registerConsoleFocus } from './console-focus';
import { registerDebugCommands } from './debug-commands';
import { registerDebugger } from './debugger';
import { InlineOutcomes } from './decorations';
import { registerEvaluatableExpressions } from './evaluatable';
import { startLanguageClient } from './language-client';

/** Entry point, the same for VS Code on a desktop and in a browser. */
export async function activate(context: ExtensionContext): Promise<void> {
  const outcomes = new InlineOutcomes();
  context.subscriptions.push(
    outcomes,
    registerDebugger(),
    registerCommands(),
    registerConsoleFocus(),
    registerDebugCommands(),
    registerEvaluatableExpressions(),
  );
  context.subscriptions.push(await startLanguageClient(outcomes));
}
