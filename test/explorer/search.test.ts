import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explored, findings, raceText } from '../generators/exploring';
import { racesOf } from '../generators/orders';
import { naiveFindings } from './naive';

const KERNELS = ['linux-6.12', 'linux-7.3'];

describe('the reduction finds what a search of every step finds', () => {
  test.each([
    ['sw-protected', 100, undefined],
    ['sev-snp', 40, [[1, 1]]],
    ['tdx', 40, [[1, 1]]],
  ] as const)('in races of a %s VM', (type, numRuns, sizes) => {
    fc.assert(
      fc.property(racesOf(type, sizes), (text) => {
        const full = explored(text, { full: true, maxStates: 30_000 });
        fc.pre(full.result.complete);
        expect(findings(explored(text))).toEqual(findings(full));
      }),
      { numRuns, seed: 1, endOnFailure: false },
    );
  });
});

/** Small enough for a search that knows nothing of parts, names of frames or live locals. */
const above = (kernel: string) => `kernel ${kernel}
vm sw-protected
gmem A size 32K
slot 0 gpa 0x80000000 size 8K gmem A offset 0
convert gpa 0x80000000 size 4K private
`;

describe('a search of every step', () => {
  test.each([
    [['allocate A offset 0 size 4K'], ['convert gpa 0x80001000 size 4K private']],
    [['punch A offset 0 size 4K'], ['allocate A offset 0 size 4K']],
    [['host write slot 0 offset 4K'], ['discard slot 0 offset 4K size 4K']],
    [['allocate A offset 0 size 4K', 'punch A offset 0 size 4K'], ['poison A offset 0']],
    [['close A'], ['punch A offset 0 size 4K']],
  ])('finds what a naive search finds: %j and %j', (a, b) => {
    for (const kernel of KERNELS) {
      const text = raceText(above(kernel), [a, b]);
      const { returned, finals } = naiveFindings(text);
      const found = findings(explored(text, { full: true }));
      expect(found.returned).toEqual(returned);
      expect(found.finals.length).toBe(finals);
    }
  });
});
