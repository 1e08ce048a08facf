import type { CodeLens } from 'vscode-languageserver';
import type { Span } from '../language';
import type { Abilities } from './abilities';
import { countText } from './arithmetic';
import type { ScenarioDocument } from './documents';
import { rangeOf } from './positions';
import type { Exploration, Explorations } from './races/exploration';
import { exploredWithin, type Patience } from './races/patience';
import { statesText } from './races/verdict-text';

/**
 * Code lenses above each scenario, and above each race. The commands of a scenario take the document and the title of the
 * scenario, that of a race the document and the index of the race.
 */

const COMMANDS = [
  { title: 'Run', command: 'gmemscope.runScenario' },
  { title: 'Debug', command: 'gmemscope.debugScenario' },
  { title: 'Compare kernels', command: 'gmemscope.compareKernels' },
] as const;

/** The start of each scenario: its block, or the first statement of a file without blocks. */
function beginnings({ analysis }: ScenarioDocument): readonly { span: Span; title: string | null }[] {
  const { blocks, statements } = analysis().document;
  if (blocks.length === 0)
    return statements.slice(0, 1).map((first) => ({ span: first.keywordSpan, title: null }));
  return blocks.map(({ header }) => ({ span: header.keywordSpan, title: header.names.title?.text ?? '' }));
}

/** The title of the lens of a race, with the number of its outcomes. */
function raceTitle({ result, stopped, progress }: Exploration): string {
  if (result !== null) {
    const bound = result.explored.result.complete ? '' : ' so far';
    return `Explore · ${countText(result.table().outcomes.length, 'outcome')}${bound}`;
  }
  return stopped === null ? `Explore · ${statesText(progress?.states ?? 0)} …` : 'Explore';
}

function raceLenses({ document }: ScenarioDocument, { races }: Explorations): CodeLens[] {
  const seen = new Set<number>();
  return races.flatMap((exploration, index): CodeLens[] => {
    const { keywordSpan } = exploration.program.race;
    if (seen.has(keywordSpan.start)) return [];
    seen.add(keywordSpan.start);
    const command = 'gmemscope.showOutcomes';
    return [
      {
        range: rangeOf(document, keywordSpan),
        command: { title: raceTitle(exploration), command, arguments: [document.uri, index] },
      },
    ];
  });
}

function scenarioLenses(scenario: ScenarioDocument): CodeLens[] {
  const { document } = scenario;
  return beginnings(scenario).flatMap(({ span, title }) =>
    COMMANDS.map(({ title: label, command }) => ({
      range: rangeOf(document, span),
      command: { title: label, command, arguments: [document.uri, title] },
    })),
  );
}

/** The lenses of a text whose commands the editor has; for those of races, it waits a little for the search. */
export async function codeLenses(
  scenario: ScenarioDocument,
  { commands, orders }: Pick<Abilities, 'commands' | 'orders'>,
  patience: Patience,
): Promise<CodeLens[]> {
  const ofScenarios = commands ? scenarioLenses(scenario) : [];
  if (!orders) return ofScenarios;
  const explorations = scenario.explorations();
  await exploredWithin(scenario, explorations, patience);
  return [...ofScenarios, ...raceLenses(scenario, explorations)];
}
