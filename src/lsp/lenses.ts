import type { CodeLens } from 'vscode-languageserver';
import type { Span } from '../language';
import type { ScenarioDocument } from './documents';
import { rangeOf } from './positions';

/** Code lenses above each scenario. Their commands take the document and the title of the scenario. */

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

export function codeLenses(scenario: ScenarioDocument): CodeLens[] {
  const { document } = scenario;
  return beginnings(scenario).flatMap(({ span, title }) =>
    COMMANDS.map(({ title: label, command }) => ({
      range: rangeOf(document, span),
      command: { title: label, command, arguments: [document.uri, title] },
    })),
  );
}
