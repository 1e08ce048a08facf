import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explored, findings, raceText } from './exploring';
import { naiveFindings } from './naive';

const KERNELS = ['linux-6.12', 'linux-7.3'];

/** Short calls on two pages of a file and a slot. */
function callsOn(vcpu: number): fc.Arbitrary<string> {
  const page = fc.constantFrom(0, 1);
  const gpa = (at: number) => `gpa 0x8000${at}000`;
  return fc.oneof(
    page.map((at) => `fault vcpu ${vcpu} write ${gpa(at)}`),
    page.map((at) => `fault vcpu ${vcpu} read ${gpa(at)}`),
    page.map((at) => `prefault vcpu ${vcpu} ${gpa(at)} size 4K`),
    page.map((at) => `punch A offset ${4 * at}K size 4K`),
    page.map((at) => `allocate A offset ${4 * at}K size 4K`),
    page.map((at) => `convert ${gpa(at)} size 4K shared`),
    page.map((at) => `convert ${gpa(at)} size 4K private`),
    page.map((at) => `host write slot 0 offset ${4 * at}K value ${at + 1}`),
    page.map((at) => `discard slot 0 offset ${4 * at}K size 4K`),
    fc.constant('delete slot 1'),
    fc.constant('slot 2 gpa 0xa0000000 size 8K gmem A offset 16K'),
    fc.constant('poison A offset 0'),
  );
}

const above = (kernel: string) => `kernel ${kernel}
vm sw-protected vcpus 3
gmem A size 32K
slot 0 gpa 0x80000000 size 8K gmem A offset 0
slot 1 gpa 0x90000000 size 8K gmem A offset 8K
convert gpa 0x80000000 size 4K private
`;

/** Two or three tasks that make one or two calls each, three calls at most. */
const races = fc
  .tuple(fc.constantFrom(...KERNELS), fc.constantFrom([1, 1], [2, 1], [1, 1, 1]))
  .chain(([kernel, sizes]) =>
    fc
      .tuple(...sizes.map((size, task) => fc.array(callsOn(task), { minLength: size, maxLength: size })))
      .map((tasks) => raceText(above(kernel), tasks)),
  );

const RUNS = Number(process.env.GMEMSCOPE_EXPLORER_RUNS ?? 120);

describe('the reduction', () => {
  test('finds what a search of every step finds', () => {
    fc.assert(
      fc.property(races, (text) => {
        const full = explored(text, { full: true, maxStates: 40_000 });
        fc.pre(full.result.complete);
        expect(findings(explored(text))).toEqual(findings(full));
      }),
      { numRuns: RUNS, seed: 1, endOnFailure: false },
    );
  });
});

describe('a search of every step', () => {
  // Each of these is small enough for a search that knows nothing of parts, names or live locals.
  test.each([
    [['allocate A offset 0 size 4K'], ['convert gpa 0x80001000 size 4K private']],
    [['punch A offset 0 size 4K'], ['allocate A offset 0 size 4K']],
    [['host write slot 0 offset 4K'], ['discard slot 0 offset 4K size 4K']],
    [['allocate A offset 0 size 4K', 'punch A offset 0 size 4K'], ['poison A offset 0']],
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
