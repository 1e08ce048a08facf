import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze, applyEdits, placesOf, renameableAt, renamingEdits } from '../../../src/language';
import { scenarios } from '../../generators/scenarios';

const SETUP = `let first = 0x80000
vm sw-protected
gmem A size 4M
gmem B size 4M
slot 0 gfn first..first + 2 gmem A pgoff 0
slot 1 gfn 0x90000..0x90002 gmem B pgoff 0
`;

/** The text after what stands at the bar has got another name; or why it does not get it. */
function renamed(marked: string, name: string): string | null {
  const text = marked.replace('|', '');
  const result = renamingEdits(analyze(text), marked.indexOf('|'), name);
  if (result === null) return null;
  return 'refusal' in result ? result.refusal : applyEdits(text, result.edits).replace(SETUP, 'SETUP\n');
}

describe('renaming', () => {
  test.each([
    [
      'a file, in expectations too',
      `${SETUP}close |A => freed A page 0`,
      'memory',
      [/gmem memory size/, /freed memory page/],
    ],
    [
      'a slot, in expectations too',
      `${SETUP}delete slot |1 => zapped slot 1 gfn 0x90000`,
      '7',
      [/slot 7 gfn 0x90000\.\./, /zapped slot 7/],
    ],
    [
      'a constant, in expectations too',
      `${SETUP}delete slot 0 => zapped slot 0 gfn fir|st`,
      'base',
      [/let base/, /base\.\.base \+ 2/, /gfn base$/],
    ],
    ['a slot in hexadecimal', `${SETUP}delete slot |1`, '0x10', [/slot 0x10 gfn/, /delete slot 0x10/]],
  ])('%s', (_what, marked, name, patterns) => {
    const text = renamed(marked, name)!;
    for (const pattern of patterns) expect(text).toMatch(pattern);
    expect(analyze(text).diagnostics).toEqual(analyze(marked.replace('|', '')).diagnostics);
  });

  test('only the file of that name that is meant', () => {
    const text = `${SETUP}close A\ngmem A size 2M\nclose |A`;
    expect(renamed(text, 'C')).toBe('SETUP\nclose A\ngmem C size 2M\nclose C');
  });

  test('only the slot of the VM and of the block that is meant', () => {
    const text =
      'slot 0 gpa 0 size 4K\nvm default\nscenario "a" { slot 1 gpa 0 size 4K delete slot |1 }\nscenario "b" { slot 1 gpa 0 size 4K }';
    expect(renamed(text, '2')).toBe(text.replace('{ slot 1', '{ slot 2').replace('slot |1', 'slot 2'));
  });

  test.each([
    [
      'a word of the language',
      `${SETUP}close |A`,
      'slot',
      '`slot` is a reserved word and cannot name a file',
    ],
    [
      'no name',
      `${SETUP}close |A`,
      'a-b',
      '`a-b` cannot name a file: a name consists of letters, digits and `_`, and does not start with a digit',
    ],
    ['a name that is taken', `${SETUP}close |A`, 'B', 'a file already has the name `B`, in line 4'],
    [
      'the name of a constant',
      `${SETUP}close |A`,
      'first',
      'a constant already has the name `first`, in line 1',
    ],
    [
      'the name of a file',
      SETUP.replace('first', 'fir|st'),
      'A',
      'a file already has the name `A`, in line 3',
    ],
    ['a slot that is there', `${SETUP}delete slot |1`, '0', 'slot 0 already exists, in line 5'],
    [
      'a slot that is there, in hexadecimal',
      `${SETUP}delete slot |1`,
      '0x0',
      'slot 0 already exists, in line 5',
    ],
    [
      'a slot by a word',
      `${SETUP}delete slot |1`,
      'one',
      '`one` is not a number, and the id of a slot must be a number',
    ],
    [
      'a number that is too large',
      `${SETUP}delete slot |1`,
      '0x100000000',
      '`0x100000000` does not fit in the 32 bits of a slot id',
    ],
    [
      'a slot that is worked out',
      `${SETUP}let one = 1\ndelete slot |1\nslot 0 + one gpa 0 size 4K\ndelete slot 1`,
      '9',
      null,
    ],
    [
      'a slot that is worked out elsewhere',
      `${SETUP}let one = 1\ndiscard slot |1 offset 0 size 4K\ndelete slot 0 + one`,
      '9',
      'slot 1 is written as `0 + one` in line 9: change that first',
    ],
  ])('%s is refused', (_what, marked, name, expected) => {
    if (expected === null) expect(renamed(marked, name)).toContain('slot 9 gfn');
    else expect(renamed(marked, name)).toBe(expected);
  });

  test('a name that is free for as long as it is used is taken', () => {
    const text = `${SETUP}close A\nclose B\ngmem C size 4K\nclose |C`;
    expect(renamed(text, 'A')).toBe('SETUP\nclose A\nclose B\ngmem A size 4K\nclose A');
  });

  test('numbers and words are nothing to rename', () => {
    expect(renamed(`${SETUP}punch A offset |0 size 4K`, 'x')).toBeNull();
    expect(renamed(`${SETUP}pu|nch A offset 0 size 4K`, 'x')).toBeNull();
  });

  test('whatever is renamed, and back again, is the text that was there', () => {
    fc.assert(
      fc.property(scenarios({ maxStatements: 12 }), fc.nat(), (text, draw) => {
        const analysis = analyze(text);
        const { occurrences } = analysis.symbols;
        const place = occurrences[draw % Math.max(1, occurrences.length)];
        if (place === undefined) return;
        const { kind, name } = place.symbol;
        const there = renamingEdits(analysis, place.span.start, kind === 'slot' ? '777' : 'unheard_of')!;
        if ('refusal' in there) throw new Error(there.refusal);
        const other = applyEdits(text, there.edits);
        expect(there.edits).toHaveLength(placesOf(place.symbol).length);
        const at = analyze(other).symbols.occurrences[occurrences.indexOf(place)]!.span.start;
        const back = renamingEdits(analyze(other), at, name)!;
        if ('refusal' in back) throw new Error(back.refusal);
        expect(applyEdits(other, back.edits)).toBe(text);
        expect(renameableAt(analysis, place.span.end)).toBe(place);
      }),
    );
  });
});
