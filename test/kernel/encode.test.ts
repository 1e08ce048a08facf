import { describe, expect, it } from 'vitest';
import { encodeScenario } from '../../kernel/encode';
import { analyze } from '../../src/language';

const encode = (text: string) => encodeScenario(7, analyze(text).programs[0]).trimEnd().split('\n');

describe('encodeScenario', () => {
  it.each([
    ['vm default', 'scenario 7 0 1'],
    ['vm sw-protected vcpus 2', 'scenario 7 1 2'],
  ])('%s', (text, head) => {
    expect(encode(text)).toEqual([head, 'end']);
  });

  const FILES = 'vm sw-protected vcpus 2\ngmem A size 4M\ngmem B size 2M\nslot 5 gpa 0 size 4K\n';
  it.each([
    ['gmem C size 2M mmap', 'gmem 2 2097152 1'],
    ['gmem C size 2M init-shared', 'gmem 2 2097152 2'],
    ['gmem C size 2M mmap init-shared', 'gmem 2 2097152 3'],
    ['slot 1 gpa 0x80000000 size 2M gmem B offset 1M', 'slot 1 2147483648 2097152 1 1 1048576'],
    ['slot 1 gpa 0x80000000 size 2M readonly', 'slot 1 2147483648 2097152 2 0 0'],
    ['slot 1 gpa 0x80000000 size 2M gmem A offset 0 thp', 'slot 1 2147483648 2097152 5 0 0'],
    ['slot 1 gpa 0 size 0xffff_ffff_ffff_f000', 'slot 1 0 18446744073709547520 0 0 0'],
    ['delete slot 5', 'delete 5'],
    ['move slot 5 gpa 0x1000', 'move 5 4096'],
    ['convert gpa 0 size 1M private', 'convert 0 1048576 8'],
    ['convert gpa 0 size 1M shared', 'convert 0 1048576 0'],
    ['fault vcpu 0 read gpa 0x1000', 'fault 0 0 4096'],
    ['fault vcpu 1 write gpa 0x1000', 'fault 1 1 4096'],
    ['prefault vcpu 1 gpa 0 size 8K', 'prefault 1 0 8192'],
    ['allocate A offset 4K size 8K', 'allocate 0 4096 8192'],
    ['punch B offset 4K size 8K', 'punch 1 4096 8192'],
    ['truncate B size 4K', 'truncate 1 4096'],
    ['close B', 'close 1'],
    ['discard slot 5 offset 0 size 4K', 'discard 5 0 4096'],
    ['host read slot 5 offset 8', 'host 5 0 8'],
    ['host write slot 5 offset 8', 'host 5 1 8'],
    ['launch-update gpa 0x1000 size 8K zero', 'launch 101 4096 8192 3 1'],
    ['launch-update gpa 0x1000 size 8K source 0', 'launch 101 4096 8192 1 0'],
    ['launch-finish', 'launch 102 0 0 0 0'],
    ['vm default vcpus 2', 'vm 0 2'],
    ['vm default\nswitch vm 0', 'switch 0'],
  ])('%s', (statement, expected) => {
    expect(encode(FILES + statement).at(-2)).toBe(expected);
  });

  it.each([
    ['fault vcpu 0 read gpa 0 until FA9g as early', 'a scenario whose calls are suspended needs threads'],
    [
      'fault vcpu 0 read gpa 0 as early\ncontinue early',
      'a scenario whose calls are suspended needs threads',
    ],
  ])('throws for %j instead of leaving the order out', (statements, message) => {
    expect(() => encode(FILES + statements)).toThrow(message);
  });
});
