import {
  type DebugAdapterDescriptorFactory,
  DebugAdapterInlineImplementation,
  type DebugConfiguration,
  DebugConfigurationProviderTriggerKind,
  Disposable,
  debug,
  window,
  workspace,
} from 'vscode';
import { DebugSession } from '../dap/session';
import { activeFile, completeConfiguration, launchConfiguration } from './debug-configuration';
import { programOf, uriOfProgram } from './program-uri';

/** Makes F5 work on scenarios: with a launch.json, and without one. */
export function registerDebugger(): Disposable {
  return Disposable.from(
    debug.registerDebugAdapterDescriptorFactory('gmem', inlineAdapter),
    debug.registerDebugConfigurationProvider('gmem', { resolveDebugConfiguration: resolve }),
    debug.registerDebugConfigurationProvider(
      'gmem',
      { provideDebugConfigurations: () => [launchConfiguration(activeFile)] },
      DebugConfigurationProviderTriggerKind.Dynamic,
    ),
  );
}

const inlineAdapter: DebugAdapterDescriptorFactory = {
  createDebugAdapterDescriptor: () =>
    new DebugAdapterInlineImplementation(new DebugSession({ readFile: readScenario })),
};

/** What the editor shows is what runs, saved or not. */
async function readScenario(program: string): Promise<string> {
  const document = await workspace.openTextDocument(uriOfProgram(program));
  return document.getText();
}

async function resolve(_folder: unknown, given: DebugConfiguration): Promise<DebugConfiguration | undefined> {
  const active = window.activeTextEditor?.document;
  const complete = completeConfiguration(
    given,
    active?.languageId === 'gmem' ? programOf(active.uri) : undefined,
  );
  if (complete !== undefined) return complete;
  await window.showErrorMessage('There is no scenario to run: open a .gmem file, then start again.');
  return undefined;
}
