import type { ExtensionContext } from 'vscode';
import { registerComparison } from './comparison/commands';
import { registerConsoleFocus } from './console-focus';
import { registerDebugCommands } from './debug-commands';
import { InlineOutcomes } from './decorations';
import { registerEvaluatableExpressions } from './evaluatable';
import { registerFirstStop } from './first-stop';
import { startLanguageClient } from './language-client';
import { registerLaunchCommands } from './launch/commands';
import { registerDebugger } from './launch/debugger';
import { RunTexts } from './launch/run-texts';
import { registerDocumentChecks } from './markdown/checks';
import { extendMarkdownIt } from './markdown/preview';
import { registerMemoryMap } from './memory-map/commands';
import { registerOutcomes } from './outcomes/commands';
import { registerReloadOffer } from './reload/offer';
import { registerSharing } from './share/commands';
import { registerChangeKernel } from './status/change-kernel';
import { DebugStatus } from './status/debug-status';
import { EditedText } from './status/edited-text';
import { LanguageStatus } from './status/language-status';
import { registerTestExplorer } from './tests/explorer';
import { registerWalkthrough } from './walkthrough/commands';

/** Entry point, the same for VS Code on a desktop and in a browser. */
export async function activate(
  context: ExtensionContext,
): Promise<{ extendMarkdownIt: typeof extendMarkdownIt }> {
  const runs = new RunTexts();
  const outcomes = new InlineOutcomes(runs);
  context.subscriptions.push(
    runs,
    outcomes,
    registerDebugger(runs),
    registerLaunchCommands(),
    registerTestExplorer(),
    registerComparison(context.globalState),
    registerChangeKernel(),
    new DebugStatus(runs),
    new EditedText(runs),
    new LanguageStatus(),
    registerWalkthrough(),
    registerDocumentChecks(),
    registerSharing(context.extensionUri),
    registerConsoleFocus(),
    registerFirstStop(),
    registerReloadOffer(context.workspaceState),
    registerDebugCommands(),
    registerEvaluatableExpressions(),
  );
  const language = await startLanguageClient(outcomes);
  context.subscriptions.push(
    language,
    registerMemoryMap(context.extensionUri, language),
    registerOutcomes(language),
  );
  return { extendMarkdownIt };
}
