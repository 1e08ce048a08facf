import { describe, expect, it } from 'vitest';
import { withPoints } from '../../../kernel/points/place';
import type { Point } from '../../../kernel/points/point';

const FAULT = `#include <linux/kvm_host.h>

static int page_fault(struct kvm_vcpu *vcpu, struct fault *fault);

static int page_fault(struct kvm_vcpu *vcpu, struct fault *fault)
{
	int r = prepare(fault);

	read_lock(&kvm->mmu_lock);
	if (stale(fault))
		goto out;
	r = map(vcpu, fault);
out:
	read_unlock(&kvm->mmu_lock);
	return r;
}

static int other(void)
{
	return page_fault(NULL, NULL);
}
`;

const point = (more: Partial<Point>): Point => ({
  ...{ label: 'TP5', file: 'mmu.c', function: 'page_fault', anchor: 'read_lock(&kvm->mmu_lock);' },
  ...more,
});
const place = (...points: readonly Partial<Point>[]) => withPoints(FAULT, points.map(point), 'linux-7.3');

/** The lines that were added. */
const added = (text: string) => {
  const before = FAULT.split('\n');
  return text.split('\n').filter((line) => !before.includes(line));
};

describe('withPoints', () => {
  it('adds the header, and a point before the line of its anchor', () => {
    const text = place({});
    expect(text).toContain('#include <linux/kvm_points.h>\n#include <linux/kvm_host.h>\n');
    expect(text).toContain('\tkvm_point("TP5", 0);\n\tread_lock(&kvm->mmu_lock);\n');
  });

  it('takes the definition of a function, neither its declaration nor a call', () => {
    expect(added(place({}))).toHaveLength(2);
  });

  it.each([
    [{ where: 'after' as const }, '\tread_lock(&kvm->mmu_lock);\n\tkvm_point("TP5", 0);\n'],
    [{ gfn: 'fault->gfn', locked: true as const }, '\tkvm_point_locked("TP5", fault->gfn);\n\tread_lock('],
    [{ when: 'fault->write' }, '\tif (fault->write) kvm_point("TP5", 0);\n\tread_lock('],
    [{ when: { 'linux-6.12': 'old', 'linux-7.3': 'new' } }, '\tif (new) kvm_point("TP5", 0);\n\tread_lock('],
    [{ code: 'unlock_and_wait();' }, '\tunlock_and_wait();\n\tread_lock('],
    [
      { anchor: 'int r = prepare(fault);', declared: true as const, gfn: 'fault->gfn' },
      '\tkvm_point_declared("TP5", fault->gfn);\n\tint r = prepare(fault);\n',
    ],
    [
      { anchor: 'if (stale(fault))\n\t\tgoto out;', where: 'after' as const },
      '\t\tgoto out;\n\tkvm_point("TP5", 0);\n',
    ],
  ])('%j', (more, expected) => {
    expect(place(more)).toContain(expected);
  });

  it('keeps the order of points at one place', () => {
    expect(added(place({ label: 'D3a' }, { label: 'D3b' })).slice(1)).toEqual([
      '\tkvm_point("D3a", 0);',
      '\tkvm_point("D3b", 0);',
    ]);
  });

  it('leaves a point out of a kernel that lacks its place', () => {
    expect(added(place({ anchor: { 'linux-6.12': 'gone', 'linux-7.3': null } }))).toHaveLength(1);
    expect(added(place({ function: { 'linux-6.12': 'gone', 'linux-7.3': null } }))).toHaveLength(1);
  });

  it.each([
    [{ function: 'gone' }, 'point TP5 of linux-7.3: gone() is not defined in mmu.c'],
    [{ anchor: 'gone' }, 'point TP5 of linux-7.3: `gone` occurs 0 times in page_fault() in mmu.c'],
    [{ anchor: 'mmu_lock' }, 'point TP5 of linux-7.3: `mmu_lock` occurs 2 times in page_fault() in mmu.c'],
  ])('fails and names the label: %j', (more, message) => {
    expect(() => place(more)).toThrow(message);
  });

  it('fails for a function that is defined twice', () => {
    const twice = `${FAULT}#ifdef OTHER\nstatic int other(void)\n{\n\treturn 0;\n}\n#endif\n`;
    const where = { function: 'other', anchor: 'return 0;' };
    expect(() => withPoints(twice, [point(where)], 'linux-6.12')).toThrow('other() is defined 2 times');
  });
});
