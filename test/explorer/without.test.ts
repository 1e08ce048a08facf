import { describe, expect, test } from 'vitest';
import { finish } from '../../src/language';
import {
  describedRace,
  exploreWithout,
  reachedLocks,
  reachedSteps,
  type WithoutStep,
} from '../../src/outcome';
import { explored, raceText } from '../generators/exploring';

const text = raceText(
  `kernel linux-7.3
vm sw-protected
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
`,
  [['fault vcpu 0 write gpa 0x80000000'], ['punch A offset 0 size 4K']],
);

const whole = explored(text);
const described = describedRace(text, whole);

function without(left: string, full: boolean): WithoutStep {
  return finish(exploreWithout(text, described, left, { full, maxStates: 20_000 }));
}

const parts = [...reachedSteps(whole).map(({ label }) => label), ...reachedLocks(whole)];

test('the locks that the calls of a race take', () => {
  expect(new Set(reachedLocks(whole))).toEqual(
    new Set(['srcu', 'invalidate_lock', 'mmu_lock', 'folio_lock']),
  );
});

describe('a fault against a hole', () => {
  test.each([
    ['FA1', 'livelock'],
    ['TP6s', 'STALE gfn 0x80000'],
    ['I2r', 'STALE gfn 0x80000'],
    ['I7', 'livelock'],
    ['mmu_lock', 'WARN'],
    ['PH5', 'invalidate_lock 0 is held'],
  ])('without %s: %s', (left, detail) => {
    const { effect, detail: found } = without(left, false);
    expect(effect).toBe('broken');
    expect(found).toContain(detail);
  });

  test.each(['FA2', 'FA6', 'NP1', 'G7a'])('does not notice that %s is left out', (left) => {
    expect(without(left, false).effect).toBe('same');
  });

  test.each(parts)('without %s, a search of every step decides the same', (left) => {
    const full = without(left, true);
    if (full.effect !== 'undecided') expect(without(left, false).effect).toBe(full.effect);
  });
});
