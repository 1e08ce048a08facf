import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/language';
import { runScenario } from '../../../src/outcome';
import { filePagesOfGfns, gfnsBoundTo, gfnsOfFilePages } from '../../../src/simulator/model/bindings';
import { fileByName } from '../../../src/simulator/model/state-parts';
import type { Slot } from '../../../src/simulator/state';

const SLOT: Slot = {
  id: 1,
  baseGfn: 0x90000,
  pages: 256,
  readonly: false,
  invalid: false,
  gmem: { file: 0, pgoff: 512 },
  gmemOnly: false,
  mixed: { 2: [], 3: [] },
};

describe('a slot bound at page 512', () => {
  test.each([
    ['all of it', { start: 512, end: 768 }, { start: 0x90000, end: 0x90100 }],
    ['its first pages, with pages below', { start: 511, end: 514 }, { start: 0x90000, end: 0x90002 }],
    ['its last pages, with pages above', { start: 767, end: 800 }, { start: 0x900ff, end: 0x90100 }],
    ['the whole file', { start: 0, end: 1024 }, { start: 0x90000, end: 0x90100 }],
  ])('%s', (_what, pages, gfns) => {
    expect(gfnsOfFilePages(SLOT, 512, pages)).toEqual(gfns);
  });

  test.each([
    ['below it', { start: 0, end: 512 }],
    ['above it', { start: 768, end: 1024 }],
  ])('maps nothing of what is %s', (_what, pages) => {
    const { start, end } = gfnsOfFilePages(SLOT, 512, pages);
    expect(end - start).toBe(0);
  });

  test('and back from gfns to file pages', () => {
    expect(filePagesOfGfns(SLOT, 512, { start: 0x90001, end: 0x90003 })).toEqual({ start: 513, end: 515 });
    expect(filePagesOfGfns(SLOT, 512, { start: 0x8ffff, end: 0xa0000 })).toEqual({ start: 512, end: 768 });
  });
});

test('a range of a file is in every slot that is bound to it, by file offset', () => {
  const text = [
    'vm sw-protected',
    'gmem A size 4M',
    'slot 7 gpa 0x90000000 size 1M gmem A offset 2M',
    'slot 3 gpa 0x80000000 size 2M gmem A offset 0',
  ].join('\n');
  const { after } = [...runScenario(analyze(text).programs[0])].at(-1)!;
  const file = fileByName(after, 'A')!.id;
  const bound = gfnsBoundTo(after, file, { start: 511, end: 514 });
  expect(bound.map(({ slot, start, end }) => [slot.id, start, end])).toEqual([
    [3, 0x801ff, 0x80200],
    [7, 0x90000, 0x90002],
  ]);
  expect(gfnsBoundTo(after, file, { start: 768, end: 1024 })).toEqual([]);
});
