import {
  type DebugAdapterDescriptorFactory,
  DebugAdapterInlineImplementation,
  type DebugConfiguration,
  DebugConfigurationProviderTriggerKind,
  Disposable,
  debug,
  window,
} from 'vscode';
import { baseName, DebugSession } from '../../dap';
import { analysisOf, isScenario, openDocument, scenarioInFront, textOf } from '../documents';
import { chooseScenario } from './choose-scenario';
import {
  completeConfiguration,
  expandedConfiguration,
  launchesFor,
  sessionName,
} from './debug-configuration';
import { programOf, uriOfProgram } from './program-uri';
import type { RunTexts } from './run-texts';

/** Makes F5 work on scenarios, with or without a launch.json. */
export function registerDebugger(runs: RunTexts): Disposable {
  return Disposable.from(
    debug.registerDebugAdapterDescriptorFactory('gmem', inlineAdapter(runs)),
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

function inlineAdapter(runs: RunTexts): DebugAdapterDescriptorFactory {
  return {
    createDebugAdapterDescriptor: (session) =>
      new DebugAdapterInlineImplementation(
        new DebugSession({
          readFile: (program) => textOf(uriOfProgram(program)),
          shownText: (program) => openDocument(uriOfProgram(program))?.getText(),
          onRun: (text) => runs.begin(session, text),
        }),
      ),
  };
}

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

/** Adds the scenario to launch if the file has several, and names the session. */
async function withScenario(
  _folder: unknown,
  expanded: DebugConfiguration,
): Promise<DebugConfiguration | undefined> {
  const given = expandedConfiguration(expanded);
  if (typeof given.program !== 'string') return given;
  const uri = uriOfProgram(given.program);
  const named = (title: string | null): DebugConfiguration => {
    const scenario = title === null ? {} : { scenario: title };
    return { ...given, ...scenario, name: sessionName(given.name, baseName(uri.path), title) };
  };
  if (typeof given.scenario === 'string') return named(given.scenario);
  try {
    const program = await chooseScenario(uri, undefined, given.name);
    return program && named(program.title);
  } catch {
    // The session reports what is wrong with the file.
    return named(null);
  }
}
