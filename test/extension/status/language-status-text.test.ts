import { expect, test } from 'vitest';
import { claimsStatus } from '../../../src/extension/status/language-status-text';
import { analyze } from '../../../src/language';

const CLAIMS = 'gmem A size 4K => ok\nscenario "a" { close A => no flush }\nscenario "b" { close A }\n';

test.each([
  ['gmem A size 4K\n', [], '1 scenario, 0 expectations', 'no expectations', false],
  [CLAIMS, [], '2 scenarios, 2 expectations', 'all met', false],
  [CLAIMS, ['G201'], '2 scenarios, 2 expectations', 'all met', false],
  [CLAIMS, ['G206'], '2 scenarios, 2 expectations', '1 failed expectation', true],
  [CLAIMS, ['G206', 'G206', 'G204'], '2 scenarios, 2 expectations', '2 failed expectations', true],
  [CLAIMS, ['G204'], '2 scenarios, 2 expectations', 'not all checked while typing', false],
  [`${CLAIMS}scenario "c" { close B }`, [], '3 scenarios, 2 expectations', 'errors', true],
])('the status of %j with %j', (text, codes, told, detail, isWarning) => {
  expect(claimsStatus(analyze(text), codes)).toEqual({ text: told, detail, isWarning });
});
