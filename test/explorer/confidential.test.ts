import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explored, findings, raceText } from './exploring';

const KERNELS = ['linux-6.12', 'linux-7.3'];

const page = fc.constantFrom(0, 1);
const gpa = (at: number) => `gpa 0x8000${at}000`;

/** What guests and hosts of both kinds do. */
const common = (vcpu: number) => [
  page.map((at) => `fault vcpu ${vcpu} write ${gpa(at)} private`),
  page.map((at) => `prefault vcpu ${vcpu} ${gpa(at)} size 4K`),
  page.map((at) => `punch A offset ${4 * at}K size 4K`),
  page.map((at) => `convert ${gpa(at)} size 4K shared`),
  page.map((at) => `psc vcpu ${vcpu} ${gpa(at)} size 4K shared`),
];

const snp = (vcpu: number) =>
  fc.oneof(
    ...common(vcpu),
    page.map((at) => `pvalidate vcpu ${vcpu} ${gpa(at)} size 4K validate`),
    page.map((at) => `host write A offset ${4 * at}K`),
    page.map((at) => `psmash A offset ${4 * at}K`),
  );

const tdx = (vcpu: number) =>
  fc.oneof(
    ...common(vcpu),
    page.map((at) => `accept vcpu ${vcpu} ${gpa(at)} size 4K`),
  );

const above = (kernel: string, type: string) => `kernel ${kernel}
vm ${type} vcpus 2
gmem A size 32K
slot 0 gpa 0x80000000 size 8K gmem A offset 0
convert gpa 0x80000000 size 8K private
${type === 'sev-snp' ? 'launch-finish\n' : ''}fault vcpu 0 write gpa 0x80000000 private
`;

const RUNS = Number(process.env.GMEMSCOPE_EXPLORER_RUNS ?? 40);

describe.each([
  ['sev-snp', KERNELS, snp],
  ['tdx', ['linux-7.3'], tdx],
] as const)('races of a %s guest', (type, kernels, callsOn) => {
  test('the reduction finds what a search of every step finds', () => {
    const races = fc
      .tuple(fc.constantFrom(...kernels), callsOn(0), callsOn(1))
      .map(([kernel, a, b]) => raceText(above(kernel, type), [[a], [b]]));
    fc.assert(
      fc.property(races, (text) => {
        const full = explored(text, { full: true, maxStates: 40_000 });
        fc.pre(full.result.complete);
        expect(findings(explored(text))).toEqual(findings(full));
      }),
      { numRuns: RUNS, seed: 2, endOnFailure: false },
    );
  });
});
