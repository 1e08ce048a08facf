import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/language';
import { type Pace, testScenario } from '../../../src/outcome';

const SETUP = `vm sw-protected
gmem A size 64K
slot 0 gfn 0x100..0x108 gmem A pgoff 8
convert gfn 0x100..0x108 private
fault vcpu 0 read gfn 0x100
`;

const PATIENT: Pace = {
  slice: 1000,
  limit: Number.POSITIVE_INFINITY,
  now: () => 0,
  pause: async () => {},
  isCancelled: () => false,
};

function attempt(text: string, pace: Partial<Pace> = {}) {
  return testScenario(analyze(text).programs[0], { ...PATIENT, ...pace });
}

describe('a scenario put to the test', () => {
  test('passes where nothing is expected, and says how much is', async () => {
    expect(await attempt(SETUP)).toEqual({
      kind: 'passed',
      report: { title: null, expectations: 0, failed: [], race: null },
    });
  });

  test('passes where what is expected is so', async () => {
    const testResult = await attempt(`${SETUP}punch A pgoff 8..10 => zapped slot 0 gfn 0x100, flush\n`);
    expect(testResult).toMatchObject({ kind: 'passed', report: { expectations: 1 } });
  });

  test('fails at each failed expectation, with both sides of it', async () => {
    const text = `${SETUP}punch A pgoff 8..10 => zapped slot 0 gfn 0x101, freed A page 8, no flush\n`;
    const testResult = await attempt(text);
    if (testResult.kind !== 'failed') throw new Error(testResult.kind);
    const found = testResult.failures.map(({ span, ...rest }) => ({
      at: text.slice(span.start, span.end),
      ...rest,
    }));
    expect(found).toEqual([
      {
        at: 'zapped slot 0 gfn 0x101',
        expected: 'zapped slot 0 gfn 0x101',
        actual: 'zapped slot 0 gfn 0x100',
        message: 'Expected zapped slot 0 gfn 0x101, but got zapped slot 0 gfn 0x100.',
      },
      {
        at: 'no flush',
        expected: 'no flush',
        actual: 'flush',
        message: 'Expected no flush, but got flush.',
      },
    ]);
  });

  test('fails at an implied success, and if nothing of the kind happens', async () => {
    const testResult = await attempt(
      `${SETUP}punch A offset 1 size 4K => no flush\nclose A => PVALIDATE SUCCESS\n`,
    );
    if (testResult.kind !== 'failed') throw new Error(testResult.kind);
    expect(testResult.failures.map(({ expected, actual }) => [expected, actual])).toEqual([
      ['ok', 'EINVAL'],
      ['PVALIDATE SUCCESS', ''],
    ]);
    expect(testResult.failures[1]!.message).toContain('nothing of the kind');
  });

  test('is not run where it has errors', async () => {
    const testResult = await attempt(`${SETUP}punch B offset 0 size 4K\n`);
    if (testResult.kind !== 'wrong') throw new Error(testResult.kind);
    expect(testResult.errors.map(({ code }) => code)).toEqual(['G109']);
  });

  test('says where it was cut off', async () => {
    let time = 0;
    expect(await attempt(SETUP, { limit: 2, now: () => time++ })).toEqual({ kind: 'cut off', line: 2 });
  });

  test('is cancelled', async () => {
    expect(await attempt(SETUP, { slice: 0, isCancelled: () => true })).toEqual({ kind: 'cancelled' });
  });
});
