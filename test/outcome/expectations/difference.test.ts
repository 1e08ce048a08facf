import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EXPECTATION_KINDS,
  type Expectations,
  type ObservedOutcome,
  parse,
  printExpectations,
} from '../../../src/language';
import { failedExpectations } from '../../../src/outcome';
import { differenceOf } from '../../../src/outcome/expectations/difference';
import { expectations } from '../../generators/expectations';

function expectationsIn(text: string): Expectations {
  return parse(`close A => ${text}`).statements[0]!.expectation!.expectations;
}

/** What each failed expectation misses, and what is unexpected; an empty list is left out. */
function differences(expected: string, actual: string): string[] {
  const so = { result: 'ok', exit: null, ...expectationsIn(actual) } as ObservedOutcome;
  const text = (side: Expectations) => printExpectations(side).replace(/^\w+ nothing$/, '');
  return failedExpectations(expectationsIn(expected), so).map(
    ({ missing, extra }) => `-${text(missing)} +${text(extra)}`,
  );
}

describe('what an expectation misses, and what there is besides', () => {
  test.each([
    ['zapped slot 0 gfn 1..5', 'zapped slot 0 gfn 1..5', []],
    [
      'zapped slot 0 gfn 1..5',
      'zapped slot 0 gfn 3..7',
      ['-zapped slot 0 gfn 0x1..0x3 +zapped slot 0 gfn 0x5..0x7'],
    ],
    ['zapped slot 0 gfn 1..5, slot 1 gfn 9', 'zapped slot 0 gfn 1..5', ['-zapped slot 1 gfn 0x9 +']],
    ['zapped nothing', 'zapped slot 0 gfn 1', ['- +zapped slot 0 gfn 0x1']],
    ['zapped slot 0 gfn 1', 'zapped all roots', ['-zapped slot 0 gfn 0x1 +zapped all roots']],
    [
      'zapped slot 0 gfn 0..0x200',
      'zapped slot 0 2M gfn 0..0x200',
      ['-zapped slot 0 gfn 0x0..0x200 +zapped slot 0 2M gfn 0x0..0x200'],
    ],
    ['mapped gfn 1..3', 'mapped 4K gfn 1 rwx, mapped 4K gfn 2 r-x', []],
    [
      'mapped gfn 1..3 rwx',
      'mapped 4K gfn 1 rwx, mapped 4K gfn 2 r-x',
      ['-mapped gfn 0x2 rwx +mapped 4K gfn 0x2 r-x'],
    ],
    [
      'freed A pages 1..4, freed B page 1',
      'freed A pages 2..4, freed B pages 1, 2',
      ['-freed A page 0x1 +freed B page 0x2'],
    ],
    ['private gfn 1..3', 'private gfn 1, shared gfn 2', ['-private gfn 0x2 +shared gfn 0x2']],
    ['RMP 2x4K private ASID 1', 'RMP 1x4K private ASID 1, RMP 1x4K private ASID 1', []],
    ['RMP 5x4K private', 'RMP 3x4K private ASID 1', ['-RMP 2x4K private +']],
    ['skipped slot 1', 'skipped slot 2', ['-skipped slot 1 +skipped slot 2']],
    ['guest VC gfn 1', 'guest VC gfn 2', ['-guest VC gfn 0x1 +guest VC gfn 0x2']],
    ['exit mmio read', 'exit mmio read gpa 0x1000', []],
    ['EINVAL', 'ok', ['-EINVAL +ok']],
    // A livelock is a retry that nothing ends; a retry that another call can end is no livelock.
    ['retries', 'livelock', []],
    ['livelock', 'retries', ['-livelock +retries']],
    ['flush', 'EINVAL, no flush', ['-ok +EINVAL', '-flush +no flush']],
  ])('%s, where it is %s', (expected, actual, texts) => {
    expect(differences(expected, actual)).toEqual(texts);
  });

  test('from the other side it is the other way round, and there is none of an expectation to itself', () => {
    fc.assert(
      fc.property(expectations(), expectations(), (a, b) => {
        for (const kind of EXPECTATION_KINDS) {
          if (a[kind] === undefined) continue;
          expect(differenceOf(kind, a[kind], a[kind])).toBeNull();
          if (b[kind] === undefined) continue;
          const [there, back] = [differenceOf(kind, a[kind], b[kind]), differenceOf(kind, b[kind], a[kind])];
          expect(back && { missing: back.extra, extra: back.missing }).toEqual(there);
        }
      }),
    );
  });
});
