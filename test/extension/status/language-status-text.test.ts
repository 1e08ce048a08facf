import { expect, test } from 'vitest';
import { expectationsStatus } from '../../../src/extension/status/language-status-text';
import { analyze } from '../../../src/language';

const EXPECTATIONS = 'gmem A size 4K => ok\nscenario "a" { close A => no flush }\nscenario "b" { close A }\n';

const RACE = 'race { task a { close A => ok } task b { close B } } => never STALE\n';

test.each([
  ['gmem A size 4K\n', [], '1 scenario, 0 expectations', 'no expectations', false],
  [EXPECTATIONS, [], '2 scenarios, 2 expectations', 'all met', false],
  [EXPECTATIONS, ['G201'], '2 scenarios, 2 expectations', 'all met', false],
  [EXPECTATIONS, ['G206'], '2 scenarios, 2 expectations', '1 failed expectation', true],
  [EXPECTATIONS, ['G206', 'G206', 'G204'], '2 scenarios, 2 expectations', '2 failed expectations', true],
  [EXPECTATIONS, ['G204'], '2 scenarios, 2 expectations', 'not all checked while typing', false],
  [EXPECTATIONS, ['G206', 'G210'], '2 scenarios, 2 expectations', '2 failed expectations', true],
  [EXPECTATIONS, ['G211'], '2 scenarios, 2 expectations', 'not all checked while typing', false],
  [`gmem A size 4K gmem B size 4K ${RACE}`, [], '1 scenario, 2 expectations', 'all met', false],
  [EXPECTATIONS, null, '2 scenarios, 2 expectations', 'not checked: this is not the file', false],
  [`${EXPECTATIONS}scenario "c" { close B }`, [], '3 scenarios, 2 expectations', 'errors', true],
])('the status of %j with %j', (text, codes, told, detail, isWarning) => {
  expect(expectationsStatus(analyze(text), codes)).toEqual({ text: told, detail, isWarning });
});
