import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/dap/variables/values';
import { type EvaluationContext, evaluate, isProblem, type Value } from '../../src/expressions';
import { ERRNOS } from '../../src/simulator/errno';
import { contextAfter, PUNCHED, SNP } from './evaluation-context';

const punched = contextAfter(PUNCHED, {
  slot: 1,
  start: 0x1ff,
  gfns: { start: 0x90000, end: 0x90002 },
  flush: true,
});
const snp = contextAfter(SNP);
const tdx = contextAfter(`vm default
slot 0 gpa 0x40000000 size 4K
vm tdx
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
accept vcpu 0 gpa 0x80001000 size 4K
prefault vcpu 0 gpa 0x80002000 size 4K
fault vcpu 0 read gpa 0x80002000
`);

/** The value as the debugger prints it, or after `!` what is wrong. */
function printed(text: string, context: EvaluationContext = punched): string {
  const value: Value | { readonly problem: string } = evaluate(text, context);
  return isProblem(value) ? `! ${value.problem}` : textOf(value);
}

it('a local that holds a file by its id is that file', () => {
  const context = contextAfter(PUNCHED, { file: 0 });
  expect(evaluate('file', context)).toMatchObject({ kind: 'file', file: { name: 'A' } });
  expect(evaluate('file == A', context)).toMatchObject({ kind: 'flag', value: true });
  // B is a bad descriptor.
  expect(evaluate('file == B', context)).toMatchObject({ kind: 'flag', value: false });
});

describe('names', () => {
  it.each([
    ['A', '1024 pages, 3 present'],
    ['B', 'bad descriptor (-1)'],
    ['A.size', '0x400000'],
    ['A.pages', '0x1fe, 0x202..0x204'],
    ['A.pages[1].pfns', '0x204..0x206'],
    ['A.bindings', '0x0..0x200, 0x200..0x300'],
    ['A.bindings[1].slot.id', '1'],
    ['A.bindings[1].gfns', '0x90000..0x90100'],
    ['A.page(0x202).pfn', '0x204'],
    ['A.page(0x202).gfns', '0x90002'],
    ['A.page(0x1ff).pfn', 'none'],
    ['A.page(0x400)', 'A ends before page 0x400'],
    ['slots', 'slot 0, slot 1, slot 2'],
    ['slots.count', '3'],
    ['slots[1].gfns', '0x90000..0x90100'],
    ['slot(0)', 'gfn 0x80000..0x80200 = A pages 0x0..0x200'],
    ['slot(1).binding', 'A pages 0x200..0x300'],
    ['slot(1).file.size', '0x400000'],
    ['slot(2).binding', 'none'],
    ['slot(0).readonly', 'no'],
    ['vcpus', 'vCPU 0, vCPU 1'],
    ['vcpu(0).root', 'loaded by vCPU 0'],
    ['vcpu(1).root', 'none'],
    ['roots', 'root 0'],
    ['root(0).leaves', '0x801fe, 0x90002..0x90004'],
    ['root(0).spte(0x90002000).level', '4K'],
    ['root(0).sptes(0x90000000, 1M)', '4K rwx-d, pfn 0x204..0x206, guest_memfd, slot 1'],
    ['attributes', '0x80000..0x80200, 0x90000..0x90100'],
    ['attribute(0x80000000)', 'private'],
    ['attribute(0xa0000000)', 'shared'],
    ['memory(2).size', '0x10000'],
    ['spte(0x90002000)', '4K rwx-d, pfn 0x204, guest_memfd, slot 1'],
    ['spte(0x90000000)', 'not mapped'],
    ['spte(gfn(0x90002000)).pfns', '0x204'],
    ['spte(0x90002000).backing == guest_memfd', 'true'],
    ['sptes(0x90000000, 64K).count', '1'],
    ['sptes(slot(1).gfns)', '4K rwx-d, pfn 0x204..0x206, guest_memfd, slot 1'],
    ['page(0x90002000).file_page', 'A page 0x202'],
    ['page(0x90002000).slot', 'gfn 0x90000..0x90100 = A pages 0x200..0x300'],
    ['page(0x10000000).slot', 'none'],
    ['gfn(0x90001fff)', '0x90001'],
    ['gpa(0x90001)', '0x90001000'],
    ['gpa(gfn(0x90001fff))', '0x90001000'],
    ['pfn(0x90002000)', '0x204'],
    ['pfn(0x90000000)', 'none'],
    ['gfns(0x90000000, 8K)', '0x90000..0x90002'],
    ['seq', '3'],
    ['in_progress', '0'],
    ['invalidate_range', '0x801ff..0x90002'],
    ['generation', '3'],
    ['locks', 'none'],
    ['mmu_lock', 'none'],
    ['vm.type', 'sw-protected'],
    ['vm(0).slots.count', '3'],
    ['vms', 'VM 0'],
    ['statement.line', '12'],
    ['statement.kind', 'punch'],
    ['statement.offset', '0x1ff000'],
    ['result', 'ok'],
    ['exit', 'none'],
    ['zapped', '0x801ff, 0x90000..0x90002'],
    ['mapped', 'none'],
    ['freed', '0x1ff..0x202'],
    ['statement.flush', 'yes'],
    ['faults', 'none'],
    ['slot(0).zapped', '0x801ff'],
    ['slot(1).zapped.count', '1'],
    ['slot(2).zapped', 'none'],
    ['A.freed', 'A pages 0x1ff..0x202'],
    ['gfns(0x90001000, 4K).zapped', '0x90001'],
    ['page(0x90001000).zapped', '0x90001'],
  ])('%s', (text, value) => expect(printed(text)).toBe(value));

  it.each(ERRNOS)('every errno is a word: %s', (errno) => expect(printed(errno)).toBe(errno));

  it.each([
    // The last is the VMSA of the vCPU.
    ['rmp', 'pfn 0x200, pfn 0x201, pfn 0x202'],
    ['rmp(0x201)', 'VM 0 (ASID 1), gfn 0x80001, 4K, validated, VMPL 1 rw--, A page 0x1'],
    ['rmp(gfn(0x80001000)).vmpl1', 'rw--'],
    ['rmp(0x200, 2).count', '2'],
    ['rmp(0x300).assigned', 'no'],
    ['rmp(gfn(0x80100000))', 'no page backs gfn 0x80100'],
    ['page(0x80000000).rmp.validated', 'yes'],
    ['vm.asid', '1'],
    ['vcpu(0).vmsa', '0x202'],
    ['rmp(0x202).vmsa', 'yes'],
    ['rmp(0x201).owner', 'current, sev-snp, ASID 1, launched, 1 slot, 1 vCPU'],
    ['rmp(0x300).owner', 'none'],
    ['direct_map', '0x200..0x400'],
    ['read(0x80000000)', 'given'],
  ])('of the RMP: %s', (text, value) => expect(printed(text, snp)).toBe(value));

  it.each([
    ['accepted', '0x80001'],
    ['vm.accepted[0] == gfns(0x80001000, 4K)', 'true'],
    ['page(0x80001000).accepted', 'yes'],
    ['page(0x80002000).accepted', 'no'],
    ['vm.dead', 'yes'],
    ['vcpu(0).mirror_root', 'mirror (private memory), loaded by vCPU 0'],
    ['vm(0).slots[0].gfns', '0x40000'],
    ['vm(0).accepted', 'none'],
    ['A.vm.id', '1'],
    ['grace_periods', '2'],
    ['direct_map', '! There is no RMP: the host runs no sev-snp VM.'],
  ])('of a TDX guest, the second VM: %s', (text, value) => expect(printed(text, tdx)).toBe(value));

  it.each([
    ['slot', '1'],
    ['slot(slot).gfns == slots[1].gfns', 'true'],
    ['start', '0x1ff'],
    ['gfns', '0x90000..0x90002'],
    ['gfns.start', '0x90000'],
    ['gfns.count', '2'],
    ['gfns.has(start)', 'false'],
    ['gfns.has(gfn(0x90001000))', 'true'],
    ['gfns.has(gpa(0x90001))', 'true'],
    ['gfns.zapped', '0x90000..0x90002'],
    ['flush', 'true'],
    ['statement.flush', 'yes'],
  ])('of the frame go first: %s', (text, value) => expect(printed(text)).toBe(value));

  it.each([
    ['slts', '! Unknown name `slts`: did you mean `slots`?'],
    ['spt(0)', '! Unknown function `spt`: did you mean `spte(…)`?'],
    ['spte', '! `spte` is a function: write spte(gpa).'],
    ['zzz', /^! Unknown name `zzz`\. Known names include A, B, slots, spte\(…\), seq; type `help`/],
    ['slot()', '! Write slot(id), with one argument, not 0.'],
    ['gfns(1)', /with 2 arguments, not 1/],
    ['slot(9)', '! There is no slot 9: known numbers are 0, 1, 2.'],
    ['root(9).kind', '! There is no root 9: known numbers are 0.'],
    ['slot(0).foo', /^! The value is a slot, which has no `foo`\. Its members are id, gfns, gpa, size/],
    ['slot(0).gfn', '! The value is a slot, which has no `gfn`: did you mean `gfns`?'],
    ['seq.foo', '! `foo` does not exist: the value is a number.'],
    ['A.page', '! `page` is a function: write page(index).'],
    ['A.size(1)', '! `size` is not a function.'],
    ['slots[3]', '! There is no item 3: the last is 2.'],
    ['locks[0]', '! There is no item 0: the list is empty.'],
    ['A[0]', '! Only a list can be indexed, not a file.'],
    ['slots[A]', '! An index must be a number, not a file.'],
    ['spte(A)', '! Expected an address or a gfn, not a file.'],
    ['spte(rmp)', '! There is no RMP: the host runs no sev-snp VM.'],
    ['slot(0x1000).x', '! There is no slot 4096: known numbers are 0, 1, 2.'],
    ['slot(gpa(1))', '! Expected a page number, not bytes: divide by 4K.'],
    ['slot(0).gfns.has(0x80000)', '! Is 0x80000 an address or a gfn? Write gfn(0x80000) or gpa(0x80000).'],
    ['slots.has(1)', '! `has` works only on a list of ranges.'],
    ['change', '! `change` is available only in the condition of a data breakpoint.'],
  ])('that are wrong say what there is: %s', (text, problem) => {
    if (typeof problem === 'string') expect(printed(text)).toBe(problem);
    else expect(printed(text)).toMatch(problem);
  });
});

describe('operators', () => {
  it.each([
    ['2 * 3 + 1', '7'],
    ['0x10 + 1', '0x11 (17)'],
    ['7 / 2', '3'],
    ['7 % 4', '3'],
    ['6 & 3 | 8', '0xa (10)'],
    ['1 << 63 >> 60', '8'],
    ['0xffff_ffff_ffff_ffff', '0xffffffffffffffff (18446744073709551615)'],
    ['gfn(0x90000000) + 1', '0x90001'],
    ['slot(1).gfns.end - slot(1).gfns.start', '0x100 (256)'],
    ['slot(0).size / 4K', '0x200 (512)'],
    ['1 == 1 && 2 > 1', 'true'],
    ['1 > 2 || !0', 'true'],
    ['0 && foo', 'false'],
    ['1 || foo', 'true'],
    ['result == ok', 'true'],
    ['result != "EINVAL"', 'true'],
    ['exit == none', 'true'],
    ['spte(0x90000000) == none', 'true'],
    ['slot(0) == none', 'false'],
    ['slot(0).readonly == false', 'true'],
    ['!zapped', 'false'],
    ['!mapped', 'true'],
    ['start == 511', 'true'],
    ['slot(1).gfns == gfns(0x90000000, 1M)', 'true'],
  ])('%s', (text, value) => expect(printed(text)).toBe(value));

  it.each([
    ['1 - 2', '! The result is negative: values are unsigned 64-bit numbers.'],
    ['0xffff_ffff_ffff_ffff + 1', '! The result does not fit in 64 bits.'],
    ['1 << 64', '! The shift count must be 0 to 63, not 64.'],
    ['3 << 63', '! The result does not fit in 64 bits.'],
    ['1 / 0', '! Division by 0.'],
    ['1 % (2 - 2)', '! Division by 0.'],
    ['slot(0) + 1', '! `+` needs two numbers, but one operand is a slot.'],
    ['1 < A', '! `<` needs two numbers, but one operand is a file.'],
    ['slot(0) == 1', '! A slot and a number cannot be compared.'],
    ['gfn(0x90000000) == gpa(0x90000)', /^! One operand is a gfn, the other a number of bytes \(gfn/],
    ['slot(0).size + slot(0).gfns.start', /^! One operand is a number of bytes, the other a gfn/],
  ])('%s is wrong', (text, problem) => {
    if (typeof problem === 'string') expect(printed(text)).toBe(problem);
    else expect(printed(text)).toMatch(problem);
  });

  const operators = {
    '+': (a: bigint, b: bigint) => a + b,
    '-': (a: bigint, b: bigint) => a - b,
    '*': (a: bigint, b: bigint) => a * b,
    '/': (a: bigint, b: bigint) => (b === 0n ? null : a / b),
    '%': (a: bigint, b: bigint) => (b === 0n ? null : a % b),
    '&': (a: bigint, b: bigint) => a & b,
    '|': (a: bigint, b: bigint) => a | b,
  };

  it('reckon as u64 does, or say that it does not fit', () => {
    const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    const property = fc.property(
      u64,
      u64,
      fc.constantFrom(...Object.entries(operators)),
      (a, b, [sign, reckon]) => {
        const value = evaluate(`${a} ${sign} 0x${b.toString(16)}`, punched);
        const expected = reckon(a, b);
        if (expected === null || expected < 0n || expected >= 1n << 64n) expect(isProblem(value)).toBe(true);
        else expect(value).toMatchObject({ kind: 'number', value: expected });
      },
    );
    fc.assert(property, { seed: 5, numRuns: 500 });
  });
});

describe('any text', () => {
  it('has a value that can be printed, or says in a sentence why not', () => {
    const piece = fc.constantFrom(
      'A',
      'slots',
      'slot',
      'spte',
      'page',
      'gfns',
      'rmp',
      'zapped',
      'vm',
      'events',
      'statement',
      'has',
      'count',
      'pages',
      '.',
      '(',
      ')',
      '[',
      ']',
      '0',
      '1',
      '0x90000000',
      '==',
      '+',
      '/',
      '&&',
      '!',
      '"x"',
      ' ',
      ',',
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const property = fc.property(text, fc.constantFrom(punched, snp), (written, context) => {
      expect(printed(written, context).length).toBeGreaterThan(0);
    });
    fc.assert(property, { seed: 9, numRuns: 3000 });
  });
});
