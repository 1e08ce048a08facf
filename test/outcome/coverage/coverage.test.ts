import { describe, expect, it } from 'vitest';
import { analyze } from '../../../src/language';
import {
  checkRace,
  type KernelCounts,
  mergedCounts,
  profileCoverage,
  runScenario,
  stepCounter,
} from '../../../src/outcome';

const HOLE = `vm sw-protected
gmem A size 64K
slot 0 gfn 0x100..0x108 gmem A pgoff 8
convert gfn 0x100..0x108 private
`;

/** The counts of the first scenario of a text. */
function countsOf(text: string): KernelCounts {
  const [program] = analyze(text).programs;
  const { onStep, counts } = stepCounter(program!.setup);
  for (const executed of runScenario(program!, onStep)) void executed;
  const race = checkRace(program!, { onStep });
  while (race.next().done !== true);
  return counts();
}

/** `kvm_gmem_punch_hole PH1 2`, for the steps of a procedure. */
function stepsOf({ steps }: KernelCounts, name: string): readonly string[] {
  return steps
    .filter(({ procedure }) => procedure === name)
    .map(({ procedure, label, count }) => `${procedure} ${label} ${count}`);
}

describe('the steps of a run', () => {
  it.each([
    ['a statement', 'punch A pgoff 8..10', ['kvm_gmem_create', ['CR1 1', 'CR2 1', 'CR3 1']]],
    ['a call that is not made', 'punch A pgoff 8..10', ['ftruncate(2)', []]],
    ['calls that are refused', 'truncate A size 4K\ntruncate A size 8K', ['ftruncate(2)', ['TR1 2']]],
    [
      'a call that is suspended and resumes: each step once',
      'allocate A pgoff 0..1 until A3 as later\npunch A pgoff 4..5\ncontinue later',
      ['kvm_gmem_allocate', ['A1 1', 'A2 1', 'A3 1', 'A4 1']],
    ],
    [
      'a call that stays suspended: not the step before which it is suspended',
      'allocate A pgoff 0..1 until A3 as later',
      ['kvm_gmem_allocate', ['A1 1', 'A2 1']],
    ],
  ] as const)('%s', (_, statements, [procedure, steps]) => {
    expect(stepsOf(countsOf(HOLE + statements), procedure)).toEqual(
      steps.map((step) => `${procedure} ${step}`),
    );
  });

  it('of a race are those of all its orders', () => {
    const both = [0, 1].map((vcpu) => `pvalidate vcpu ${vcpu} gpa 0x8000${vcpu}000 size 4K validate`);
    const setUp = `kernel linux-6.12
vm sev-snp vcpus 2
gmem A size 2M huge
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
launch-finish
fault vcpu 0 read gpa 0x80000000 private
`;
    const race = `race { task a { ${both[0]} } task b { ${both[1]} } }`;
    const labels = ({ steps }: KernelCounts) => steps.map(({ label }) => label);
    expect(labels(countsOf(`${setUp}${both.join('\n')}`))).not.toContain('RF6l');
    expect(labels(countsOf(setUp + race))).toContain('RF6l');
  });
});

const one = (kernel: string, knobs: Record<string, string>, count: number): KernelCounts => ({
  kernel,
  knobs,
  steps: [{ procedure: 'ftruncate(2)', label: 'TR1', count }],
});

describe('merged counts', () => {
  it('do not depend on the order of the files, nor on that of the knobs', () => {
    const all = [
      one('linux-6.12', {}, 1),
      one('linux-7.3', { 'retry-check': 'off', 'slot-zap': 'slot-only' }, 2),
      one('linux-7.3', {}, 4),
      one('linux-7.3', { 'slot-zap': 'slot-only', 'retry-check': 'off' }, 8),
      one('linux-7.3', {}, 16),
    ];
    const merged = mergedCounts(all);
    expect(merged.map(({ kernel, knobs, steps }) => [kernel, Object.keys(knobs), steps[0]?.count])).toEqual([
      ['linux-7.3', [], 20],
      ['linux-7.3', ['retry-check', 'slot-zap'], 10],
      ['linux-6.12', [], 1],
    ]);
    expect(mergedCounts(all.toReversed())).toEqual(merged);
  });
});

describe('the coverage of a profile', () => {
  const plain = profileCoverage([countsOf(`${HOLE}punch A pgoff 8..10`)])[0]!;
  const knob = `kernel linux-7.3 with punch-truncate byte-beyond\n${HOLE}punch A pgoff 8..10`;

  it('counts the steps of its own variants', () => {
    expect(plain.kernel).toBe('linux-7.3');
    expect(plain.missing).toHaveLength(plain.steps - plain.reached);
    const names = plain.listings.map(({ procedure }) => procedure);
    expect(new Set(names).size).toBe(names.length);
  });

  it('counts a variant only if a scenario chooses it, and what the variants share once', () => {
    const [both] = profileCoverage([countsOf(`${HOLE}punch A pgoff 8..10`), countsOf(knob)]);
    const [own] = profileCoverage([countsOf(knob)]);
    expect(own!.steps).toBeLessThanOrEqual(plain.steps);
    expect(both!.steps).toBe(plain.steps + 1);
    const shared = both!.listings.find(({ procedure }) => procedure === 'kvm_gmem_create');
    expect(shared?.steps.map(({ count }) => count)).toEqual([2, 2, 2]);
    const holes = both!.listings.filter(({ procedure }) => procedure === 'kvm_gmem_punch_hole');
    expect(holes.map(({ setup }) => setup.knobs)).toEqual([{}, { 'punch-truncate': 'byte-beyond' }]);
    expect(holes.map(({ steps }) => steps.map(({ count }) => count))).toEqual([
      [2, 2, 1, 2, 2],
      [2, 2, 1, 2, 2],
    ]);
  });

  it('is that of no profile without a scenario', () => {
    expect(profileCoverage([])).toEqual([]);
  });
});
