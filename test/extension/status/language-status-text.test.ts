import { expect, test } from 'vitest';
import { claimsStatus } from '../../../src/extension/status/language-status-text';
import { analyze } from '../../../src/language';

const CLAIMS = 'gmem A size 4K => ok\nscenario "a" { close A => no flush }\nscenario "b" { close A }\n';

test.each([
  ['gmem A size 4K\n', [], '1 scenario, 0 claims', 'nothing is claimed', false],
  [CLAIMS, [], '2 scenarios, 2 claims', 'all are met', false],
  [CLAIMS, ['G201'], '2 scenarios, 2 claims', 'all are met', false],
  [CLAIMS, ['G206'], '2 scenarios, 2 claims', '1 outcome not as claimed', true],
  [CLAIMS, ['G206', 'G206', 'G204'], '2 scenarios, 2 claims', '2 outcomes not as claimed', true],
  [CLAIMS, ['G204'], '2 scenarios, 2 claims', 'not all were checked while typing', false],
  [`${CLAIMS}scenario "c" { close B }`, [], '3 scenarios, 2 claims', 'there are errors', true],
])('the status of %j with %j', (text, codes, told, detail, isWarning) => {
  expect(claimsStatus(analyze(text), codes)).toEqual({ text: told, detail, isWarning });
});
