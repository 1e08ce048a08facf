import { describe, expect, test } from 'vitest';
import { expectedAt, optionWords } from '../../src/language';

/** What could follow where the bar stands, in words. */
function expectedIn(marked: string): string[] {
  const offset = marked.indexOf('|');
  return expectedAt(marked.replace('|', ''), offset).expectations.map((expectation) => {
    if (expectation.kind === 'statement') return 'statement';
    if (expectation.kind === 'words') return expectation.words.map(({ word }) => word).join('|');
    const { part } = expectation;
    if (expectation.kind === 'value') return `value of ${part.kind === 'argument' ? part.role : ''}`;
    if (part.kind === 'argument') return part.label ?? part.role;
    if (part.kind === 'choice' || part.kind === 'either') return part.kind;
    return `[${optionWords(part).join('|')}]`;
  });
}

describe('what is expected', () => {
  test.each([
    ['|', ['statement']],
    ['pun|', ['statement']],
    ['punch |', ['value of file']],
    ['punch A |', ['offset']],
    ['punch A off|', ['offset']],
    ['punch A offset |', ['value of offset']],
    ['punch A offset 0 size 4K |', ['statement']],
    ['gmem A size 4M |', ['[mmap]', '[init-shared]', '[huge]', 'statement']],
    ['gmem A size 4M mmap |', ['[init-shared]', '[huge]', 'statement']],
    ['slot 0 gpa 0 size 4K gmem |', ['value of file']],
    ['fault vcpu 0 |', ['choice']],
    ['convert gpa 0 size 4K |', ['choice']],
    ['kernel linux-7.3 with |', ['value of knob']],
    ['kernel linux-7.3 with retry-check |', ['value of variant']],
    ['fault vcpu 0 read gpa 0 |', ['[private|shared]', '[at-vmpl]', 'statement']],
    ['fault vcpu 0 read gpa 0 shared |', ['[at-vmpl]', 'statement']],
    ['fault vcpu 0 read gpa 0 at-vmpl |', ['value of at-vmpl']],
    ['host write |', ['slot', 'value of file']],
    ['host write slot |', ['value of slot']],
    ['host write A |', ['offset']],
    ['switch |', ['vm']],
    ['switch vm |', ['value of vm-number']],
    ['rmpadjust vcpu 0 gpa 0 size 4K vmpl 1 permissions |', ['value of permissions']],
    ['rmpupdate A offset 0 size 4K private |', ['[gpa]', '[immutable]', 'statement']],
    ['close A # and so |', []],
    ['close A # and so\n|', ['statement']],
    ['punch A\n|', ['offset', 'statement']],
    ['punch | offset 0 size 4K', ['value of file']],
  ])('%j', (marked, expected) => {
    expect(expectedIn(marked)).toEqual(expected);
  });

  test('the word being written is the prefix', () => {
    expect(expectedAt('close A\npun', 11).prefix).toEqual({ start: 8, end: 11 });
    expect(expectedAt('kernel linux-7', 14).prefix).toEqual({ start: 7, end: 14 });
  });
});
