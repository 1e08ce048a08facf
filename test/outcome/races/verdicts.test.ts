import { describe, expect, test } from 'vitest';
import { verdictSentence, verdictsOf } from '../../../src/outcome';
import { explored } from '../../generators/exploring';

const ENDLESS = `kernel linux-7.3 with prefault-root keep
vm default
slot 0 gpa 0x10000000 size 1M
slot 1 gpa 0x20000000 size 1M
fault vcpu 0 write gpa 0x10000000
delete slot 1
race {
  task x { prefault vcpu 0 gpa 0x10000000 size 8K => QUANTIFIER ok }
  task y { host write slot 0 offset 0 => always ok }
} => sometimes livelock
fault vcpu 0 read gpa 0x10000000 => QUANTIFIER EFAULT
`;

function sentences(text: string, maxStates?: number): readonly string[] {
  return verdictsOf(explored(text, maxStates === undefined ? {} : { maxStates })).map(verdictSentence);
}

describe('what is expected of a call that returns in no order', () => {
  const livelock = '`sometimes livelock` holds.';
  const other = '`always ok` holds.';

  test.each(['always ', ''])('does not hold if it is written %j', (quantifier) => {
    expect(sentences(ENDLESS.replaceAll('QUANTIFIER ', quantifier))).toEqual([
      'Expected `always ok`, but the call returns in no order.',
      other,
      livelock,
      'Expected `always EFAULT`, but no order comes to an end.',
    ]);
  });

  test('never happens, and why is said', () => {
    expect(sentences(ENDLESS.replaceAll('QUANTIFIER', 'never'))).toEqual([
      '`never ok` holds: the call returns in no order.',
      other,
      livelock,
      '`never EFAULT` holds: no order comes to an end.',
    ]);
  });

  test('does not happen sometimes', () => {
    expect(sentences(ENDLESS.replaceAll('QUANTIFIER', 'sometimes'))).toEqual([
      'Expected `sometimes ok`, but the call returns in no order.',
      other,
      livelock,
      'Expected `sometimes EFAULT`, but no order comes to an end.',
    ]);
  });

  test('is not decided before every order was tried', () => {
    const [call] = sentences(ENDLESS.replaceAll('QUANTIFIER', 'always'), 3);
    expect(call).toBe('Not decided: `always ok`. The search was not finished.');
  });

  test('of a statement behind the race that expects nothing, nothing is said', () => {
    const text = ENDLESS.replaceAll(/ => QUANTIFIER \w+/g, '');
    expect(sentences(text)).toEqual([other, livelock]);
  });
});
