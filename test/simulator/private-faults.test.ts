import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../src/outcome';
import { runText } from './running';

const SNP = 'vm sev-snp\nlaunch-finish\n';
const BOUND = 'gmem A size 2M\nslot 0 gpa 1G size 2M gmem A offset 0\nconvert gpa 1G size 1M private\n';

const ACCEPTED = 'accept vcpu 0 gpa 1G size 4K\n';

describe('who decides that a fault is private', () => {
  it.each([
    ['a private access to a hole', `${SNP}fault vcpu 0 read gpa 2G private`, 'EFAULT'],
    ['a shared bit, by the address', `vm tdx\n${BOUND}${ACCEPTED}fault vcpu 0 write gpa 1G private`, 'ok'],
    [
      'a shared bit, by the inverted mask',
      `kernel linux-7.3 with private-fault inverted-mask\nvm tdx\n${BOUND}${ACCEPTED}fault vcpu 0 write gpa 1G private`,
      'ok',
    ],
    [
      'a shared bit, by the mask',
      `kernel linux-7.3 with private-fault mask\nvm tdx\n${BOUND}fault vcpu 0 write gpa 1G private`,
      'EFAULT',
    ],
    // The software-protected VM has no bit: its attributes decide, whatever the mask says.
    [
      'a private gfn of a software-protected VM, by the mask',
      `kernel linux-7.3 with private-fault mask\nvm sw-protected\n${BOUND}fault vcpu 0 read gpa 1G`,
      'ok',
    ],
    [
      'a shared gfn of a software-protected VM, by the inverted mask',
      `kernel linux-7.3 with private-fault inverted-mask\nvm sw-protected\n${BOUND}fault vcpu 0 read gpa 1025M`,
      'ok',
    ],
    [
      'a C-bit, by half an error code',
      `kernel linux-7.3 with error-code bits-32\n${SNP}${BOUND}fault vcpu 0 read gpa 1G private`,
      'EFAULT',
    ],
  ])('%s', (_, text, result) => {
    const { events } = runText(text);
    expect(outcomeOf(events.at(-1) ?? []).result).toBe(result);
  });
});

/** The first fault of the last statement, as it is traced, and how the statement ends. */
function firstFault(text: string) {
  const { result, exit, faults } = outcomeOf(runText(text).events.at(-1) ?? []);
  return { result, exit: exit?.reason, private: exit?.private, code: faults[0]?.[1] };
}

const MISMATCH = { result: 'EFAULT', exit: 'memory-fault' };

describe('an instruction fetch', () => {
  it.each([
    ['from a shared gfn is private all the same', SNP, '0x2000500000014'],
    ['from a shared gfn is private all the same, on TDX', 'vm tdx\n', '0x2000000000002'],
  ])('%s', (_, vm, code) => {
    const text = `${vm}${BOUND}fault vcpu 0 exec gpa 1025M`;
    expect(firstFault(text)).toEqual({ ...MISMATCH, private: true, code });
  });
});

describe('half an error code', () => {
  it.each([
    ['is whole in the trace', SNP, '0x2000500000004'],
    ['is whole in the trace, on TDX', 'vm tdx\n', '0x2000000000002'],
  ])('%s', (_, vm, code) => {
    const text = `kernel linux-7.3 with error-code bits-32\n${vm}${BOUND}fault vcpu 0 read gpa 1G private`;
    expect(firstFault(text)).toEqual({ ...MISMATCH, private: false, code });
  });
});
