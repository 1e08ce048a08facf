import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyEdits,
  type Document,
  formattingEdits,
  parse,
  print,
  type Statement,
  tokenize,
} from '../../../src/language';
import { documents } from '../../generators/documents';
import { laidOut } from '../../generators/layout';

const ALIGNED = { align: true };

function format(text: string, align = true): string {
  return print(parse(text), { align });
}

/** Everything that a statement says, without where it says it. */
function meaning({ keyword, numbers, names, choices, flags, knobs, expectation }: Statement) {
  const values = Object.entries(numbers).map(([name, { value }]) => `${name} ${value}`);
  const words = [...Object.values(names), ...Object.values(choices)].map(({ text }) => text);
  const turned = knobs.map(({ knob, variant }) => `${knob.text} ${variant?.text}`);
  return {
    keyword,
    values,
    words,
    flags: Object.keys(flags).sort(),
    turned,
    expectations: expectation?.expectations,
  };
}

function meanings({ statements, blocks, diagnostics, comments }: Document) {
  return {
    statements: statements.map(meaning),
    blocks: blocks.map((block) => block.statements.length),
    diagnostics: diagnostics.map(({ code }) => code),
    comments: comments.map(({ text }) => text).sort(),
  };
}

/** The words of a text in any order: options get that of the table. */
function tokens(text: string): string[] {
  return tokenize(text)
    .tokens.map(({ start, end }) => text.slice(start, end))
    .sort();
}

const anything = fc.oneof(
  documents(),
  laidOut(documents()).map(({ text }) => text),
  fc
    .tuple(documents(), fc.string({ unit: 'binary', maxLength: 40 }), fc.nat())
    .map(([text, noise, at]) => text.slice(0, at % text.length) + noise + text.slice(at % text.length)),
  fc
    .tuple(documents(), fc.nat(), fc.nat(30))
    .map(([text, at, length]) => text.slice(0, at % text.length) + text.slice((at % text.length) + length)),
);

describe('formatting any text', () => {
  test('generated documents can be read', () => {
    fc.assert(
      fc.property(documents(), (text) => {
        expect(parse(text).diagnostics).toEqual([]);
      }),
    );
  });

  test('twice is once, whichever layout was there before', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const [aligned, plain] = [format(text), format(text, false)];
        expect(format(aligned)).toBe(aligned);
        expect(format(plain, false)).toBe(plain);
        expect(format(aligned, false)).toBe(plain);
        expect(format(plain)).toBe(aligned);
      }),
      { numRuns: 300 },
    );
  });

  test('changes neither the meaning, nor a word, nor a comment', () => {
    fc.assert(
      fc.property(anything, fc.boolean(), (text, align) => {
        const after = format(text, align);
        expect(meanings(parse(after))).toEqual(meanings(parse(text)));
        expect(tokens(after)).toEqual(tokens(text));
      }),
      { numRuns: 300 },
    );
  });

  test('the edits make what is printed, each within the rows asked for', () => {
    fc.assert(
      fc.property(anything, fc.nat(), fc.nat(80), (text, at, length) => {
        const document = parse(text);
        expect(applyEdits(text, formattingEdits(document, ALIGNED))).toBe(format(text));
        const within = { start: at % (text.length + 1), end: (at % (text.length + 1)) + length };
        const some = formattingEdits(document, ALIGNED, within);
        const all = formattingEdits(document, ALIGNED);
        expect(all).toEqual(expect.arrayContaining([...some]));
      }),
    );
  });
});

describe('columns', () => {
  test.each([
    [
      'labels of statements that are alike',
      `slot 0 gpa 0x80000000 size 2M gmem A offset 0
slot 10 gpa 0x9000 size 256M gmem memory offset 2M readonly
slot 2 gpa 0xa0000000 size 2M readonly
close A
close memory`,
      `slot 0  gpa 0x80000000 size 2M   gmem A      offset 0
slot 10 gpa 0x9000     size 256M gmem memory offset 2M readonly
slot 2  gpa 0xa0000000 size 2M   readonly
close A
close memory
`,
    ],
    [
      'ranges are columns of their own',
      `convert gfn 0x80000..0x80200 private
convert gfn 1..2 shared
convert gpa 0x1000 size 4K private`,
      `convert gfn 0x80000..0x80200 private
convert gfn 1..2             shared
convert gpa 0x1000 size 4K private
`,
    ],
    [
      'arrows of lines that follow each other, whatever they are',
      `punch A offset 0 size 4K => flush
fault vcpu 0 write gpa 0x80000000=>mapped 4K gfn 0x80000 rwx
close A

close B => ok`,
      `punch A offset 0 size 4K          => flush
fault vcpu 0 write gpa 0x80000000 => mapped 4K gfn 0x80000 rwx
close A

close B => ok
`,
    ],
    [
      'comments behind them',
      `let base = 0x80000000 # where it begins
let length=2M    # how much
# on its own
close A # gone`,
      `let base   = 0x80000000 # where it begins
let length = 2M         # how much
# on its own
close A # gone
`,
    ],
    [
      'expectations that are broken behind a comma',
      `punch A offset 0 size 8K => zapped slot 0 gfn 1, # the first
 slot 1 gfn 2,
      flush # asked for
close A => ok # after`,
      `punch A offset 0 size 8K => zapped slot 0 gfn 1, # the first
                            slot 1 gfn 2,
                            flush # asked for
close A                  => ok    # after
`,
    ],
    [
      'blocks are indented, and comments of both depths meet',
      `gmem A size 4M
scenario "one" { # first
  close A#  gone
}`,
      `gmem A size 4M
scenario "one" { # first
  close A        #  gone
}
`,
    ],
    [
      'a comment inside a statement goes above it',
      'close B\ngmem A # what\n  size 4M\n  # more\n  mmap',
      'close B\n# what\n# more\ngmem A size 4M mmap\n',
    ],
    [
      'a line that is too long stands for itself',
      `punch A offset 0 size 4K => flush
punch A offset ${'0'.repeat(100)} size 4K => flush`,
      `punch A offset 0 size 4K => flush
punch A offset ${'0'.repeat(100)} size 4K => flush
`,
    ],
    ['line ends stay what they are', 'close A\r\n\r\n\r\nclose   B', 'close A\r\n\r\nclose B\r\n'],
  ])('%s', (_what, text, expected) => {
    expect(format(text)).toBe(expected);
  });

  test.each([
    ['a statement with an error', '   gmem A   sise 4M   # what'],
    ['what is no statement', '\t%%  nonsense %%'],
    ['what stands on a line with it', '  gmem A size   4M   %%  close A'],
    ['an outcome with an error', 'close A  =>  flsh   # what'],
  ])('%s is left alone', (_what, line) => {
    expect(format(`close  A\n${line}\nclose   B\n`)).toBe(`close A\n${line}\nclose B\n`);
  });

  test('without columns: one space everywhere', () => {
    const text = 'slot 0 gpa 0 size 4K\nslot 10  gpa 0 size 4K => ok,\n flush # why';
    expect(format(text, false)).toBe('slot 0 gpa 0 size 4K\nslot 10 gpa 0 size 4K => ok,\n    flush # why\n');
  });

  test('only the rows that are asked for, as they would be in the whole', () => {
    const text = 'slot 0  gpa 0 size 4K\nslot 10   gpa 0 size 4K\nslot 2  gpa 0 size 4K\n';
    const within = { start: 23, end: 24 };
    expect(applyEdits(text, formattingEdits(parse(text), ALIGNED, within))).toBe(
      'slot 0  gpa 0 size 4K\nslot 10 gpa 0 size 4K\nslot 2  gpa 0 size 4K\n',
    );
  });

  test('ten thousand lines are formatted in one go', () => {
    const line = 'slot 0 gpa 0x80000000 size 2M => ok # why\n';
    const text = `scenario "a" {\n${line.repeat(5000)}}\n${line.repeat(5000)}`;
    expect(format(text).split('\n')).toHaveLength(10_003);
  });
});
