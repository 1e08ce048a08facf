import { expect, test } from 'vitest';
import { firstDifference } from '../../src/extension/text-difference';

test.each([
  ['nothing', 'a\nb\n', 'a\nb\n', null],
  ['line ends', 'a\r\nb\rc\n', 'a\nb\nc\n', null],
  ['the first line', 'a\nb\n', 'x\nb\n', 0],
  ['the end of a line', 'a\nb\n', 'a\nbc\n', 1],
  ['a new line', 'a\nb\n', 'a\n\nb\n', 1],
  ['a line at the end', 'a\nb\n', 'a\nb\nc', 2],
  ['less text', 'a\nb\nc', 'a\n', 1],
  ['everything', 'a', '', 0],
])('an edit of %s', (_, before, after, line) => {
  expect(firstDifference(before, after)).toBe(line);
});
