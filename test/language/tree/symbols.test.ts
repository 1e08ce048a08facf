import { describe, expect, test } from 'vitest';
import { findSymbols, occurrenceAt, parse } from '../../../src/language';

const TEXT = [
  'gmem A size 4M',
  'slot 0 gpa 0 size 4K gmem A offset 0',
  'slot 0x0 gpa 0x1000 size 4K',
  'close A',
  'gmem A size 2M',
  'delete slot 0',
  'slot 0 gpa 0 size 4K',
  'punch B offset 0 size 4K',
].join('\n');

function lineOf(offset: number): number {
  return TEXT.slice(0, offset).split('\n').length;
}

describe('symbols', () => {
  const symbols = findSymbols(parse(TEXT));

  test('files and slots, each with the lines that define and use them', () => {
    const found = symbols.symbols.map(({ kind, name, definition, references }) => [
      `${kind} ${name}`,
      definition && lineOf(definition.span.start),
      references.map(({ span }) => lineOf(span.start)),
    ]);
    expect(found).toEqual([
      ['file A', 1, [2, 4]],
      ['slot 0', 2, [3, 6]],
      ['file A', 5, []],
      ['slot 0', 7, []],
      ['file B', null, [8]],
    ]);
  });

  test('each VM has slots of its own', () => {
    const text = 'vm tdx\nslot 0 gpa 0 size 4K\nvm tdx\nslot 0 gpa 0 size 4K\nswitch vm 0\ndelete slot 0';
    const { symbols: found } = findSymbols(parse(text));
    expect(found.map(({ name, vm, references }) => [name, vm, references.length])).toEqual([
      ['0', 0, 1],
      ['0', 1, 0],
    ]);
  });

  test('occurrences are in the order of the text and can be found by offset', () => {
    const starts = symbols.occurrences.map(({ span }) => span.start);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    for (const occurrence of symbols.occurrences) {
      expect(occurrenceAt(symbols, occurrence.span.start)).toBe(occurrence);
      expect(occurrenceAt(symbols, occurrence.span.end)).toBe(occurrence);
    }
    expect(occurrenceAt(symbols, 2)).toBeNull();
  });

  test.each(['value b as early', 'as early value b'])(
    'occurrences are in the order of the text, whatever the order of options: %s',
    (options) => {
      const text = `let b = 1\nfault vcpu 0 write gpa 0 until FA7 ${options}`;
      const starts = findSymbols(parse(text)).occurrences.map(({ span }) => span.start);
      expect(starts).toHaveLength(3);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
    },
  );
});
