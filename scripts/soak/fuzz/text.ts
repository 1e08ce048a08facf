import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  analyze,
  applyEdits,
  candidatesAt,
  formattingEdits,
  parse,
  print,
  STATEMENTS,
} from '../../../src/language';
import { documents } from '../../../test/generators/documents';
import { wildScenarios } from '../../../test/generators/wild';

const piece = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '=>',
    ',',
    '#',
    '"',
    '(',
    ')',
    '..',
    '\n',
    '\r\n',
    '\r',
    '\t',
    ' ',
    '\ufeff',
    '\ud800',
  ),
  fc.constantFrom(...STATEMENTS.map(({ keyword }) => keyword)),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

/** The replacement of one part of a text. */
export interface Splice {
  readonly at: number;
  readonly removed: number;
  readonly text: string;
}

export const splice: fc.Arbitrary<Splice> = fc.record({
  at: fc.nat(5000),
  removed: fc.oneof(fc.constant(0), fc.nat(40)),
  text: fc.array(piece, { maxLength: 3 }).map((parts) => parts.join('')),
});

/** The offsets of a splice in a text of that length. */
export function spanIn({ at, removed }: Splice, length: number): { start: number; end: number } {
  const start = at % (length + 1);
  return { start, end: Math.min(length, start + removed) };
}

function spliced(text: string, one: Splice): string {
  const { start, end } = spanIn(one, text.length);
  return text.slice(0, start) + one.text + text.slice(end);
}

/** Scenarios, intact or after a few careless edits. */
const anyText = fc
  .tuple(fc.oneof(documents(), wildScenarios()), fc.array(splice, { maxLength: 6 }))
  .map(([text, splices]) => splices.reduce(spliced, text));

export const text = {
  name: 'text',
  holds:
    'every text is analysed; formatting it twice is formatting it once, and its edits make the printed text',
  property: fc.property(anyText, fc.nat(), (given, offset) => {
    const { document, diagnostics } = analyze(given);
    candidatesAt(given, offset % (given.length + 1));
    for (const { span } of [...diagnostics, ...document.statements, ...document.comments])
      assert(0 <= span.start && span.start <= span.end && span.end <= given.length);
    const printed = print(document, { align: true });
    assert.equal(applyEdits(given, formattingEdits(document, { align: true })), printed);
    assert.equal(print(parse(printed), { align: true }), printed);
    return true;
  }),
};
