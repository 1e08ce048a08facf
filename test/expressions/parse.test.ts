import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProblem, type Node, parse } from '../../src/expressions';

/** A tree with a bracket around every operation. */
function shown(node: Node): string {
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'word':
      return `"${node.text}"`;
    case 'name':
      return node.name;
    case 'member':
      return `${shown(node.of)}.${node.name}`;
    case 'index':
      return `${shown(node.of)}[${shown(node.index)}]`;
    case 'call':
      return `${shown(node.callee)}(${node.args.map(shown).join(', ')})`;
    case 'not':
      return `!${shown(node.of)}`;
    case 'binary':
      return `(${shown(node.left)} ${node.operator} ${shown(node.right)})`;
  }
}

function parsed(text: string): string {
  const node = parse(text);
  return isProblem(node) ? `${node.span.start}-${node.span.end}: ${node.problem}` : shown(node);
}

describe('expressions', () => {
  it.each([
    ['1', '1'],
    ['0x8000_0000', '2147483648'],
    ['2M', '2097152'],
    ['a', 'a'],
    ['"memory-fault"', '"memory-fault"'],
    ['a.b.c', 'a.b.c'],
    ['a[1].b', 'a[1].b'],
    ['f()', 'f()'],
    ['f(1, a.b)', 'f(1, a.b)'],
    ['A.page(1).pfn', 'A.page(1).pfn'],
    ['1 + 2 * 3', '(1 + (2 * 3))'],
    ['(1 + 2) * 3', '((1 + 2) * 3)'],
    ['1 - 2 - 3', '((1 - 2) - 3)'],
    ['a << 2 + 1', '(a << (2 + 1))'],
    ['a & 1 == 1', '(a & (1 == 1))'],
    ['a | b & c', '(a | (b & c))'],
    ['a < b == c >= d', '((a < b) == (c >= d))'],
    ['a || b && c || d', '((a || (b && c)) || d)'],
    ['!a && !!b', '(!a && !!b)'],
    ['!a.b == c', '(!a.b == c)'],
    ['a!=b', '(a != b)'],
    ['a<=b', '(a <= b)'],
  ])('%s', (text, tree) => expect(parsed(text)).toBe(tree));

  it.each([
    ['', '0-0: The expression is empty.'],
    ['  ', '0-2: The expression is empty.'],
    ['1 +', '3-3: Expected a number, a name or a bracket, found the end.'],
    ['(1', '2-2: Expected `)` to close the bracket, found the end.'],
    ['f(1', '3-3: Expected `)` after the arguments, found the end.'],
    ['a[1', '3-3: Expected `]` after the index, found the end.'],
    ['a.', '2-2: Expected a name after the dot, found the end.'],
    ['a.1', '2-3: Expected a name after the dot, found `1`.'],
    ['1 2', '2-3: The expression should end before `2`.'],
    ['a = 1', '2-3: Assignment is not supported: write `==` to compare.'],
    ['-1', '0-1: Negative numbers are not supported: values are unsigned 64-bit numbers.'],
    ['1(2)', '1-2: Only a name can be called.'],
    ['"open', '0-5: Missing closing `"`.'],
    ['0xzz', '0-4: `0xzz` is not a number: write 4096, 0x1000, 0x8000_0000, 4K or 2M.'],
    [
      '0x10000000000000000',
      '0-19: `0x10000000000000000` does not fit in 64 bits: the largest number is 0xffffffffffffffff.',
    ],
    ['a ? b', '2-3: The expression should end before `?`.'],
    ['a @', '2-3: The expression should end before `@`.'],
  ])('%j is wrong, and says where', (text, problem) => expect(parsed(text)).toBe(problem));

  it('have a limit to their length and to their depth', () => {
    expect(parsed(`1${' + 1'.repeat(1000)}`)).toContain('too long');
    expect(parsed(`${'('.repeat(500)}1${')'.repeat(500)}`)).toContain('nested too deeply');
    expect(parsed(`${'!'.repeat(500)}a`)).toContain('nested too deeply');
    expect(parsed(`1${'+1'.repeat(900)}`)).toContain('(1 + 1)');
  });

  it('are read, or said to be wrong, whatever the text is', () => {
    const piece = fc.constantFrom(
      'a',
      '.',
      '(',
      ')',
      '[',
      ']',
      '1',
      '0x',
      '==',
      '&&',
      '!',
      '"',
      ' ',
      ',',
      '-',
      '\ud800',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (written) => {
        const node = parse(written);
        if (!isProblem(node)) return;
        expect(node.problem).toMatch(/^[A-Z`"].*\.$/s);
        expect(node.span.start).toBeLessThanOrEqual(node.span.end);
        expect(node.span.end).toBeLessThanOrEqual(written.length);
      }),
      { seed: 3, numRuns: 2000 },
    );
  });
});
