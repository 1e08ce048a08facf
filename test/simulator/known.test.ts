import { describe, expect, it } from 'vitest';
import { elementAt, firstOf, lastOf, must } from '../../src/simulator/known';

describe('what is known to be there', () => {
  it('is returned, also if it is 0, null in a list, or empty', () => {
    expect(elementAt([7, 0], 1)).toBe(0);
    expect(elementAt([null], 0)).toBeNull();
    expect(firstOf(['a', 'b'])).toBe('a');
    expect(lastOf(['a', 'b'])).toBe('b');
    expect(must('', 'text')).toBe('');
  });

  it.each([
    ['an index at the end', () => elementAt([7], 1), 'there is no element 1 of 1'],
    ['an index below 0', () => elementAt([7], -1), 'there is no element -1 of 1'],
    ['the first of none', () => firstOf([]), 'there is no element 0 of 0'],
    ['the last of none', () => lastOf([]), 'there is no element -1 of 0'],
    ['undefined', () => must(undefined, 'slot 3'), 'there is no slot 3'],
    ['null', () => must(null, 'slot 3'), 'there is no slot 3'],
  ])('is an error that names it where it is missing: %s', (_, read, message) => {
    expect(read).toThrow(message);
  });
});
