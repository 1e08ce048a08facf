import {
  type DebugAdapterDescriptorFactory,
  DebugAdapterInlineImplementation,
  type DebugConfiguration,
  DebugConfigurationProviderTriggerKind,
  Disposable,
  debug,
  window,
} from 'vscode';
import { DebugSession } from '../../dap';
import { analysisOf, isScenario, scenarioInFront, textOf } from '../documents';
import { chooseScenario } from './choose-scenario';
import { completeConfiguration, expandedConfiguration, launchesFor } from './debug-configuration';
import { programOf, uriOfProgram } from './program-uri';

/** Makes F5 work on scenarios, with or without a launch.json. */
export function registerDebugger(): Disposable {
  return Disposable.from(
    debug.registerDebugAdapterDescriptorFactory('gmem', inlineAdapter),
    debug.registerDebugConfigurationProvider('gmem', {
      resolveDebugConfiguration: complete,
      resolveDebugConfigurationWithSubstitutedVariables: withScenario,
    }),
    debug.registerDebugConfigurationProvider(
      'gmem',
      { provideDebugConfigurations: () => [...launchesFor(titlesInFront())] as DebugConfiguration[] },
      DebugConfigurationProviderTriggerKind.Dynamic,
    ),
  );
}

const inlineAdapter: DebugAdapterDescriptorFactory = {
  createDebugAdapterDescriptor: () =>
    new DebugAdapterInlineImplementation(
      new DebugSession({ readFile: (program) => textOf(uriOfProgram(program)) }),
    ),
};

function titlesInFront(): readonly (string | null)[] {
  const document = window.activeTextEditor?.document;
  return document !== undefined && isScenario(document)
    ? analysisOf(document).programs.map(({ title }) => title)
    : [];
}

async function complete(
  _folder: unknown,
  given: DebugConfiguration,
): Promise<DebugConfiguration | undefined> {
  const document = scenarioInFront();
  const completed = completeConfiguration(
    given,
    document === undefined ? undefined : programOf(document.uri),
  );
  if (completed !== undefined) return completed;
  await window.showErrorMessage('There is no scenario to run: open a .gmem file, then start again.');
  return undefined;
}

/** Adds the scenario to launch if the file has several. */
async function withScenario(
  _folder: unknown,
  expanded: DebugConfiguration,
): Promise<DebugConfiguration | undefined> {
  const given = expandedConfiguration(expanded);
  if (typeof given.scenario === 'string' || typeof given.program !== 'string') return given;
  try {
    const program = await chooseScenario(uriOfProgram(given.program), undefined, given.name);
    if (program === undefined) return undefined;
    return program.title === null ? given : { ...given, scenario: program.title };
  } catch {
    // The session reports what is wrong with the file.
    return given;
  }
}
