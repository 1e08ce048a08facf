import { describe, expect, it } from 'vitest';
import { complete } from '../../src/expressions';
import { contextAfter, PUNCHED } from './evaluation-context';

const context = contextAfter(PUNCHED, { gfns: { start: 0x90000, end: 0x90002 }, slot: 1 });

function labels(before: string): readonly string[] {
  return complete(before, context).map(({ label }) => label);
}

describe('completion', () => {
  it('offers locals, files, names and functions, with what they are', () => {
    const items = complete('', context);
    expect(items.map(({ label }) => label).slice(0, 5)).toEqual(['gfns', 'slot', 'A', 'B', 'slots']);
    expect(items.find(({ label }) => label === 'seq')).toEqual({
      label: 'seq',
      doc: 'mmu_invalidate_seq',
      kind: 'name',
      replaces: 0,
    });
    expect(items.find(({ label, kind }) => label === 'slot' && kind === 'function')!.doc).toContain('(id)');
  });

  it('replaces what is there of a name', () => {
    expect(complete('1 + sl', context)[0]).toMatchObject({ replaces: 2 });
    expect(complete('A.pa', context)[0]).toMatchObject({ replaces: 2 });
    expect(complete('A.', context)[0]).toMatchObject({ replaces: 0 });
  });

  it.each([
    ['A.', ['id', 'name', 'size', 'pages', 'bindings']],
    ['slot(0).', ['id', 'gfns', 'gpa', 'size', 'binding']],
    ['slot(slot).gf', ['id', 'gfns', 'gpa', 'size', 'binding']],
    ['1 + (slots[0]).', ['id', 'gfns', 'gpa', 'size', 'binding']],
    ['A.pages[0].', ['pages', 'pfns', 'uptodate', 'huge', 'poisoned']],
    ['spte(slot(1).gpa + 8K).', ['gfns', 'level', 'access', 'present', 'writable']],
    ['gfns.', ['start', 'end', 'count', 'has', 'zapped']],
    ['A.page(gfns.', ['start', 'end', 'count', 'has', 'zapped']],
  ])('behind %s offers its parts', (before, first) => {
    expect(labels(before).slice(0, 5)).toEqual(first);
  });

  it.each([
    ['zzz.'],
    ['1.'],
    ['.'],
    ['seq.'],
    ['slot(9).'],
    ['0x9'],
    ['"pri'],
    ['A.pages[0'],
    [').'],
    ['a[.'],
  ])('offers nothing behind %s', (before) => expect(labels(before)).toEqual([]));

  it('offers names again behind an operator or a bracket', () => {
    for (const before of ['A.size + ', 'spte(', 'slots[', '!', 'A.size == '])
      expect(labels(before)).toContain('seq');
  });
});
