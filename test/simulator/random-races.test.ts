import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { races, wrongIn } from '../generators/races';

const nothingWrong = (kernel: string) =>
  fc.property(races(kernel), (text) => {
    expect(wrongIn(text)).toEqual([]);
  });

describe('random races of two or three calls', () => {
  it.each(['linux-7.3', 'linux-6.12'])(
    'leave and use no stale mapping, and leak nothing, on %s',
    (kernel) => {
      fc.assert(nothingWrong(kernel), { numRuns: 300 });
    },
  );

  // What the races would find if a kernel had it.
  it.each(['retry-check off', 'unbind-zap off', 'range-math shifted'])('leave or use one with %s', (knob) => {
    expect(
      fc.check(nothingWrong(`linux-7.3 with ${knob}`), { numRuns: 2000, endOnFailure: true }),
    ).toMatchObject({
      failed: true,
    });
  });
});
