import { describe, expect, it } from 'vitest';
import { POINT_LABELS } from '../../../kernel/points/table';
import { encodeRace } from '../../../kernel/races/encode';
import { toldOrders } from '../../../kernel/races/orders';
import { analyze } from '../../../src/language';
import { runScenario } from '../../../src/outcome';

const TEXT = `kernel linux-7.3
vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 1M size 64K gmem A offset 0
convert gpa 1M size 64K private
race {
  task a { fault vcpu 0 read gpa 1M
           fault vcpu 0 read gpa 1028K }
  task b { punch A offset 0 size 8K }
}
`;
const [program] = analyze(TEXT).programs;
const orders = toldOrders(program, 20, 7);

describe('toldOrders', () => {
  it('is the same for the same seed, and another for another', () => {
    const textOf = (told: typeof orders) => told.map((order, at) => encodeRace(at, order.program)).join('');
    expect(textOf(toldOrders(program, 20, 7))).toBe(textOf(orders));
    expect(textOf(toldOrders(program, 20, 8))).not.toBe(textOf(orders));
  });

  it('lets every call return, and begins the second call of a task after the first', () => {
    for (const order of orders) {
      const results = [...runScenario(order.program)].map(({ events }) => events.at(-1)?.type);
      for (const statements of order.calls) expect(results[statements.at(-1) ?? -1]).toBe('return');
      const [first, second] = order.calls;
      expect(first?.at(-1)).toBeLessThan(second?.[0] ?? 0);
    }
  });

  it('suspends calls at points only, and keeps the statements above the race', () => {
    const above = program.statements.slice(0, 3);
    for (const order of orders) expect(order.program.statements.slice(0, 3)).toEqual(above);
    const untils = orders.flatMap((order) => order.program.statements.map(({ course }) => course.until));
    const labels = untils.filter((until) => until !== null);
    expect(labels.filter((label) => !POINT_LABELS.has(label))).toEqual([]);
    expect(new Set(labels).size).toBeGreaterThan(10);
  });

  it('has no orders without a race', () => {
    expect(toldOrders({ ...program, race: null }, 20)).toEqual([]);
  });
});
