import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyEdits,
  asRange,
  asSize,
  type Document,
  inOtherUnit,
  type NumberNode,
  numberForms,
  parse,
  type Rewrite,
  type Statement,
} from '../../../src/language';
import { documents } from '../../generators/documents';

type Maker = (document: Document, statement: Statement, node: NumberNode) => readonly (Rewrite | null)[];

const MAKERS: Readonly<Record<string, Maker>> = {
  forms: (_document, statement, node) => numberForms(statement, node),
  unit: (_document, statement, node) => [inOtherUnit(statement, node)],
  range: (document, statement, node) => [asRange(document, statement, node)],
  size: (document, statement, node) => [asSize(document, statement, node)],
};

/** What the last statement's number at the bar can be written as. */
function rewritten(how: keyof typeof MAKERS, marked: string): string[] {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const document = parse(text);
  const statement = document.statements.at(-1)!;
  const node = Object.values(statement.numbers).find(
    ({ span }) => span.start <= offset && offset <= span.end,
  )!;
  return MAKERS[how]!(document, statement, node)
    .filter((rewrite) => rewrite !== null)
    .map(({ edits }) => applyEdits(text, edits));
}

describe('a number written in another way', () => {
  test.each([
    ['forms', 'gmem A size |2M', ['gmem A size 0x200000', 'gmem A size 2097152']],
    ['forms', 'gmem A pages |512', ['gmem A pages 0x200']],
    ['forms', 'convert gfn 1..|0x3 private', ['convert gfn 1..3 private']],
    ['forms', 'gmem A size |4095', ['gmem A size 0xfff']],
    ['forms', 'gmem A size |(4K)', []],
    ['unit', 'fault vcpu 0 read gpa |0x80000000', ['fault vcpu 0 read gfn 0x80000']],
    ['unit', 'fault vcpu 0 read gpa |0x80000004', []],
    ['unit', 'gmem A size |2M', ['gmem A pages 512']],
    ['unit', 'gmem A pages 0x|200', ['gmem A size 0x200000']],
    ['unit', 'punch A offset |0x1ff000 size 12K', ['punch A pgoff 0x1ff size 12K']],
    ['unit', 'convert gpa 0x1000..|0x3000 private', ['convert gfn 0x1..0x3 private']],
    ['unit', 'convert gfn |1..3 private', ['convert gpa 4K..12K private']],
    ['unit', 'let b = 0 fault vcpu 0 read gpa |b', []],
    ['unit', 'fault vcpu |0 read gpa 0', []],
    ['range', 'convert gpa |0x80000000 size 2M private', ['convert gpa 0x80000000..0x80200000 private']],
    ['range', 'convert gpa 0x80000000 size |2M private', ['convert gpa 0x80000000..0x80200000 private']],
    ['range', 'convert gfn 0x80000 pages |2 private', ['convert gfn 0x80000..0x80002 private']],
    ['range', 'convert gfn |16 size 8K private', ['convert gfn 16..18 private']],
    ['range', 'let b = 4K convert gpa |b size 2M private', ['let b = 4K convert gpa b..b + 2M private']],
    ['range', 'let b = 4K convert gfn |b size 2M private', []],
    ['range', 'convert gpa |0 # why\n size 2M private', []],
    ['range', 'gmem A size |2M', []],
    ['range', 'punch A offset |4K size 8K', ['punch A offset 4K..12K']],
    ['size', 'convert gpa 0x80000000..|0x80200000 private', ['convert gpa 0x80000000 size 2M private']],
    ['size', 'convert gfn |1..3 private', ['convert gfn 1 pages 2 private']],
    ['size', 'let b = 4K convert gpa |b..b + 2M private', ['let b = 4K convert gpa b size 2M private']],
    ['size', 'let b = 4K convert gpa |0..b private', []],
    ['size', 'convert gpa |0 size 2M private', []],
  ] as const)('%s: %s', (how, marked, expected) => {
    expect(rewritten(how, marked)).toEqual(expected);
  });

  test('is worth the same', () => {
    const values = (text: string) =>
      parse(text).statements.map(({ numbers }) =>
        Object.entries(numbers)
          .map(([name, { value }]) => `${name} ${value}`)
          .sort(),
      );
    fc.assert(
      fc.property(documents(), (text) => {
        const document = parse(text);
        const before = values(text);
        for (const statement of document.statements) {
          for (const node of Object.values(statement.numbers)) {
            for (const make of Object.values(MAKERS)) {
              for (const rewrite of make(document, statement, node)) {
                if (rewrite === null) continue;
                const after = applyEdits(text, rewrite.edits);
                expect(after).toContain(rewrite.text);
                expect(parse(after).diagnostics).toEqual([]);
                expect(values(after)).toEqual(before);
              }
            }
          }
        }
      }),
      { numRuns: 15 },
    );
  });
});
