import assert from 'node:assert/strict';
import fc from 'fast-check';
import { diagnose } from '../../../src/lsp/diagnostics';
import { createDocuments, type ScenarioDocument } from '../../../src/lsp/documents';
import { documents } from '../../../test/generators/documents';
import { spanIn, splice } from './text';

/** By steps only, so that the speed of the machine does not decide what is found. */
const BUDGET = {
  steps: 20_000,
  total: 3_600_000,
  slice: 3_600_000,
  statements: 1_000_000,
  size: 100_000_000,
  states: 1000,
};

async function diagnosticsOf(scenario: ScenarioDocument): Promise<unknown> {
  let last: unknown;
  await diagnose(scenario, (diagnostics) => {
    last = diagnostics;
  });
  return last;
}

export const incremental = {
  name: 'incremental',
  holds: 'the diagnostics after any edits are those of the text opened anew',
  property: fc.asyncProperty(
    documents(),
    fc.array(fc.tuple(splice, fc.boolean()), { minLength: 1, maxLength: 8 }),
    async (text, edits) => {
      const uri = 'file:///a.gmem';
      const edited = createDocuments(BUDGET);
      let scenario = edited.open(uri, 1, text);
      for (const [at, [one, isRead]] of edits.entries()) {
        // Most versions are replaced before their diagnostics are read.
        if (isRead) await diagnosticsOf(scenario);
        const { document } = scenario;
        const { start, end } = spanIn(one, document.getText().length);
        const range = { start: document.positionAt(start), end: document.positionAt(end) };
        scenario = edited.change(uri, at + 2, [{ range, text: one.text }]);
      }
      const fresh = createDocuments(BUDGET).open(uri, 1, scenario.document.getText());
      assert.deepEqual(await diagnosticsOf(scenario), await diagnosticsOf(fresh));
      return true;
    },
  ),
};
