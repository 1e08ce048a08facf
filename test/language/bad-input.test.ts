import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze, candidatesAt, capped, print, tokenize } from '../../src/language';
import { DIAGNOSTIC_LIMIT } from '../../src/language/diagnostics/diagnostics';

const MEGABYTE = 1024 * 1024;

/** `text` over and over, to `length` characters. */
function filled(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

describe('bad input', () => {
  test.each([
    ['one word of 10 MB', filled('x', 10 * MEGABYTE)],
    ['one number of 10 MB', `gmem A size ${filled('9', 10 * MEGABYTE)}`],
    ['10 MB of brackets', filled('{[(', 10 * MEGABYTE)],
    ['10 MB of opened brackets and lines', filled('(\n', 10 * MEGABYTE)],
    ['10 MB of statements', filled('punch A offset 0 size 4K\n', 10 * MEGABYTE)],
    ['10 MB of keywords', filled('slot ', 10 * MEGABYTE)],
    ['10 MB of files', `${filled('gmem A size 4M mmap\n', 10 * MEGABYTE)}`],
    ['10 MB of quotes', filled('"', 10 * MEGABYTE)],
    ['10 MB in one comment', `#${filled('x', 10 * MEGABYTE)}`],
    ['10 MB of spaces', filled(' ', 10 * MEGABYTE)],
  ])('%s gets an answer', (_what, text) => {
    const { document, diagnostics } = analyze(text);
    expect(document.text).toHaveLength(text.length);
    expect(capped(diagnostics).length).toBeLessThanOrEqual(DIAGNOSTIC_LIMIT);
  });

  test('a thousand errors do not spoil the statement behind them', () => {
    const { diagnostics, programs } = analyze(`${'punch B offset 0 size 4K\n'.repeat(1500)}gmem A size 4M`);
    expect(diagnostics).toHaveLength(1500);
    expect(programs[0].statements.map(({ call }) => call.kind)).toEqual(['gmem']);
    const shown = capped(diagnostics);
    expect(shown).toHaveLength(DIAGNOSTIC_LIMIT);
    expect(shown.at(-1)).toMatchObject({ code: 'G009', message: '501 more diagnostics are not listed' });
  });

  test('a number of 400 digits is too large, and its message is short', () => {
    const { diagnostics } = analyze(`gmem A size ${'7'.repeat(400)}`);
    expect(diagnostics).toMatchObject([{ code: 'G005' }]);
    expect(diagnostics[0]!.message.length).toBeLessThan(100);
  });

  test('400 zeros before a digit are harmless', () => {
    expect(analyze(`gmem A size ${'0'.repeat(400)}4096`).diagnostics).toEqual([]);
  });

  test('names that objects have of their own are names like any other', () => {
    const text =
      'gmem __proto__ size 4M\ngmem constructor size 4M\npunch __proto__ offset 0 size 4K\nclose toString';
    expect(analyze(text).diagnostics).toMatchObject([{ code: 'G109' }]);
  });

  test('any text is analysed, printed and completed', () => {
    const words = fc.constantFrom(
      'gmem',
      'slot',
      'A',
      '0x',
      '4K',
      'size',
      'gpa',
      '=>',
      '#',
      '\n',
      '\r',
      '"',
      '\ud800',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(words, { maxLength: 60 }).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(texts, fc.nat(400), (text, offset) => {
        const { document, diagnostics } = analyze(text);
        print(document);
        candidatesAt(text, Math.min(offset, text.length));
        for (const { span } of [...diagnostics, ...document.statements, ...document.comments]) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          expect(span.end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  test('no character is lost between tokens and comments', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const { tokens, comments } = tokenize(text);
        const pieces = [...tokens, ...comments.map(({ span }) => span)].sort((a, b) => a.start - b.start);
        let rest = '';
        let at = 0;
        for (const { start, end } of pieces) {
          rest += text.slice(at, start);
          at = Math.max(at, end);
        }
        expect(rest.trim()).toBe('');
      }),
    );
  });
});
