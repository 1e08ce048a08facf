import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHANGE_KINDS,
  evaluate,
  isProblem,
  parseWatch,
  type Watch,
  watchOf,
  watchText,
} from '../../src/expressions';
import { contextAfter, PUNCHED } from './evaluation-context';

const context = contextAfter(PUNCHED, { gfns: { start: 0x90000, end: 0x90002 } });

describe('what is watched', () => {
  it.each([
    ['slot(1)', 'slot 1'],
    ['slots[0].zapped', 'slot 0 zapped'],
    ['slot(1).gfns', 'gfn 0x90000..0x90100'],
    ['gfns', 'gfn 0x90000..0x90002'],
    ['gfns.mapped', 'gfn 0x90000..0x90002 mapped'],
    ['gfn(0x90000000)', 'gfn 0x90000'],
    ['spte(0x90002000)', 'gfn 0x90002'],
    ['sptes(0x90000000, 64K)', 'gfn 0x90000..0x90010'],
    ['page(0x90002000).converted', 'gfn 0x90002 converted'],
    ['A', 'A pages 0x0..0x400'],
    ['A.pages', 'A pages 0x0..0x400'],
    ['A.pages[0]', 'A page 0x1fe'],
    ['A.page(3).freed', 'A page 0x3 freed'],
    ['slot(1).binding', 'A pages 0x200..0x300'],
    ['pfn(0x90002000)', 'pfn 0x204'],
    ['zapped', 'anything zapped'],
    ['attributes[1]', 'gfn 0x90000..0x90100'],
  ])('%s is %s', (text, watch) => {
    const value = evaluate(text, context);
    expect(isProblem(value) ? value : watchText(watchOf(value, context)!)).toBe(watch);
  });

  it.each([['seq'], ['slots'], ['root(0)'], ['vcpu(0)'], ['1 == 1'], ['result'], ['1 + 1']])(
    '%s is nothing to watch',
    (text) => {
      const value = evaluate(text, context);
      expect(isProblem(value) ? value : watchOf(value, context)).toBeNull();
    },
  );

  const range = fc
    .tuple(fc.nat(2 ** 30), fc.integer({ min: 1, max: 2 ** 20 }))
    .map(([start, pages]) => ({ start, end: start + pages }));
  const target = fc.oneof(
    fc.constant({ kind: 'anything' } as const),
    fc.tuple(range, fc.nat(3)).map(([gfns, vm]) => ({ kind: 'gfns', vm, ...gfns }) as const),
    fc.tuple(fc.nat(70_000), fc.nat(3)).map(([slot, vm]) => ({ kind: 'slot', vm, slot }) as const),
    fc
      .tuple(range, fc.constantFrom('A', 'gfn', 'slot', 'pages', 'Überfile', 'a_1'))
      .map(([pages, file]) => ({ kind: 'file-pages', file, ...pages }) as const),
    range.map((pfns) => ({ kind: 'pfns', ...pfns }) as const),
  );
  const watch: fc.Arbitrary<Watch> = fc.record({ target, what: fc.constantFrom(null, ...CHANGE_KINDS) });

  it('is read as it is written', () => {
    fc.assert(
      fc.property(watch, (one) => {
        expect(parseWatch(watchText(one))).toEqual(one);
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  it.each([
    ['  gfn 512K..0x8_0001  zapped ', 'gfn 0x80000 zapped'],
    ['slot  0', 'slot 0'],
    ['A page 0x10', 'A page 0x10'],
    ['gfn 5..5', null],
    ['gfn 6..5', null],
    ['gfn 0xz', null],
    ['slot 0 eaten', null],
    ['gfn', null],
    ['', null],
    ['slot -1', null],
  ])('%j is read as %j', (text, shown) => {
    const read = parseWatch(text);
    expect(read && watchText(read)).toBe(shown);
  });
});
