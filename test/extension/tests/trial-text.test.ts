import { expect, test } from 'vitest';
import { trialText } from '../../../src/extension/tests/trial-text';
import { analyze } from '../../../src/language';
import type { Trial } from '../../../src/outcome';

const span = { start: 0, end: 0 };
const report = (claims: number) => ({ title: null, claims, unmet: [] });
const failure = {
  span,
  message: 'Claimed is a; what happens is b.\nClaimed is c; what happens is d.',
  claimed: '',
  actual: '',
};

test.each([
  [{ kind: 'passed', report: report(0) }, 'ok    x (no expectations)'],
  [{ kind: 'passed', report: report(1) }, 'ok    x (1 expectation)'],
  [{ kind: 'passed', report: report(2) }, 'ok    x (2 expectations)'],
  [
    { kind: 'failed', report: report(2), failures: [failure] },
    'FAIL  x\n      Claimed is a; what happens is b.\n      Claimed is c; what happens is d.',
  ],
  [
    { kind: 'wrong', errors: analyze('punch B offset 0 size 4K').programs[0].errors },
    'FAIL  x\n      no guest_memfd file is called `B`: create it with `gmem B size …` (G109)',
  ],
  [{ kind: 'cut off', line: 3 }, 'FAIL  x (timed out at line 3)'],
  [{ kind: 'cancelled' }, '      x (cancelled)'],
] satisfies [Trial, string][])('what became of it: %#', (trial, text) =>
  expect(trialText(trial, 'x')).toBe(text),
);
