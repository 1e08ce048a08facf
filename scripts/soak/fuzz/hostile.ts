import assert from 'node:assert/strict';
import fc from 'fast-check';
import { figureOfStep, html, svg } from '../../../src/figures';
import { analyze } from '../../../src/language';
import { TYPING_BUDGET } from '../../../src/lsp/background-run/background-run';
import { createDocuments } from '../../../src/lsp/documents';
import { hoverAt } from '../../../src/lsp/hover/hover';
import { describeOutcome, runScenario } from '../../../src/outcome';
import { hostileWords, PLAIN, scenarioOf, structureOf, tagsOf } from '../../../test/generators/hostile';

/** What a scenario is in hovers and figures, without its words. */
async function shown(text: string): Promise<readonly (readonly string[])[]> {
  const analysis = analyze(text);
  const outcomes = [...runScenario(analysis.programs[0])].map((one) =>
    structureOf(describeOutcome(one.statement, one.events, one).hover),
  );
  const { statements } = analysis.document;
  const figures = statements.flatMap(({ keyword }, step) => {
    if (keyword !== 'punch' && keyword !== 'slot') return [];
    const figure = figureOfStep(analysis, step, 'a.gmem', 'change');
    return [tagsOf(svg(figure)), tagsOf(html(figure))];
  });
  const scenario = createDocuments({ ...TYPING_BUDGET, total: 3_600_000, slice: 3_600_000 }).open(
    'a',
    1,
    text,
  );
  const hovers: (readonly string[])[] = [];
  for (const statement of statements) {
    const hover = await hoverAt(scenario, statement.keywordSpan.start);
    if (hover !== null) hovers.push(structureOf((hover.contents as { value: string }).value));
  }
  return [...outcomes, ...figures, ...hovers];
}

export const hostile = {
  name: 'hostile',
  holds: 'titles, names and comments stay text in hovers and figures, whatever is in them',
  property: fc.asyncProperty(hostileWords, async (words) => {
    assert.deepEqual(await shown(scenarioOf(words)), await shown(scenarioOf(PLAIN)));
    return true;
  }),
};
