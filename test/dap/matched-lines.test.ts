import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf, matchLines } from '../../src/dap/matched-lines';

const TEXT = 'vm default\ngmem A size 4M\n\nslot 0\npunch A\n';

describe('the lines of an edited text', () => {
  it.each([
    ['nothing', TEXT, [0, 1, 2, 3, 4, 5]],
    [
      'spaces and comments',
      'vm  default\n  gmem A size 4M # big\n# a slot\nslot 0\npunch A\n',
      [0, 1, 2, 3, 4, 5],
    ],
    ['a line above', `# new\n${TEXT}`, [1, 2, 3, 4, 5, 6]],
    ['a line in between', TEXT.replace('slot 0', 'slot 1\nslot 0'), [0, 1, 2, 4, 5, 6]],
    ['a line less', TEXT.replace('slot 0\n', ''), [0, 1, 2, null, 3, 4]],
    ['an edited line', TEXT.replace('4M', '8M'), [0, 1, 2, 3, 4, 5]],
    [
      'an edited line and one above',
      TEXT.replace('vm default', '\nvm default').replace('4M', '8M'),
      [1, 2, 3, 4, 5, 6],
    ],
    ['one line in place of three', 'vm default\nmemory\npunch A\n', [0, null, null, null, 2, 3]],
    ['everything', 'a\nb\n', [null, null, null, null, null, 2]],
  ])('after an edit of %s', (_, edited, lines) => {
    expect(matchLines(TEXT, edited)).toEqual(lines);
  });

  const text = fc
    .array(fc.constantFrom('', 'a', 'b', 'c', '# d', '  a'), { maxLength: 12 })
    .map((lines) => lines.join('\n'));

  it('are in order, each at most once, and are found back', () => {
    const property = fc.property(text, text, (from, to) => {
      const there = matchLines(from, to);
      const back = matchLines(to, from);
      expect(there.length).toBe(linesOf(from).length);
      const found = there.filter((line) => line !== null);
      expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
      for (const line of found) expect(line).toBeLessThan(back.length);
      expect(matchLines(from, from)).toEqual(linesOf(from).map((_, at) => at));
    });
    fc.assert(property, { seed: 3, numRuns: 400 });
  });

  it('of an insertion are all found', () => {
    const property = fc.property(text, text, text, (before, inserted, after) => {
      const [from, to] = [`${before}\n${after}`, `${before}\n${inserted}\n${after}`];
      expect(matchLines(from, to)).not.toContain(null);
    });
    fc.assert(property, { seed: 3, numRuns: 400 });
  });
});
