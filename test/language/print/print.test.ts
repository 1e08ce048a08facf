import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze, parse, print, type Statement } from '../../../src/language';
import { laidOut } from '../../generators/layout';
import { scenarios } from '../../generators/scenarios';
import { snpScenarios } from '../../generators/snp';

/** What a statement says, without where it says it. */
function meaning(statement: Statement) {
  const { keyword, numbers, names, choices, flags, knobs } = statement;
  const text = (record: Readonly<Record<string, { text: string }>>) =>
    Object.fromEntries(Object.entries(record).map(([name, node]) => [name, node.text]));
  return {
    keyword,
    numbers: text(numbers),
    names: text(names),
    choices: text(choices),
    flags: Object.keys(flags).sort(),
    knobs: knobs.map(({ knob, variant }) => [knob.text, variant?.text]),
  };
}

describe('print', () => {
  test('the canonical text of a scenario is itself', () => {
    fc.assert(
      fc.property(fc.oneof(scenarios(), snpScenarios({ meddling: true })), (text) => {
        expect(print(parse(text))).toBe(text);
      }),
    );
  });

  test('printing and parsing again gives the same statements and comments, whatever the layout', () => {
    fc.assert(
      fc.property(laidOut(fc.oneof(scenarios(), snpScenarios({ meddling: true }))), ({ canonical, text }) => {
        const before = parse(text);
        const after = parse(print(before));
        expect(after.diagnostics).toEqual([]);
        expect(after.statements.map(meaning)).toEqual(before.statements.map(meaning));
        expect(after.statements.map(meaning)).toEqual(parse(canonical).statements.map(meaning));
        expect(after.comments.map((comment) => comment.text)).toEqual(
          before.comments.map((comment) => comment.text),
        );
      }),
    );
  });

  test('printing twice is printing once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), scenarios(), (noise, text) => {
        const once = print(parse(text + noise));
        expect(print(parse(once))).toBe(once);
      }),
    );
  });

  test('generated scenarios have no errors', () => {
    fc.assert(
      fc.property(fc.oneof(scenarios(), snpScenarios({ meddling: true })), (text) => {
        expect(analyze(text).programs[0].errors).toEqual([]);
      }),
    );
  });

  test.each([
    [
      'options get the order of the reference',
      'slot 0 gpa 0 size 4K thp readonly',
      'slot 0 gpa 0 size 4K readonly thp\n',
    ],
    ['numbers stay as they are written', 'gmem A size 0x20_0000', 'gmem A size 0x20_0000\n'],
    ['knobs', 'kernel linux-6.12 with retry-check off', 'kernel linux-6.12 with retry-check off\n'],
    ['a comment behind a statement', 'close A   # gone  ', 'close A # gone\n'],
    ['blank lines are joined', 'close A\n\n\n\nclose B', 'close A\n\nclose B\n'],
    ['what cannot be read stays', 'close A\n%% nonsense %%', 'close A\n%% nonsense %%\n'],
    ['nothing', '', ''],
  ])('%s', (_what, text, expected) => {
    expect(print(parse(text))).toBe(expected);
  });
});
