import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze, parse, printExpectations } from '../../../src/language';
import { acceptedExpectations, failedExpectations, observedOutcome, runScenario } from '../../../src/outcome';
import { expectations as anyExpectations } from '../../generators/expectations';
import { scenarios } from '../../generators/scenarios';
import { snpScenarios } from '../../generators/snp';

/** A file bound by two slots, two pages of each of which are mapped. */
const SETUP = `vm sw-protected
gmem A size 4M
slot 0 gfn 0x80000..0x80200 gmem A pgoff 0
slot 1 gfn 0x90000..0x90100 gmem A pgoff 0x200
convert gfn 0x80000..0x80200 private
convert gfn 0x90000..0x90100 private
prefault vcpu 0 gfn 0x801fe..0x80200
prefault vcpu 0 gfn 0x90000..0x90002
`;

function actualOf(text: string) {
  const executed = [...runScenario(analyze(text).programs[0])].at(-1)!;
  return observedOutcome(executed.events, executed);
}

/** The failed expectations of the last statement. */
function failed(statement: string, outcome: string): string[] {
  const expected = parse(`close A => ${outcome}`).statements[0]!.expectation!;
  expect(expected.wellFormed, outcome).toBe(true);
  return failedExpectations(expected.expectations, actualOf(SETUP + statement)).map(
    ({ expected, actual }) => `${expected} | ${actual}`,
  );
}

const HOLE = 'punch A pgoff 0x1ff..0x201';
const BAD = 'punch A offset 1 size 4K';
const EXIT = 'fault vcpu 0 read gpa 0xa0000000';

describe('expectations that are met', () => {
  test.each([
    [HOLE, 'ok'],
    [HOLE, 'flush'],
    [HOLE, 'zapped slot 0 gfn 0x801ff, slot 1 gfn 0x90000, flush'],
    [HOLE, 'zapped slot 1 gfn 0x90000, slot 0 gfn 0x801ff'],
    [HOLE, 'zapped slot 0 gpa 0x801ff000, slot 1 gpa 0x90000000..0x90001000'],
    [HOLE, 'freed A pages 0x1ff, 0x200, no exit, no WARN, mapped nothing'],
    [HOLE, 'freed A page 0x1ff, freed A page 0x200'],
    [BAD, 'EINVAL'],
    [BAD, 'EINVAL, zapped nothing, no flush, freed nothing'],
    [EXIT, 'exit mmio read gpa 0xa0000000'],
    [EXIT, 'exit mmio read, MMIO gfn 0xa0000'],
    ['fault vcpu 0 write gfn 0x80000', 'mapped gfn 0x80000'],
    ['fault vcpu 0 write gfn 0x80000', 'mapped 4K gfn 0x80000 rwx, 1 fault'],
    [
      'convert gfn 0x80000..0x80200 shared',
      'shared gfn 0x80000..0x80200, zapped slot 0 gfn 0x801fe..0x80200',
    ],
    ['convert gfn 0x80000..0x80200 private', 'converted nothing'],
    ['delete slot 0\nfault vcpu 0 read gfn 0x80000', 'exit memory-fault private'],
    ['delete slot 0\nfault vcpu 0 read gfn 0x80000', 'EFAULT'],
  ])('%s => %s', (statement, outcome) => {
    expect(failed(statement, outcome)).toEqual([]);
  });
});

describe('expectations that are not', () => {
  test.each([
    [HOLE, 'EINVAL', 'EINVAL | ok'],
    [BAD, 'ok', 'ok | EINVAL'],
    [BAD, 'no flush', 'ok | EINVAL'],
    [HOLE, 'no flush', 'no flush | flush'],
    [
      HOLE,
      'zapped slot 0 gfn 0x801ff',
      'zapped slot 0 gfn 0x801ff | zapped slot 0 gfn 0x801ff, slot 1 gfn 0x90000',
    ],
    [
      HOLE,
      'zapped slot 0 gfn 0x801ff, slot 1 gfn 0x90000..0x90002',
      'zapped slot 0 gfn 0x801ff, slot 1 gfn 0x90000..0x90002 | zapped slot 0 gfn 0x801ff, slot 1 gfn 0x90000',
    ],
    [HOLE, 'zapped nothing', 'zapped nothing | zapped slot 0 gfn 0x801ff, slot 1 gfn 0x90000'],
    [HOLE, 'zapped all roots', 'zapped all roots | zapped slot 0 gfn 0x801ff, slot 1 gfn 0x90000'],
    [HOLE, 'PVALIDATE SUCCESS', 'PVALIDATE SUCCESS | '],
    [EXIT, 'ok', 'no exit | exit mmio read gpa 0xa0000000'],
    [EXIT, 'exit mmio write', 'exit mmio write | exit mmio read gpa 0xa0000000'],
    [EXIT, 'exit mmio read gpa 0', 'exit mmio read gpa 0x0 | exit mmio read gpa 0xa0000000'],
    [
      'fault vcpu 0 write gfn 0x80000',
      'mapped 2M gfn 0x80000',
      'mapped 2M gfn 0x80000 | mapped 4K gfn 0x80000 rwx',
    ],
    [
      'fault vcpu 0 write gfn 0x80000',
      'mapped gfn 0x80000 r-x',
      'mapped gfn 0x80000 r-x | mapped 4K gfn 0x80000 rwx',
    ],
    ['fault vcpu 0 write gfn 0x80000', '2 faults', '2 faults | 1 fault'],
  ])('%s => %s', (statement, outcome, expected) => {
    expect(failed(statement, outcome)).toContain(expected);
  });
});

describe('a page that one call maps by a huge leaf, and then by a small one', () => {
  const huge = { start: 0x90000, end: 0x90200, level: 2, rights: 'rwx' } as const;
  const small = { start: 0x90000, end: 0x90001, level: 1, rights: 'rwx' } as const;
  const actual = { ...actualOf(SETUP), mapped: [huge, small] };

  test.each([
    ['both', [huge, small], true],
    ['whatever their size', [{ ...huge, level: null, rights: null }], true],
    ['the huge one alone', [huge], false],
    ['the small one alone', [small], false],
    ['the small one twice', [small, small], false],
  ] as const)('is expected: %s', (_, mapped, met) => {
    expect(failedExpectations({ mapped }, actual).length).toBe(met ? 0 : 1);
  });
});

describe('a leaf of a TDX guest, in one of its two roots', () => {
  const at = { start: 0x90000, end: 0x90002, level: 1 } as const;
  const leaf = { ...at, rights: 'rwx' };
  const zap = (more: { readonly root?: 'mirror' | 'direct' }) => [{ slot: 0, leaves: [{ ...at, ...more }] }];
  const actual = {
    ...actualOf(SETUP),
    mapped: [{ ...leaf, root: 'mirror' as const }],
    zapped: zap({ root: 'direct' }),
    mmio: [{ start: 1, end: 2, root: 'direct' as const }],
    stale: [
      { start: 3, end: 5, root: 'mirror' as const },
      { start: 3, end: 4, root: 'direct' as const },
    ],
  };

  test.each([
    [{ mapped: [leaf] }, true],
    [{ mapped: [{ ...leaf, root: 'mirror' }] }, true],
    [{ mapped: [{ ...leaf, root: 'direct' }] }, false],
    [{ zapped: zap({}) }, true],
    [{ zapped: zap({ root: 'direct' }) }, true],
    [{ zapped: zap({ root: 'mirror' }) }, false],
    [{ mmio: [{ start: 1, end: 2 }] }, true],
    [{ mmio: [{ start: 1, end: 2, root: 'direct' }] }, true],
    [{ mmio: [{ start: 1, end: 2, root: 'mirror' }] }, false],
    [{ stale: [{ start: 3, end: 5 }] }, true],
    [{ stale: [{ start: 3, end: 5, root: 'mirror' }] }, false],
    [{ stale: actual.stale }, true],
  ] as const)('is expected: %j', (expected, met) => {
    expect(failedExpectations(expected, actual).length).toBe(met ? 0 : 1);
  });
});

describe('a leaf of a guest that has only direct roots', () => {
  const hole = (expected: string) => {
    const { expectations } = parse(`close A => ${expected}`).statements[0]!.expectation!;
    return failedExpectations(expectations, actualOf(`${SETUP}${HOLE}`)).length;
  };

  test.each([
    ['zapped slot 0 gfn 0x801ff, slot 1 gfn 0x90000', 0],
    ['zapped slot 0 direct gfn 0x801ff, slot 1 gfn 0x90000', 0],
    ['zapped slot 0 mirror gfn 0x801ff, slot 1 gfn 0x90000', 1],
  ])('is expected: %s', (expected, failed) => {
    expect(hole(expected)).toBe(failed);
  });
});

describe('accepting what happened', () => {
  /** The outcome that the statement gets. */
  function accepted(statement: string, outcome: string | null): string {
    const expected =
      outcome === null ? null : parse(`close A => ${outcome}`).statements[0]!.expectation!.expectations;
    return printExpectations(acceptedExpectations(expected, actualOf(SETUP + statement)));
  }

  test.each([
    [HOLE, null, 'zapped slot 0 gfn 0x801ff, slot 1 gfn 0x90000, freed A pages 0x1ff..0x201, flush'],
    ['gmem B size 4K', null, 'ok'],
    [BAD, null, 'EINVAL'],
    [EXIT, null, 'exit mmio read gpa 0xa0000000'],
    ['fault vcpu 0 write gfn 0x80000', null, 'mapped 4K gfn 0x80000 rwx'],
    // Only what was expected is expected again.
    [HOLE, 'no flush', 'flush'],
    [HOLE, 'zapped nothing', 'zapped slot 0 gfn 0x801ff, slot 1 gfn 0x90000'],
    [HOLE, 'EINVAL', 'ok'],
    [HOLE, 'ok', 'ok'],
    [BAD, 'zapped slot 0 gfn 0x801ff, flush', 'EINVAL, zapped nothing, no flush'],
    [EXIT, 'ok', 'ok, exit mmio read gpa 0xa0000000'],
    // What is met stays as it was written.
    ['fault vcpu 0 write gfn 0x80000', 'mapped gfn 0x80000, 2 faults', 'mapped gfn 0x80000, 1 fault'],
    [HOLE, 'PVALIDATE SUCCESS', 'ok'],
  ])('%s, where it said %s', (statement, before, after) => {
    expect(accepted(statement, before)).toBe(after);
  });

  test('what is accepted is met, and can be read', () => {
    fc.assert(
      fc.property(fc.oneof(scenarios(), snpScenarios()), fc.option(anyExpectations()), (text, expected) => {
        for (const executed of runScenario(analyze(text).programs[0])) {
          const actual = observedOutcome(executed.events, executed);
          const expectations = acceptedExpectations(expected, actual);
          const printed = printExpectations(expectations);
          expect(failedExpectations(expectations, actual), printed).toEqual([]);
          const [statement] = parse(`close A => ${printed}`).statements;
          expect(statement!.expectation?.wellFormed, printed).toBe(true);
          expect(failedExpectations(statement!.expectation!.expectations, actual), printed).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
