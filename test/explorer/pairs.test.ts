import { describe, expect, test } from 'vitest';
import { outcomesOf, verdictSentence, verdictsOf } from '../../src/outcome';
import { explored } from '../generators/exploring';
import { pairsOn, SETTINGS } from './pairs';

/** What the explorer says of a pair, as people read it. */
function tableOf({ name, text }: { readonly name: string; readonly text: string }): string {
  const race = explored(text);
  const { columns, outcomes } = outcomesOf(text, race);
  const verdicts = verdictsOf(race).map((verdict) => `  ${verdictSentence(verdict)}`);
  const rows = outcomes.map(
    ({ values }) =>
      `  ${values.map((value, at) => `${columns[at]?.name ?? columns[at]?.title}: ${value}`).join('; ')}`,
  );
  const undecided = race.result.complete ? [] : ['  not every order was tried'];
  return [name, ...verdicts, ...undecided, ...rows.toSorted()].join('\n');
}

describe.each(['linux-6.12', 'linux-7.3'])('all pairs of calls on %s', (kernel) => {
  test.each(SETTINGS)('on %s', async (setting) => {
    const all = pairsOn(kernel, setting).map(tableOf).join('\n');
    const file = `golden/${kernel}, ${setting}.txt`.replaceAll(/[, ]+/g, '-');
    await expect(`${all}\n`).toMatchFileSnapshot(file);
  });
});
