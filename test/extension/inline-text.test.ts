import { describe, expect, test } from 'vitest';
import type { LineOutcome } from '../../src/dap/session';
import { inlineText, lineTexts, readOutcomes } from '../../src/extension/inline-text';

const unbreakable = (text: string) => text.replaceAll(' ', '\u00a0');

describe('a text after a line', () => {
  test.each([
    ['what fits stays', 'mapped 4K gfn 0x90000 rwx', 25, 'mapped 4K gfn 0x90000 rwx'],
    [
      'a long one is cut between two parts',
      'zapped slot 0 gfn 0x801ff · flush of all',
      32,
      'zapped slot 0 gfn 0x801ff · …',
    ],
    [
      'a part that begins too early is no place to cut',
      'ok · a very long second part of it',
      20,
      'ok · a very long se…',
    ],
    ['no space is left before the mark', 'EINVAL: bindings overlap', 17, 'EINVAL: bindings…'],
    ['a character of two code units is not cut in half', '𝟘𝟙𝟚𝟛', 3, '𝟘𝟙…'],
  ])('%s', (_title, text, maxLength, expected) => {
    expect(inlineText(text, maxLength)).toBe(unbreakable(expected));
  });
});

describe('the texts of a run', () => {
  const outcome = (line0: number, text: string, more: Partial<LineOutcome> = {}): LineOutcome => ({
    line0,
    text,
    hover: `all of: ${text}`,
    tone: 'done',
    kind: 'statement',
    ...more,
  });

  test('show what a slot lost in place of what its statement did, which the hover keeps', () => {
    const lost = outcome(6, 'lost gfn 0x801ff', { kind: 'slot', tone: 'zapped' });
    for (const outcomes of [
      [outcome(6, 'slot 0 at gfn 0x80000'), lost],
      [lost, outcome(6, 'slot 0 at gfn 0x80000')],
    ]) {
      expect(lineTexts(outcomes, 80)).toEqual([
        {
          line0: 6,
          text: unbreakable('lost gfn 0x801ff'),
          hover: 'all of: lost gfn 0x801ff\n\n---\n\nall of: slot 0 at gfn 0x80000',
          tone: 'zapped',
        },
      ]);
    }
  });
});

describe('the body of an event', () => {
  test('is read', () => {
    const body = { uri: 'file:///a.gmem', run: 1, branch: false, keep: 0, outcomes: [] };
    expect(readOutcomes(body)).toEqual(body);
  });

  test.each([
    [undefined],
    [null],
    ['text'],
    [{}],
    [{ uri: 1, run: 1, keep: 0, outcomes: [] }],
    [{ uri: 'a', run: 1, keep: 0, outcomes: 'b' }],
    [{ uri: 'a', run: 1, outcomes: [] }],
    [{ uri: 'a', keep: 0, outcomes: [] }],
  ])('is left alone where it is another: %o', (body) => expect(readOutcomes(body)).toBeUndefined());
});
