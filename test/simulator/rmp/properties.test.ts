import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstBroken } from '../../generators/invariants';
import { snpScenarios } from '../../generators/snp';

const KERNELS = ['linux-7.3', 'linux-6.12', 'linux-6.12 with rmp-conversion at-fallocate'];

describe('random SEV-SNP scenarios', () => {
  it('keep the invariants after every statement', () => {
    fc.assert(
      fc.property(snpScenarios({ kernels: KERNELS }), (text) => {
        expect(firstBroken(text), text).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('keep what KVM does not have to keep, whatever the host does to the RMP and the direct map', () => {
    const kernels = [...KERNELS, 'linux-7.3 with direct-map keep', 'linux-6.12 with direct-map keep'];
    fc.assert(
      fc.property(snpScenarios({ kernels, meddling: true }), (text) => {
        const broken = firstBroken(text, ({ after }) => {
          expect(after.tasks).toEqual([]);
          expect(after.locks).toEqual([]);
        });
        expect(broken, text).toBeNull();
      }),
      { numRuns: 200 },
    );
  });
});
