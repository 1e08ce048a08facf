import { describe, expect, test } from 'vitest';
import { actionsAt, linesAfter } from './actions';

const SETUP = 'vm sw-protected\ngmem A size 4M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\n';

describe('refactorings of a number', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'an address',
      `${SETUP}convert gpa |0x80000000 size 2M private`,
      [
        'Write as `gfn 0x80000`',
        'Write as `gpa 0x80000000..0x80200000`',
        'Write as `2G`',
        'Write as `2147483648`',
        'Extract constant: `let base = 0x80000000`',
        'Add expectation: `ok`',
        'Add all missing expectations in file',
      ],
    ],
    [
      'a range',
      `${SETUP}convert gfn 0x80000..|0x80200 shared`,
      [
        'Write as `gpa 0x80000000..0x80200000`',
        'Write as `gfn 0x80000 pages 512`',
        'Write as `524800`',
        'Extract constant: `let count = 0x80200`',
        'Add expectation: `ok`',
        'Add all missing expectations in file',
      ],
    ],
    ['a slot is no number to be rewritten', `${SETUP}slot |0 gpa`, []],
    ['the value of a constant', 'let base = |2M', ['Write as `0x200000`', 'Write as `2097152`']],
  ])('%s', async (_what, marked, expected) => {
    expect(
      [...(await actionsAt(marked)).after.keys()].filter((title) => !title.startsWith('Accept')),
    ).toEqual(expected);
  });

  test('a constant gets a name that is free, above the statement, wherever the number stands', async () => {
    const marked = `let base = 4K
gmem base2 size 64K
scenario "one" {
  convert gpa |0x80000000 size 4K private
  fault vcpu 0 read gpa 0x80000000
}
scenario "two" {
  fault vcpu 0 read gpa 0x80000000
}
`;
    expect(await linesAfter(marked, ['refactor.extract'])).toEqual({
      'Extract constant: `let base3 = 0x80000000`':
        '  let base3 = 0x80000000\n  convert gpa base3 size 4K private',
      'Extract constant, replacing all 2 uses: `let base3 = 0x80000000`':
        '  let base3 = 0x80000000\n  convert gpa base3 size 4K private\n  fault vcpu 0 read gpa base3',
    });
  });
});
