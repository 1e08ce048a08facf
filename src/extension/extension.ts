import type { ExtensionContext } from 'vscode';
import { registerCommands } from './commands';
import { registerDebugger } from './debugger';
import { InlineOutcomes } from './decorations';
import { startLanguageClient } from './language-client';

/** Entry point, the same for VS Code on a desktop and in a browser. */
export async function activate(context: ExtensionContext): Promise<void> {
  const outcomes = new InlineOutcomes();
  context.subscriptions.push(outcomes, registerDebugger(), registerCommands());
  context.subscriptions.push(await startLanguageClient(outcomes));
}
