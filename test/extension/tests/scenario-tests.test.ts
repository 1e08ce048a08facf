import { describe, expect, test } from 'vitest';
import { foldersBetween, testsOf } from '../../../src/extension/tests/scenario-tests';
import { analyze } from '../../../src/language';

function listed(text: string) {
  const { whole, scenarios } = testsOf(analyze(text));
  const row = ({ id, remark, span }: (typeof scenarios)[number]) => [
    id,
    remark,
    text.slice(span.start, span.end).split('\n')[0],
  ];
  return { whole: whole === null ? null : row(whole), scenarios: scenarios.map(row) };
}

describe('the tests of a file', () => {
  test.each([
    ['# a note\nkernel linux-7.3\nvm tdx\n', ['', ' (no expectations)', '']],
    ['# a note\nvm tdx\n\ngmem A size 4K\nclose A\n', ['', ' (no expectations)', 'gmem A size 4K']],
    ['gmem A size 4K => ok\nclose A => no flush\n', ['', '', 'gmem A size 4K => ok']],
    ['gmem A size 4K => ok\nclose A\n', ['', '', 'gmem A size 4K => ok']],
    ['gmem A size 4K\npunch B offset 0 size 4K\n', ['', ' (an error)', 'gmem A size 4K']],
  ])('are the file itself where it has no blocks: %j', (text, whole) => {
    expect(listed(text)).toEqual({ whole, scenarios: [] });
  });

  test.each(['', '\n\n', '# only a note\n'])('are none where there is no statement to run: %j', (text) => {
    expect(listed(text)).toEqual({ whole: null, scenarios: [] });
  });

  test('are its blocks, each with its own expectations and those above', () => {
    const text = `gmem A size 4K => ok
scenario "one" { close A }
scenario "two" { close A => no flush }
scenario "wrong" { close B }
`;
    expect(listed(text)).toEqual({
      whole: null,
      scenarios: [
        ['one', '', 'scenario "one" { close A }'],
        ['two', '', 'scenario "two" { close A => no flush }'],
        ['wrong', ' (an error)', 'scenario "wrong" { close B }'],
      ],
    });
  });

  test('are distinguished if they share a title', () => {
    const text = 'scenario "a" { }\nscenario "a" { }\nscenario "a 2" { }\n';
    const ids = testsOf(analyze(text)).scenarios.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe('a');
  });
});

test.each([
  ['/folder', '/folder/a.gmem', []],
  ['/folder', '/folder/x/y/a.gmem', ['/folder/x', '/folder/x/y']],
  ['/', '/x/a.gmem', ['/x']],
  ['/folder/', '/folder/x/a.gmem', ['/folder/x']],
])('the folders between %s and %s', (top, file, folders) => {
  expect(foldersBetween(top, file)).toEqual(folders);
});
