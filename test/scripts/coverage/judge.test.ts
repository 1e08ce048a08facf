import { describe, expect, it } from 'vitest';
import { judge, releasedCoverage } from '../../../scripts/coverage/judge';
import { countsOfRepository } from '../../../scripts/coverage/measure';
import { UNREACHED } from '../../../scripts/coverage/unreached';
import { RELEASED_KERNELS } from '../../../src/simulator';

const counts = countsOfRepository();
const profiles = releasedCoverage(counts);

describe('the scenarios of the examples and the documents', () => {
  it('reach every step of the released kernels that has no reason to be unreached', () => {
    expect(profiles.map(({ kernel }) => kernel)).toEqual(RELEASED_KERNELS);
    expect(judge(profiles, UNREACHED)).toEqual({ missing: [], needless: [] });
  });

  it('are needed: a step that is no longer reached is found, and so is a reason for a step that is reached', () => {
    const without = counts.map(({ steps, ...kernel }) => ({
      ...kernel,
      steps: steps.filter(({ label }) => label !== 'PH4'),
    }));
    expect(judge(releasedCoverage(without), UNREACHED).missing).toEqual(
      RELEASED_KERNELS.map((kernel) => `${kernel} kvm_gmem_punch_hole PH4`),
    );
    const reasons = [
      { kernel: 'linux-7.3', procedure: 'kvm_gmem_punch_hole', labels: ['PH3'], reason: 'Too far.' },
      { kernel: 'linux-7.3', procedure: 'kvm_gmem_punch_hole', labels: ['PH99'], reason: 'There is none.' },
    ];
    expect(judge(profiles, [...UNREACHED, ...reasons]).needless).toEqual([
      'linux-7.3 kvm_gmem_punch_hole PH3',
      'linux-7.3 kvm_gmem_punch_hole PH99',
    ]);
  });

  it('do not count with a knob', () => {
    const knobs = counts.map((one) => ({ ...one, knobs: { 'retry-check': 'off' } }));
    expect(releasedCoverage(knobs)).toEqual([]);
  });
});

describe('a reason', () => {
  it.each(UNREACHED.map((one) => [one.procedure, one] as const))(
    'for steps of %s is a sentence',
    (_, { reason }) => {
      expect(reason).toMatch(/^[A-Z].{20,}\.$/);
    },
  );
});
