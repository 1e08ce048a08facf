import { describe, expect, it } from 'vitest';
import { inKernel, statementOf } from '../../../kernel/points/point';
import { POINT_LABELS, POINTS } from '../../../kernel/points/table';
import { WITHOUT_POINT } from '../../../kernel/points/without';
import { PROCEDURES } from '../../../src/simulator';

const LABELS = new Set(
  [...PROCEDURES.values()]
    .flatMap(({ steps }) => steps)
    .flatMap((step) => ('knob' in step ? Object.values(step.variants).flat() : [step]))
    .map(({ label }) => label),
);

describe('the points', () => {
  it.each(POINTS.map((point) => [point.label, point] as const))('%s is a label of the simulator', (label) => {
    expect(LABELS).toContain(label);
  });

  it('have no place twice for one label', () => {
    const places = POINTS.map((point) =>
      JSON.stringify([point.label, point.function, point.anchor, point.where]),
    );
    expect(new Set(places).size).toBe(places.length);
  });

  it('have at least one place in a kernel', () => {
    for (const point of POINTS) {
      const kernels = (['linux-6.12', 'linux-7.3'] as const).filter(
        (kernel) => inKernel(point.anchor, kernel) !== null,
      );
      expect(kernels, point.label).not.toEqual([]);
    }
  });

  it('or a reason exist for every label of the simulator, and not both', () => {
    const without = WITHOUT_POINT.flatMap(({ labels }) => labels);
    expect(new Set(without).size).toBe(without.length);
    expect(without.filter((label) => POINT_LABELS.has(label))).toEqual([]);
    expect(new Set([...without, ...POINT_LABELS])).toEqual(LABELS);
  });

  it('never sleep below mmu_lock, which the simulator says is held', () => {
    const point = POINTS.find(({ label }) => label === 'TM5');
    expect(point && statementOf(point, 'linux-7.3')).toBe('kvm_point_locked("TM5", fault->gfn);');
  });
});
