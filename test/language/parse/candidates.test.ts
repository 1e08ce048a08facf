import { describe, expect, test } from 'vitest';
import { candidatesAt, optionWords } from '../../../src/language';

/** What could follow where the bar stands, in words. */
function expectedIn(marked: string): string[] {
  const offset = marked.indexOf('|');
  return candidatesAt(marked.replace('|', ''), offset).candidates.map((candidate) => {
    switch (candidate.kind) {
      case 'words':
        return candidate.words.join('|');
      case 'placeholder':
        return candidate.what;
      case 'statement':
      case 'arrow':
      case 'expectation':
      case 'number':
      case 'race-arrow':
      case 'race-expectation':
        return candidate.kind;
      case 'quantifier':
        return 'always|never|sometimes';
    }
    const { part } = candidate;
    if (candidate.kind === 'value') return `value of ${part.kind === 'argument' ? part.role : ''}`;
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
    ['punch A offset 0 size 4K |', ['arrow', '[until]', '[as]', 'statement']],
    ['gmem A size 4M |', ['[mmap]', '[init-shared]', '[huge]', 'arrow', '[until]', '[as]', 'statement']],
    ['gmem A size 4M mmap |', ['[init-shared]', '[huge]', 'arrow', '[until]', '[as]', 'statement']],
    ['gmem A size 4M\n|', ['[mmap]', '[init-shared]', '[huge]', 'statement']],
    ['let a = 4K |', ['statement']],
    ['slot 0 gpa 0 size 4K gmem |', ['value of file']],
    ['fault vcpu 0 |', ['choice']],
    ['convert gpa 0 size 4K |', ['choice']],
    ['kernel linux-7.3 with |', ['value of knob']],
    ['kernel linux-7.3 with retry-check |', ['value of variant']],
    [
      'fault vcpu 0 read gpa 0 |',
      ['[private|shared]', '[at-vmpl]', '[value]', 'arrow', '[until]', '[as]', 'statement'],
    ],
    ['fault vcpu 0 read gpa 0 shared |', ['[at-vmpl]', '[value]', 'arrow', '[until]', '[as]', 'statement']],
    ['fault vcpu 0 read gpa 0 at-vmpl |', ['value of at-vmpl']],
    ['host write |', ['slot', 'value of file']],
    ['host write slot |', ['value of slot']],
    ['host write A |', ['offset']],
    ['switch |', ['vm']],
    ['switch vm |', ['value of vm-number']],
    ['rmpadjust vcpu 0 gpa 0 size 4K vmpl 1 permissions |', ['value of permissions']],
    [
      'rmpupdate A offset 0 size 4K private |',
      ['[gpa|gfn]', '[immutable]', 'arrow', '[until]', '[as]', 'statement'],
    ],
    ['close A # and so |', []],
    ['close A # and so\n|', ['statement']],
    ['punch A\n|', ['offset', 'statement']],
    ['punch | offset 0 size 4K', ['value of file']],
    ['gmem A size 4K + |', ['number']],
    ['gmem A size (|', ['number']],
    ['convert gfn 1..|', ['number']],
    ['close A => |', ['expectation']],
    ['close A => flu|', ['expectation']],
    ['close A => flush, |', ['expectation']],
    ['close A => flush |', ['statement']],
    ['close A => zapped |', ['nothing', 'all', 'slot|gfn']],
    ['close A => zapped slot |', ['ID']],
    ['close A => zapped slot 0 |', ['mirror', 'direct', '4K|2M|1G', 'gfn|gpa']],
    ['close A => zapped slot 0 gfn |', ['RANGE']],
    ['close A => mapped gfn 1 |', ['rwx', 'r-x', 'statement']],
    ['close A => freed |', ['nothing', 'FILE']],
    ['close A => freed A |', ['pages|page']],
    ['close A => exit |', ['memory-fault|mmio|hypercall|internal-error|fail-entry']],
    ['close A => exit mmio read |', ['gpa', 'statement']],
    ['close A => exit mmio read gpa |', ['GPA']],
    ['close A => RMP 2x4K private ASID |', ['N']],
    ['close A => PVALIDATE |', ['RESULT']],
    ['close A => left |', ['BYTES']],
    ['fault vcpu 0 read gpa 0 => read |', ['VALUE', 'ciphertext|given|freed']],
    ['close A until |', ['value of step']],
    ['close A until R2 as |', ['value of call']],
    ['close A until R2 as last |', ['arrow', 'statement']],
    ['continue |', ['value of call']],
    ['continue early |', ['[until]', 'arrow', 'statement']],
    ['close A => suspended |', ['at']],
    ['close A => suspended at |', ['STEP']],
    ['close A => blocked |', ['on']],
    ['close A => blocked on |', ['LOCK']],
  ])('%j', (marked, expected) => {
    expect(expectedIn(marked)).toEqual(expected);
  });

  test.each([
    ['close A => |', null],
    ['close A => zapped |', 'zapped'],
    ['close A => flush, zapped slot 0 gfn |', 'zapped'],
    ['close A => flush, |', null],
    ['close A => flush\n|', null],
    ['close A => flush # |', null],
    ['close A => flush close |', null],
  ])('the expectation at hand in %j', (marked, expectation) => {
    expect(candidatesAt(marked.replace('|', ''), marked.indexOf('|')).expectation).toBe(expectation);
  });

  test('the word being written is the prefix', () => {
    expect(candidatesAt('close A\npun', 11).prefix).toEqual({ start: 8, end: 11 });
    expect(candidatesAt('kernel linux-7', 14).prefix).toEqual({ start: 7, end: 14 });
  });
});
