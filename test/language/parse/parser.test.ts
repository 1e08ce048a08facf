import { describe, expect, test } from 'vitest';
import { parse, STATEMENTS } from '../../../src/language';

/** Diagnostics as `code @text: message`, where text is what is underlined. */
function complaints(text: string): string[] {
  return parse(text).diagnostics.map(
    ({ code, span, message }) => `${code} @${text.slice(span.start, span.end)}: ${message}`,
  );
}

function keywords(text: string): string[] {
  return parse(text).statements.map(({ keyword }) => keyword);
}

describe('statements', () => {
  test.each(STATEMENTS.map((spec) => [spec.keyword, spec.example]))(
    'the example of %s',
    (keyword, example) => {
      const { statements, diagnostics } = parse(example);
      expect(diagnostics).toEqual([]);
      expect(statements).toMatchObject([{ keyword, wellFormed: true }]);
    },
  );

  test.each([
    ['kernel linux-6.12 with retry-check off with range-math shifted'],
    ['vm default'],
    ['vm sev-snp vcpus 2 vm tdx switch vm 0 switch\nvm 1'],
    ['gmem A size 4M huge'],
    ['fault vcpu 0 exec gpa 0 private'],
    ['launch-update gpa 0 size 4K launch-update gpa 0 size 4K secrets launch-finish'],
    ['rmpadjust vcpu 0 gpa 0 size 4K vmpl 1 permissions none vmsa'],
    ['rmpupdate A offset 0 size 4K private immutable gpa 0 asid 1'],
    ['rmpupdate A offset 0 size 4K shared'],
    ['host write A offset 0 host write slot 0 offset 0'],
    ['host\n  write\n  A\n  offset 0'],
    ['host write\n  slot 0\n  offset 0'],
    ['gmem A size 4M mmap init-shared'],
    ['slot 3 gpa 0x80000000 size 2M gmem A offset 2M readonly thp'],
    ['slot 3 gpa 0x80000000 size 2M thp readonly gmem A offset 2M'],
    ['slot 0 gpa 0 size 4K gmem A offset 0 gmem B size 4M'],
    ['delete slot 1 slot 1 gpa 0 size 4K'],
    ['fault vcpu 0\n  read\n  gpa 0x1000'],
    ['close A close B'],
    ['close\n  A\nclose B'],
    ['gmem\n  A\n  size 4M'],
    ['kernel\n  linux-6.12\n  with retry-check\n  off'],
    ['convert gpa 0x1_0000 size 16K private'],
    ['\ufeffclose A'],
    ['# only a comment'],
    [''],
  ])('%j', (text) => {
    expect(complaints(text)).toEqual([]);
  });

  test('knobs keep their order', () => {
    const [kernel] = parse('kernel linux-7.3 with retry-check off with range-math shifted').statements;
    expect(kernel!.knobs.map(({ knob, variant }) => [knob.text, variant?.text])).toEqual([
      ['retry-check', 'off'],
      ['range-math', 'shifted'],
    ]);
  });

  test('a span runs from the keyword to the last word', () => {
    const text = '  punch A offset 0 size 4K  # hole\nclose A';
    const { statements } = parse(text);
    expect(statements.map(({ span }) => text.slice(span.start, span.end))).toEqual([
      'punch A offset 0 size 4K',
      'close A',
    ]);
  });
});

describe('what is missing or wrong is said in the words of the field', () => {
  test.each([
    ['gmem A', "G002 @A: expected the file's size, for instance `size 2M`, found the end of the file"],
    [
      'gmem A\nclose A',
      "G002 @A: expected the file's size, for instance `size 2M`, found the end of the line",
    ],
    [
      'slot 0 gpa 0 size',
      "G002 @size: expected the slot's size, for instance `size 2M`, found the end of the file",
    ],
    [
      'slot 0 size 4K',
      "G002 @size: expected the slot's guest physical address, for instance `gpa 0x80000000`, found `size`",
    ],
    ['slot zero gpa 0 size 4K', "G002 @zero: expected the slot's id, for instance `0`, found `zero`"],
    ['fault vcpu 0 gpa 0', 'G002 @gpa: expected `read`, `write` or `exec`, found `gpa`'],
    [
      'fault vcpu 0 raed gpa 0',
      'G002 @raed: expected `read`, `write` or `exec`, found `raed`: did you mean `read`?',
    ],
    [
      'punch A ofset 0 size 4K',
      'G002 @ofset: expected the offset in the file, found `ofset`: did you mean `offset`?',
    ],
    ['punhc A offset 0 size 4K', 'G001 @punhc: `punhc` is not a statement: did you mean `punch`?'],
    ['explode A', 'G001 @explode: expected a statement, for instance `gmem A size 4M`, found `explode`'],
    ['gmem A size -1', "G002 @-: expected the file's size, found a negative number: numbers are unsigned"],
    ['gmem A size 4M;', 'G003 @;: unexpected `;` after the end of `gmem`'],
    ['gmem A size 4M mmpa', 'G003 @mmpa: `gmem` has no option `mmpa`: did you mean `mmap`?'],
    ['gmem A size 4M mmap mmap', 'G007 @mmap: `mmap` is given twice'],
    ['slot 0 gpa 0 size 4K gmem A offset 0 gmem A offset 0', 'G007 @gmem: `gmem` is given twice'],
    ['gmem A size 4k', 'G004 @4k: `4k` is not a number: did you mean `4K`?'],
    [
      'gmem A size 0b1',
      'G004 @0b1: `0b1` is not a number: a number is decimal or hexadecimal (`0x`), with an optional suffix `K`, `M`, `G` or `T`',
    ],
    [
      'gmem A size 18446744073709551616',
      'G005 @18446744073709551616: `18446744073709551616` does not fit in 64 bits',
    ],
    ['gmem A size 16777216T', 'G005 @16777216T: `16777216T` does not fit in 64 bits'],
    ['gmem slot size 4M', 'G006 @slot: `slot` is a reserved word and cannot name a file'],
    [
      'gmem a-b size 4M',
      'G006 @a-b: `a-b` cannot name a file: a name consists of letters, digits and `_`, and does not start with a digit',
    ],
    [
      'host write offset 0',
      "G002 @offset: expected `slot` and its id, or the guest_memfd file's name, for instance `A`, found `offset`",
    ],
    ['host write slt 0 offset 0', "G002 @slt: expected the slot's id, found `slt`: did you mean `slot`?"],
    [
      'fault vcpu 0 read gpa 0 privat',
      'G003 @privat: `fault` has no option `privat`: did you mean `private`?',
    ],
    ['fault vcpu 0 read gpa 0 private private', 'G007 @private: `private` is given twice'],
    ['fault vcpu 0 read gpa 0 private shared', 'G007 @shared: `shared` contradicts the earlier `private`'],
    ['switch vm', "G002 @vm: expected the VM's number, for instance `vm 0`, found the end of the file"],
    ['=> ok', 'G001 @=>: expected a statement before `=>`'],
    [
      'kernel linux-7.3 with retry-check',
      "G002 @retry-check: expected the knob's variant, for instance `off`, found the end of the file",
    ],
  ])('%j', (text, expected) => {
    expect(complaints(text)).toEqual([expected]);
  });

  test('the largest number is not too large', () => {
    expect(parse('gmem A size 0xffff_ffff_ffff_ffff').statements[0]!.numbers.size!.value).toBe(
      (1n << 64n) - 1n,
    );
  });
});

describe('recovery', () => {
  test.each([
    ['an unfinished statement', 'gmem A size\nslot 0 gpa 0 size 4K\nclose A', ['gmem', 'slot', 'close']],
    ['an unfinished binding', 'slot 0 gpa 0 size 4K gmem A\npunch A offset 0 size 4K', ['slot', 'punch']],
    ['a misspelt keyword', 'close A\npunhc A offset 0 size 4K\nclose B', ['close', 'punch', 'close']],
    ['no statement at all', 'close A\n??? !!! 12 "x"\nclose B', ['close', 'close']],
    ['an outcome', 'close A => fine\nclose B', ['close', 'close']],
    ['a block never closed', 'scenario "a" {\nclose A', ['scenario', 'close']],
    ['a block never opened', 'scenario "a"\nclose A\n}', ['scenario', 'close']],
    ['a block closed twice', 'scenario "a" { close A } }\nclose B', ['scenario', 'close', 'close']],
    ['arithmetic that breaks off', 'gmem A size 4K +\nclose A', ['gmem', 'close']],
    ['a file or slot left out', 'host write\nslot 0 gpa 0 size 4K', ['host', 'slot']],
    ['a VM that is no number', 'switch vm sev-snp\nclose A', ['switch', 'close']],
    ['a missing label', 'prefault vcpu 0 0x1000 size 4K\nclose A', ['prefault', 'close']],
    ['a name left out', 'close\npunch A offset 0 size 4K', ['close', 'punch']],
    ['a string never closed', 'close "A\nclose B', ['close', 'close']],
  ])('%s', (_what, text, expected) => {
    expect(keywords(text)).toEqual(expected);
    expect(parse(text).diagnostics).toHaveLength(1);
  });

  test.each([
    ['an option given twice', 'gmem A size 4M mmap mmap'],
    ['a group given twice', 'slot 0 gpa 0 size 4K gmem A offset 0 gmem A offset 0'],
    ['an option that there is not', 'gmem A size 4M mmpa'],
    ['a number that is none', 'gmem A size 4k'],
  ])('%s is read, and the statement is not well formed', (_what, text) => {
    const { statements, diagnostics } = parse(text);
    expect(statements.map(({ wellFormed }) => wellFormed)).toEqual([false]);
    expect(diagnostics).toHaveLength(1);
  });

  test('a misspelt keyword below a statement that lacks its name is not the name', () => {
    expect(keywords('punch\nclsoe\nclose B')).toEqual(['punch', 'close', 'close']);
    expect(keywords('punch\nclsoe offset 0 size 4K')).toEqual(['punch']);
  });

  test('the parts behind a missing one are still read', () => {
    const [slot] = parse('slot 0 gpa size 2M gmem A offset 1M').statements;
    expect(slot!.numbers.size!.value).toBe(2n << 20n);
    expect(slot!.names.file!.text).toBe('A');
    expect(slot!.wellFormed).toBe(false);
  });
});
