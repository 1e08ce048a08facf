import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, formattingEdits, parse, print } from '../../../src/language';

const piece = fc.constantFrom(
  'gmem A size 4M',
  'vm default',
  '.vm default',
  'scenario "x" {',
  '{',
  '}',
  '}}',
  'close A => EBADF, flush',
  '# c',
  '#',
  '1',
  '-',
  '=>',
  ',',
  '"',
  'close',
);
const gap = fc.constantFrom(' ', ' ', '  ', '', '\n', '\r\n', '\r', '\n\n\n', '\t');
const texts = fc
  .tuple(gap, fc.array(fc.tuple(piece, gap), { maxLength: 14 }))
  .map(([first, parts]) => first + parts.map(([word, space]) => word + space).join(''));

describe('formatting texts with line ends of every kind, blocks on one line and comments everywhere', () => {
  for (const align of [true, false]) {
    test(`twice is once, and the edits make what is printed (align: ${align})`, () => {
      fc.assert(
        fc.property(texts, (text) => {
          const document = parse(text);
          const printed = print(document, { align });
          expect(applyEdits(text, formattingEdits(document, { align }))).toBe(printed);
          expect(print(parse(printed), { align })).toBe(printed);
        }),
        { numRuns: 5000 },
      );
    });
  }

  test('edits are in the order of the text and do not overlap', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const edits = formattingEdits(parse(text), { align: true });
        for (const [at, { span }] of edits.entries()) {
          expect(span.start).toBeLessThanOrEqual(span.end);
          expect(span.start).toBeGreaterThanOrEqual(edits[at - 1]?.span.end ?? 0);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test('a comment stays beside the brace that it stands behind', () => {
    const text = 'scenario "x" {\n  gmem A size 4K } # c\n';
    expect(print(parse(text))).toBe('scenario "x" {\n  gmem A size 4K\n} # c\n');
  });
});
