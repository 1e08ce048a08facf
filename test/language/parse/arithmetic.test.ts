import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze, MAX_U64, parse, print } from '../../../src/language';

/** Diagnostics as `code @text: message`, where text is what is underlined. */
function complaints(text: string): string[] {
  return analyze(text).diagnostics.map(
    ({ code, span, message }) => `${code} @${text.slice(span.start, span.end)}: ${message}`,
  );
}

/** What the size of the file in the last statement is worth. */
function sizeOf(expression: string): bigint | null | undefined {
  return parse(`let base = 0x80000000 let page = 4K\ngmem A size ${expression}`).statements.at(-1)!.numbers
    .size?.value;
}

describe('arithmetic in the place of a number', () => {
  test.each([
    ['4K', 4096n],
    ['4K + 4K', 8192n],
    ['8K - 4K', 4096n],
    ['2 * 4K', 8192n],
    ['4K + 2 * 4K', 12288n],
    ['(4K + 4K) * 2', 16384n],
    ['8K - 4K - 4K', 0n],
    ['4K-4K', 0n],
    ['4K - 8K + 8K', 4096n],
    ['base', 0x80000000n],
    ['base + 3 * page', 0x80003000n],
    ['(((4K)))', 4096n],
    ['4K +\n 4K', 8192n],
    ['0xffff_ffff_ffff_f000 + 0xfff', MAX_U64],
  ])('%s', (expression, value) => {
    expect(complaints(`let base = 0x80000000 let page = 4K\ngmem A size ${expression}`)).toEqual([]);
    expect(sizeOf(expression)).toBe(value);
  });

  test.each([
    [
      '0xffffffffffffffff + 1',
      'G005 @0xffffffffffffffff + 1: `0xffffffffffffffff + 1` does not fit in 64 bits',
    ],
    ['16T * 16T', 'G005 @16T * 16T: `16T * 16T` does not fit in 64 bits'],
    ['4K - 8K', 'G005 @4K - 8K: `4K - 8K` is below 0: numbers are unsigned'],
    ['4K +', 'G002 @+: expected a number after the operator, found nothing'],
    ['4K + mmap', 'G002 @+: expected a number after the operator, found `mmap`'],
    ['(4K', 'G002 @(: this parenthesis is not closed'],
    ['bse', 'G010 @bse: no constant is called `bse`: did you mean `base`?'],
    ['nothing', 'G010 @nothing: no constant is called `nothing`: define it above with `let nothing = …`'],
    [
      'base-4K',
      'G010 @base-4K: no constant is called `base-4K`: a minus needs spaces around it, `base - 4K`',
    ],
    [
      '4x',
      'G004 @4x: `4x` is not a number: a number is decimal or hexadecimal (`0x`), with an optional suffix `K`, `M`, `G` or `T`',
    ],
  ])('%s is not taken', (expression, expected) => {
    expect(complaints(`let base = 0x80000000\ngmem A size ${expression}`)).toEqual([expected]);
    expect(analyze(`let base = 0\ngmem A size ${expression}`).programs[0].statements).toEqual([]);
  });

  test('thousands of parentheses and terms are read without harm', () => {
    expect(complaints(`gmem A size ${'('.repeat(5000)}4K${')'.repeat(5000)}`).length).toBeGreaterThan(0);
    expect(complaints(`gmem A size 4K${' + 0'.repeat(5000)}`)).toEqual([]);
    expect(complaints(`gmem A size 16T${' * 16T'.repeat(5000)}`)).toHaveLength(1);
  });

  test('it is worked out as elsewhere', () => {
    const number = fc.bigInt({ min: 0n, max: 1n << 20n });
    fc.assert(
      fc.property(number, number, number, (a, b, c) => {
        const exact = a + b * c;
        expect(sizeOf(`${a} + ${b} * ${c}`)).toBe(exact);
        expect(sizeOf(`(${a} + ${b}) * ${c}`)).toBe((a + b) * c);
      }),
    );
  });
});

describe('constants', () => {
  test.each([
    ['let base = 4K let base = 8K', 'G013 @base: `base` is already defined, and a constant cannot change'],
    ['let size = 4K', 'G006 @size: `size` is a reserved word and cannot name a constant'],
    ['let private = 4K', 'G006 @private: `private` is a reserved word and cannot name a constant'],
    [
      'let a-b = 4K',
      'G006 @a-b: `a-b` cannot name a constant: a name consists of letters, digits and `_`, and does not start with a digit',
    ],
    ['let base', 'G002 @base: expected its value, for instance `= 0x80000000`, found the end of the file'],
    ['let base 4K', 'G002 @4K: expected its value, for instance `= 0x80000000`, found `4K`'],
    ['let A = 4K gmem A size 4K', 'G013 @A: `A` is the name of a file: give the constant another name'],
    [
      'gmem B size late let late = 4K',
      'G010 @late: no constant is called `late`: define it above with `let late = …`',
    ],
    ['let a = 4K => ok', 'G012 @=> ok: `let` makes no call here, so it has no outcome'],
  ])('%s', (text, expected) => {
    expect(complaints(text)).toEqual([expected]);
  });

  test('a constant whose value has an error is not complained about again', () => {
    expect(complaints('let base = 4k\ngmem A size base + base')).toHaveLength(1);
  });

  test('one that is known may begin a line', () => {
    expect(complaints('let base = 4K\ngmem A size\nbase\n+ base')).toEqual([]);
  });

  test('its uses are found', () => {
    const text = 'let base = 4K\ngmem A size base + 2 * base';
    const [constant] = analyze(text).symbols.symbols;
    expect(constant).toMatchObject({ kind: 'constant', name: 'base' });
    expect(constant!.definition!.span.start).toBe(4);
    expect(constant!.references.map(({ span }) => span.start)).toEqual([26, 37]);
  });
});

describe('pages instead of bytes', () => {
  test.each([
    ['gmem A pages 0x400', 'gmem A size 4M'],
    ['slot 0 gfn 0x80000 pages 0x200', 'slot 0 gpa 0x80000000 size 2M'],
    ['gmem A size 4M punch A pgoff 0x1ff pages 3', 'gmem A size 4M punch A offset 0x1ff000 size 12K'],
    ['slot 0 gpa 0x80000000..0x80200000', 'slot 0 gpa 0x80000000 size 2M'],
    ['slot 0 gfn 0x80000..0x80200', 'slot 0 gpa 0x80000000 size 2M'],
    ['gmem A size 4M punch A pgoff 1..3', 'gmem A size 4M punch A offset 4K size 8K'],
    ['let first = 0x80000 slot 0 gfn first..first + 2', 'slot 0 gpa 0x80000000 size 8K'],
    [
      'gmem A size 4K rmpupdate A pgoff 0 pages 1 private gfn 0x80000 asid 1',
      'gmem A size 4K rmpupdate A offset 0 size 4K private gpa 0x80000000 asid 1',
    ],
    [
      'gmem A size 4M slot 0 gfn 0x80000..0x80200 gmem A pgoff 0x200',
      'gmem A size 4M slot 0 gpa 0x80000000 size 2M gmem A offset 2M',
    ],
  ])('%s', (pages, bytes) => {
    expect(complaints(pages)).toEqual([]);
    const calls = (text: string) => analyze(text).programs[0].statements.map(({ call }) => call);
    expect(calls(pages)).toEqual(calls(bytes));
  });

  test.each([
    [
      'gmem A pages 0x10000000000000',
      'G005 @0x10000000000000: `0x10000000000000` pages, in bytes, do not fit in 64 bits',
    ],
    [
      'convert gfn 4..4 private',
      'G011 @4..4: the range is empty: its end is exclusive and must be greater than its start',
    ],
    [
      'convert gfn 4..2 private',
      'G011 @4..2: the range is empty: its end is exclusive and must be greater than its start',
    ],
    [
      'convert gfn 4.. private',
      'G002 @..: expected the end of the range, for instance `0x80000..0x80010`, found `private`',
    ],
    [
      'convert gfn 4..6 size 4K private',
      'G007 @size: the range already gives the size: `size` is given twice',
    ],
    [
      'fault vcpu 0 read gfn 4..6',
      'G011 @..: expected a single number for the guest physical address, found a range',
    ],
    ['gmem A size 4K..8K', "G011 @..: expected a single number for the file's size, found a range"],
  ])('%s is not taken', (text, expected) => {
    expect(complaints(text)).toEqual([expected]);
  });
});

describe('print', () => {
  test.each([
    ['let  base=4K', 'let base = 4K\n'],
    ['gmem A size ( 4K+4K )*2', 'gmem A size (4K + 4K) * 2\n'],
    ['convert gfn 4 .. 6 private', 'convert gfn 4..6 private\n'],
    ['gmem A size 4K # why\n + 4K', '# why\ngmem A size 4K + 4K\n'],
    ['gmem A pages 4  mmap', 'gmem A pages 4 mmap\n'],
  ])('%j', (text, expected) => {
    expect(print(parse(text))).toBe(expected);
  });
});
