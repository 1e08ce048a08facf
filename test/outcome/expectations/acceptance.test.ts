import { describe, expect, test } from 'vitest';
import { analyze, applyEdits } from '../../../src/language';
import { acceptancesOf, checkScenario, hasFailedExpectation, hasUnexpectedNews } from '../../../src/outcome';

const SETUP = 'gmem A size 64K\n';

/** What updating the failed expectations, and adding missing ones, makes of a text. */
function updated(text: string): string {
  const whole = SETUP + text;
  const { document, programs } = analyze(whole);
  const all = programs.flatMap((program) => [...checkScenario(program)]);
  const { edits } = acceptancesOf(
    document,
    all,
    (one) => hasFailedExpectation(one) || hasUnexpectedNews(one),
  );
  return applyEdits(whole, edits).slice(SETUP.length);
}

const race = (first: string, second: string, behind = '') =>
  `race {\n  task a {\n    punch A offset 0 size 4K${first}\n  }\n  task b {\n    punch A offset 4K size 4K${second}\n  }\n}\n${behind}`;

describe('updated expectations in and behind a race', () => {
  test.each([
    ['keep what is not about this order alone', race(' => never ok', ' => sometimes EINVAL'), null],
    [
      'keep it beside what failed',
      race(' => EINVAL, never EFAULT', ' => always EIO, sometimes ok, never left 0x1000'),
      race(' => ok, never EFAULT', ' => ok, sometimes ok, never left 0x1000'),
    ],
    [
      'behind it too',
      race('', '', 'close A => EINVAL, never zapped nothing, sometimes freed A pages 0x0..0x2'),
      race('', '', 'close A => ok, never zapped nothing, sometimes freed A pages 0x0..0x2'),
    ],
    ['are not added, since another order may have another outcome', race('', '', 'close A'), null],
  ])('%s', (_what, text, expected) => {
    expect(updated(text)).toBe(expected ?? text);
  });

  test('and are added without a race', () => {
    const filled = 'allocate A offset 0 size 4K\n';
    expect(updated(`${filled}close A`)).toBe(`${filled}close A => freed A page 0x0`);
  });
});
