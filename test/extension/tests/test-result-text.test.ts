import { expect, test } from 'vitest';
import { testResultText } from '../../../src/extension/tests/test-result-text';
import { analyze } from '../../../src/language';
import type { TestResult } from '../../../src/outcome';

const span = { start: 0, end: 0 };
const report = (expectations: number) => ({ title: null, expectations, failed: [], race: null });
const failure = {
  span,
  message: 'Expected a, but got b.\nExpected c, but got d.',
  expected: '',
  actual: '',
};

test.each([
  [{ kind: 'passed', report: report(0) }, 'ok    x (no expectations)'],
  [{ kind: 'passed', report: report(1) }, 'ok    x (1 expectation)'],
  [{ kind: 'passed', report: report(2) }, 'ok    x (2 expectations)'],
  [
    { kind: 'failed', report: report(2), failures: [failure] },
    'FAIL  x\n      Expected a, but got b.\n      Expected c, but got d.',
  ],
  [
    { kind: 'wrong', errors: analyze('punch B offset 0 size 4K').programs[0].errors },
    'FAIL  x\n      no guest_memfd file is called `B`: create it with `gmem B size …` (G109)',
  ],
  [{ kind: 'cut off', line: 3 }, 'FAIL  x (timed out at line 3)'],
  [{ kind: 'cancelled' }, '      x (cancelled)'],
] satisfies [TestResult, string][])('what became of it: %#', (testResult, text) =>
  expect(testResultText(testResult, 'x')).toBe(text),
);
