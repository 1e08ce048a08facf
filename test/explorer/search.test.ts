import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explored, findings, raceText } from '../generators/exploring';
import { racesOf, slotRaces, snpRaces } from '../generators/orders';
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

  test.each([
    ['slots that are created and deleted', slotRaces],
    ['pages of an SEV-SNP guest that are allocated and freed', snpRaces],
  ] as const)('in races with %s again and again', (_, races) => {
    fc.assert(
      fc.property(races, (text) => {
        const full = explored(text, { full: true, maxStates: 30_000 });
        fc.pre(full.result.complete);
        expect(findings(explored(text))).toEqual(findings(full));
      }),
      { numRuns: 10, seed: 1, endOnFailure: false },
    );
  });
});

/** Races in which a reduction went wrong once: each with what it missed or made up. */
const ONCE_WRONG: readonly (readonly [string, string])[] = [
  [
    'a lock that a step takes and drops',
    raceText(
      `kernel linux-7.3 with retry-check off
vm sw-protected vcpus 2
gmem A size 2M huge
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
fault vcpu 0 write gpa 0x80000000
`,
      [['convert gpa 0x80000000 size 8K shared'], ['fault vcpu 1 write gpa 0x80000000']],
    ),
  ],
  [
    'a task that makes no round',
    raceText(
      `kernel linux-7.3
vm sw-protected
gmem A size 32K
slot 0 gpa 0x80000000 size 8K gmem A offset 0
slot 1 gpa 0x90000000 size 8K
`,
      [['close A'], ['delete slot 1']],
    ).replace('task t0', 'task t0 repeats'),
  ],
  [
    'a part that a step replaces without reading it',
    raceText(
      `kernel linux-7.3
vm sw-protected
gmem B size 16K
slot 0 gpa 0x80000000 size 8K gmem B offset 0
`,
      [['punch B offset 0 size 8K'], ['close B', 'delete slot 0']],
    ),
  ],
];

describe('the reduction finds what it once did not', () => {
  test.each(ONCE_WRONG)('%s', (_, text) => {
    expect(findings(explored(text))).toEqual(findings(explored(text, { full: true })));
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
