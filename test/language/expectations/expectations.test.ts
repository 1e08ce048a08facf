import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  analyze,
  EXPECTATION_KINDS,
  EXPECTATIONS,
  type Expectations,
  type ObservedOutcome,
  parse,
  printExpectations,
} from '../../../src/language';
import { failedExpectations } from '../../../src/outcome';
import { expectations as anyExpectations } from '../../generators/expectations';

function expectationsIn(text: string): Expectations | undefined {
  return parse(`close A => ${text}`).statements[0]!.expectation?.expectations;
}

function complaints(text: string): string[] {
  const whole = `close A => ${text}`;
  return parse(whole).diagnostics.map(
    ({ code, span, message }) => `${code} @${whole.slice(span.start, span.end)}: ${message}`,
  );
}

describe('expectations', () => {
  test.each(EXPECTATIONS.map(({ example }) => [example]))('%s', (example) => {
    expect(complaints(example)).toEqual([]);
    expect(printExpectations(expectationsIn(example)!)).toBe(example);
  });

  test.each<[string, Expectations]>([
    ['ok', { result: 'ok' }],
    ['EINVAL', { result: 'EINVAL' }],
    ['flush, no WARN', { flush: true, warn: false }],
    ['no exit', { exit: null }],
    [
      'zapped slot 0 gfn 0x80000..0x80002, 0x80004, 2M gfn 0x80200..0x80400, slot 1 gfn 1, flush',
      {
        zapped: [
          {
            slot: 0,
            leaves: [
              { start: 0x80000, end: 0x80002, level: 1 },
              { start: 0x80004, end: 0x80005, level: 1 },
              { start: 0x80200, end: 0x80400, level: 2 },
            ],
          },
          { slot: 1, leaves: [{ start: 1, end: 2, level: 1 }] },
        ],
        flush: true,
      },
    ],
    [
      'zapped slot 0 gfn 1, 2 faults',
      { zapped: [{ slot: 0, leaves: [{ start: 1, end: 2, level: 1 }] }], faults: 2 },
    ],
    ['zapped nothing, mapped nothing', { zapped: [], mapped: [] }],
    ['zapped all roots', { zapped: [{ slot: null, leaves: [] }] }],
    [
      'mapped mirror 4K gfn 1 rwx, mapped direct gfn 2',
      {
        mapped: [
          { start: 1, end: 2, level: 1, rights: 'rwx', root: 'mirror' },
          { start: 2, end: 3, level: null, rights: null, root: 'direct' },
        ],
      },
    ],
    [
      'zapped slot 0 mirror gfn 1, 3, direct 2M gfn 0x200..0x400',
      {
        zapped: [
          {
            slot: 0,
            leaves: [
              { start: 1, end: 2, level: 1, root: 'mirror' },
              { start: 3, end: 4, level: 1, root: 'mirror' },
              { start: 0x200, end: 0x400, level: 2, root: 'direct' },
            ],
          },
        ],
      },
    ],
    [
      'MMIO SPTE direct gfn 1, STALE mirror gfn 2..4, STALE gfn 5',
      {
        mmio: [{ start: 1, end: 2, root: 'direct' }],
        stale: [
          { start: 2, end: 4, root: 'mirror' },
          { start: 5, end: 6 },
        ],
      },
    ],
    ['mapped gpa 0x1000..0x3000', { mapped: [{ start: 1, end: 3, level: null, rights: null }] }],
    [
      'freed A pages 0..2, 4, freed B page 1',
      {
        freed: [
          {
            file: 'A',
            pages: [
              { start: 0, end: 2 },
              { start: 4, end: 5 },
            ],
          },
          { file: 'B', pages: [{ start: 1, end: 2 }] },
        ],
      },
    ],
    ['RMP 1x4K → firmware', { rmp: [{ entries: 1, level: 1, to: 'firmware', asid: null }] }],
    ['RMP 2x2M → private ASID 1', { rmp: [{ entries: 2, level: 2, to: 'private', asid: 1 }] }],
    ['PSMASH 3x2M → 512×4K', { psmash: 3 }],
    ['PSMASH SUCCESS', { instruction: { name: 'PSMASH', result: 'SUCCESS' } }],
    ['exit mmio read', { exit: { reason: 'mmio', write: false, gpa: null } }],
    ['flush,\n  ok', { flush: true, result: 'ok' }],
  ])('%s', (text, expected) => {
    expect(complaints(text)).toEqual([]);
    expect(expectationsIn(text)).toEqual(expected);
  });

  test.each([
    [
      '',
      'G012 @=>: expected an outcome, for instance `EINVAL`, `zapped slot 0 gfn 0x80000` or `flush`, found the end of the line',
    ],
    [
      'fluhs',
      'G012 @fluhs: expected an outcome, for instance `EINVAL`, `zapped slot 0 gfn 0x80000` or `flush`, found `fluhs`: did you mean `flush`?',
    ],
    ['zapped pfn 1', 'G012 @pfn: expected `slot` or `gfn`, found `pfn`: did you mean `gfn`?'],
    [
      'zapped slot 0 gfn 4..4',
      'G011 @4..4: the range is empty: its end is exclusive and must be greater than its start',
    ],
    ['zapped slot 0 gpa 1', 'G012 @1: the address is not a multiple of 4K: expected the address of a page'],
    ['ok, EINVAL', 'G012 @EINVAL: an expectation of this kind is already listed'],
    [
      'ok flush',
      'G012 @flush: expected `,` before the next expectation, or the end of the line, found `flush`',
    ],
    ['exit mmio', 'G012 @mmio: expected `read` or `write`, found the end of the line'],
    [
      'PVALIDATE fine',
      'G012 @fine: expected the result of the instruction, for instance `SUCCESS`, found `fine`',
    ],
    [
      'mapped gfn 0xffffffffffffffff',
      'G012 @0xffffffffffffffff: `0xffffffffffffffff` is too large for a gfn',
    ],
  ])('%j is not taken', (text, expected) => {
    expect(complaints(text)).toEqual([expected]);
  });

  test('what is printed is read again', () => {
    fc.assert(
      fc.property(anyExpectations(), (expectations) => {
        const text = printExpectations(expectations);
        expect(complaints(text), text).toEqual([]);
        expect(expectationsIn(text), text).toEqual(expectations);
      }),
    );
  });

  test('a number at the end of a line is not the count of the statement below', () => {
    const { document, diagnostics } = analyze(
      'gmem A size 64K\npunch A offset 0 size 8K => freed A pages 0x0, 0x1\nfault vcpu 0 read gpa 0\n',
    );
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(document.statements.map(({ keyword }) => keyword)).toEqual(['gmem', 'punch', 'fault']);
  });

  test('constants and files in expectations are uses of them', () => {
    const text = 'let first = 1\ngmem A size 4K\nclose A => freed A page first';
    const { diagnostics, statements } = parse(text);
    expect(diagnostics).toEqual([]);
    expect(statements.at(-1)!.expectation!.names.map(({ role, text: name }) => `${role} ${name}`)).toEqual([
      'file A',
      'constant first',
    ]);
  });

  test.each([
    [
      'zapped slot 0 gfn 1..3, 5, slot 1 2M gfn 0x200..0x400, flush',
      ['zapped slot 0 gfn 1..3', '5', 'slot 1 2M gfn 0x200..0x400', 'flush'],
    ],
    ['freed A pages 1, 2, freed B page 7', ['freed A pages 1', '2', 'freed B page 7']],
    ['mapped gfn 1 rwx, 2 faults, mapped nothing', ['mapped gfn 1 rwx', '2 faults', 'mapped nothing']],
    ['zapped all roots, no exit', ['zapped all roots', 'no exit']],
  ])('the items of %s', (text, expected) => {
    const whole = `close A => ${text}`;
    const { items } = parse(whole).statements[0]!.expectation!;
    expect(items.map(({ span }) => whole.slice(span.start, span.end))).toEqual(expected);
  });

  test('the items together expectation what the outcome expects', () => {
    fc.assert(
      fc.property(anyExpectations(), (expectations) => {
        const { items } = parse(`close A => ${printExpectations(expectations)}`).statements[0]!.expectation!;
        const kinds = EXPECTATION_KINDS.filter((kind) => expectations[kind] !== undefined);
        expect(EXPECTATION_KINDS.filter((kind) => items.some((item) => item.kind === kind))).toEqual(kinds);
        // Read in a row, they are the expectations again.
        const again = items.map((item) => printExpectations(item.expectations)).join(', ');
        expect(
          failedExpectations(expectationsIn(again)!, {
            result: 'ok',
            exit: null,
            ...expectations,
          } as ObservedOutcome),
        ).toEqual([]);
      }),
    );
  });

  test('slots in expectations are uses of them, in numbers with constants too', () => {
    const text = 'let one = 1\nslot 1 gpa 0 size 4K\ndelete slot 1 => zapped slot one gfn 0, slot 1 gfn 1';
    const { symbols } = analyze(text).symbols;
    const places = (kind: string) =>
      symbols
        .filter((symbol) => symbol.kind === kind)
        .map(({ references }) => references.map(({ span }) => text.slice(span.start, span.end)));
    expect(places('slot')).toEqual([['1', 'one', '1']]);
    expect(places('constant')).toEqual([['one']]);
  });

  test('an expectation may go on in the next line, behind a comma', () => {
    expect(complaints('zapped slot 0 gfn 1,\n slot 1 gfn 2,\nflush')).toEqual([]);
  });

  test.each([
    ['malformed', 'flsh'],
    ['of a file that is not there', 'freed B page 1'],
  ])('where the outcome is %s, the statement is run all the same', (_what, outcome) => {
    const [program] = analyze(`gmem A size 4K\nclose A => ${outcome}`).programs;
    expect(program.statements.map(({ call, expected }) => [call.kind, expected])).toEqual([
      ['gmem', null],
      ['close', null],
    ]);
    expect(program.errors).toHaveLength(1);
  });

  test('an outcome ends at the next statement, on its line or not', () => {
    const { statements, diagnostics } = parse(
      'close A => ok close B\nslot 0 gpa 0 size 4K => flush\nclose C',
    );
    expect(diagnostics).toEqual([]);
    expect(statements.map(({ keyword }) => keyword)).toEqual(['close', 'close', 'slot', 'close']);
  });
});
