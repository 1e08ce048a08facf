import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, print } from '../../../src/language';

/**
 * Comments stay at what they stand beside. Names and comments are numbered: `F1` is a statement, `X1` an item of its
 * expectations, `# c1` a comment; `# i1` stands inside statement `F1`, where a formatted text has no place for it.
 */

type Part =
  | {
      readonly kind: 'statement';
      readonly inside: boolean;
      readonly expected: readonly ('same line' | 'next line' | 'comment' | 'inside')[];
    }
  | { readonly kind: 'comment' };

interface Block {
  readonly kind: 'block';
  readonly parts: readonly Part[];
}

const part: fc.Arbitrary<Part> = fc.oneof(
  { arbitrary: fc.constant({ kind: 'comment' as const }), weight: 1 },
  {
    arbitrary: fc.record({
      kind: fc.constant('statement' as const),
      inside: fc.boolean(),
      expected: fc.array(
        fc.constantFrom(
          'same line' as const,
          'same line' as const,
          'next line' as const,
          'comment' as const,
          'inside' as const,
        ),
        { maxLength: 4 },
      ),
    }),
    weight: 3,
  },
);

const block = fc.record({ kind: fc.constant('block' as const), parts: fc.array(part, { maxLength: 4 }) });

type LineEnd = '\n' | '\r\n' | '\r';

/** White space and comments between two parts. `{}` is a comment, with a number of its own. */
const gap = fc.constantFrom('\n', '\n', ' {}\n', '{}\n', '\n\n\n', '\n  {}\n', ' {}\n\t{}\n\n{}\n');
/** Where the line need not end. */
const braceGap = fc.oneof(gap, fc.constantFrom(' ', '', '  '));

interface Layout {
  readonly gaps: readonly string[];
  readonly braceGaps: readonly string[];
  readonly lineEnd: LineEnd;
}

const layout: fc.Arbitrary<Layout> = fc.record({
  gaps: fc.array(gap, { minLength: 1, maxLength: 6 }),
  braceGaps: fc.array(braceGap, { minLength: 1, maxLength: 7 }),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
});

function written(parts: readonly (Part | Block)[], { gaps, braceGaps, lineEnd }: Layout): string {
  let count = 0;
  const next = () => ++count;
  const turn = { gap: 0, brace: 0 };
  const commented = (between: string) => between.replaceAll('{}', () => `# c${next()}`);
  const end = () => commented(gaps[turn.gap++ % gaps.length]!);
  const atBrace = () => commented(braceGaps[turn.brace++ % braceGaps.length]!);
  const textOf = (one: Part): string => {
    const n = next();
    if (one.kind === 'comment') return `# c${n}`;
    const items = one.expected.map((how, at) => {
      const item = `freed X${next()} page 1`;
      if (at === one.expected.length - 1) return item;
      if (how === 'same line') return `${item}, `;
      if (how === 'next line') return `${item},\n   `;
      return how === 'comment' ? `${item}, # c${next()}\n   ` : `${item},\n # i${n}\n   `;
    });
    const head = one.inside ? `gmem F${n} # i${n}\n  size 4M` : `gmem F${n}   size 4M`;
    return items.length === 0 ? head : `${head} => ${items.join('')}`;
  };
  const lines = (some: readonly Part[]) =>
    some.map((one, at) => {
      const isLast = at === some.length - 1;
      return `${textOf(one)}${isLast ? (one.kind === 'comment' ? '\n' : atBrace()) : end()}`;
    });
  const text = parts.map((one) => {
    if (one.kind !== 'block') return `${textOf(one)}${end()}`;
    return `scenario "t" {${atBrace()}${lines(one.parts).join('')}}${end()}`;
  });
  return text.join('').replaceAll('\n', lineEnd);
}

const texts = fc
  .tuple(fc.array(fc.oneof(part, part, block), { maxLength: 6 }), layout)
  .map(([parts, how]) => written(parts, how));

interface Beside {
  /** What precedes the comment on its line; null if nothing does. */
  readonly behind: string | null;
  readonly before: string | null;
  readonly after: string | null;
}

/** What is beside each comment: a statement, an item, or a brace by its number. */
function besides(text: string): ReadonlyMap<string, readonly Beside[]> {
  const braces = { '{': 0, '}': 0 };
  const found = new Map<string, Beside[]>();
  const all = [...text.matchAll(/[FX]\d+|[{}]|# [ci]\d+/g)];
  const marks = all.map(([mark]) => (mark === '{' || mark === '}' ? `${mark}${++braces[mark]}` : mark));
  for (const [at, mark] of marks.entries()) {
    if (!mark.startsWith('#')) continue;
    const before = marks.slice(0, at).findLast((one) => !one.startsWith('#')) ?? null;
    const after = marks.slice(at + 1).find((one) => !one.startsWith('#')) ?? null;
    const line = /[^\r\n]*$/.exec(text.slice(0, all[at]!.index))![0];
    const behind = line.trim() === '' ? null : before;
    found.set(mark, [...(found.get(mark) ?? []), { behind, before, after }]);
  }
  return found;
}

test.each([true, false])('comments stay at what they stand beside (align: %s)', (align) => {
  fc.assert(
    fc.property(texts, (text) => {
      const document = parse(text);
      expect(document.diagnostics).toEqual([]);
      const [given, printed] = [besides(text), besides(print(document, { align }))];
      expect([...printed.keys()].sort()).toEqual([...given.keys()].sort());
      for (const [comment, places] of given) {
        const now = printed.get(comment)!;
        expect(now.length).toBe(places.length);
        if (comment.startsWith('# c')) expect([comment, now]).toEqual([comment, places]);
        else
          for (const { behind, after } of now)
            expect([behind, after]).toEqual([null, comment.replace('# i', 'F')]);
      }
    }),
    { numRuns: 3000 },
  );
});
