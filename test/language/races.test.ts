import { describe, expect, test } from 'vitest';
import { analyze, applyEdits, formattingEdits, parse, print, renamingEdits } from '../../src/language';

function complaints(text: string): string[] {
  return analyze(text).diagnostics.map(({ code, span, message }) => {
    return `${code} @${text.slice(span.start, span.end)}: ${message}`;
  });
}

const STANDING = 'fault vcpu 0 read gpa 0 until FA7 as early\n';

describe('calls that run against each other', () => {
  test.each([
    ['a call that goes on', `${STANDING}continue early until FA9h\ncontinue early`, []],
    ['in either order', 'gmem A size 4K as made until CG2\ncontinue made', []],
    [
      'an unknown step',
      'delete slot 0 until UM9 as gone\ncontinue gone',
      ['G140 @UM9: no step of `linux-7.3` has the label `UM9`: did you mean `UM1`?'],
    ],
    ['a step of another kernel', `kernel linux-6.12\n${STANDING.replace('FA7', 'G7d')}continue early`, []],
    [
      'which this one has not',
      `kernel linux-7.3\n${STANDING.replace('FA7', 'G7d')}continue early`,
      ['G140 @G7d: no step of `linux-7.3` has the label `G7d`: did you mean `G7`?'],
    ],
    [
      'a call that nobody can go on with',
      'fault vcpu 0 read gpa 0 until FA7',
      ['G142 @FA7: no statement can resume this call: name it, for instance `as early` for `continue early`'],
    ],
    [
      'an unknown name',
      `${STANDING}continue earyl`,
      ['G141 @earyl: no call above has the name `earyl`: did you mean `early`?'],
    ],
    [
      'no name at all',
      'continue early',
      ['G141 @early: no call above has the name `early`: name the call with `as`'],
    ],
    [
      'a name that comes later',
      `continue early\n${STANDING}`,
      ['G141 @early: no call above has the name `early`: name the call with `as`'],
    ],
    ['given twice', 'fault vcpu 0 read gpa 0 as a as b', ['G007 @as: `as` is given twice']],
    ['a VM', 'vm default until CV1', ['G003']],
    [
      'a name in another block',
      `scenario "a" {\n${STANDING}}\nscenario "b" {\ncontinue early\n}`,
      ['G141 @early: no call above has the name `early`: name the call with `as`'],
    ],
  ])('%s', (_what, text, expected) => {
    const found = complaints(text);
    expect(found).toHaveLength(expected.length);
    expected.forEach((one, at) => {
      expect(found[at]!.startsWith(one)).toBe(true);
    });
  });

  test('what is compiled: each call with how it runs, and the one that goes on', () => {
    const { programs } = analyze(`${STANDING}gmem A size 4K\ncontinue early`);
    expect(programs[0].statements.map(({ call, course }) => [call.kind, course])).toEqual([
      ['fault', { title: 'early', named: true, until: 'FA7', continues: false }],
      ['gmem', { title: 'line 2', named: false, until: null, continues: false }],
      ['fault', { title: 'early', named: true, until: null, continues: true }],
    ]);
  });

  test('the expectations of it, as they are read and printed', () => {
    const text = `${STANDING.trim()} => suspended at FA7\nclose A => blocked on slots_lock\nclose A => waited srcu, retried`;
    const { statements } = parse(text);
    expect(statements.map(({ expectation }) => expectation!.expectations)).toEqual([
      { result: 'suspended at FA7' },
      { result: 'blocked on slots_lock' },
      { waited: ['srcu'], retried: true },
    ]);
    expect(print(parse(text))).toBe(`${text}\n`);
  });

  test('are put into columns', () => {
    const text =
      'punch A offset 0 size 4K as hole until PH3\npunch A offset 128K size 64K until PH4 as other\n';
    const document = parse(text);
    expect(applyEdits(text, formattingEdits(document, { align: true }))).toBe(
      'punch A offset 0    size 4K  until PH3 as hole\npunch A offset 128K size 64K until PH4 as other\n',
    );
  });

  test('are renamed wherever they are named', () => {
    const text = `${STANDING}continue early until FA9h\n${STANDING}continue early\n`;
    const result = renamingEdits(analyze(text), text.indexOf('early'), 'first')!;
    expect('edits' in result && applyEdits(text, result.edits)).toBe(
      `${STANDING.replace('early', 'first')}continue first until FA9h\n${STANDING}continue early\n`,
    );
  });
});
