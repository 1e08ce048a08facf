import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../src/outcome';
import { runText } from './running';

/** How the last statement ended. */
function ending(text: string) {
  const { result, exit } = outcomeOf(runText(text).events.at(-1)!);
  return { result, exit: exit?.reason };
}

const HOLE = 'fault vcpu 0 exec gpa 1G';
const KERNELS = ['linux-6.12', 'linux-7.3'];

/** The emulator has to fetch the instruction itself (kvm_fetch_guest_virt), and cannot where there is no memory. */
describe('an instruction fetch that KVM has to emulate', () => {
  const cases = [
    ['default', 'from a hole', HOLE, 'ok', 'internal-error'],
    ['default', 'from a hole that has an MMIO SPTE', `${HOLE}\n${HOLE}`, 'ok', 'internal-error'],
    [
      'default',
      'from a hole that was read before',
      `fault vcpu 0 read gpa 1G\n${HOLE}`,
      'ok',
      'internal-error',
    ],
    [
      'default',
      'from a deleted slot',
      `slot 0 gpa 1G size 4K\n${HOLE}\ndelete slot 0\n${HOLE}`,
      'ok',
      'internal-error',
    ],
    [
      'default',
      'beyond the addresses of the host',
      'fault vcpu 0 exec gpa 0x20000000000',
      'ok',
      'internal-error',
    ],
    ['default', 'from a slot: not emulated', `slot 0 gpa 1G size 4K\n${HOLE}`, 'ok', undefined],
    [
      'default',
      'from a hole in which a slot is by now',
      `${HOLE}\nslot 0 gpa 1G size 4K\n${HOLE}`,
      'ok',
      undefined,
    ],
    ['sw-protected', 'from a shared hole', HOLE, 'ok', 'internal-error'],
    [
      'sw-protected',
      'from a private hole: no emulation',
      `convert gpa 1G size 4K private\n${HOLE}`,
      'EFAULT',
      'memory-fault',
    ],
    ['sev-snp', 'from a hole: private', `launch-finish\n${HOLE}`, 'EFAULT', 'memory-fault'],
    ['tdx', 'from a hole: private', HOLE, 'EFAULT', 'memory-fault'],
  ] as const;

  it.each(KERNELS.flatMap((kernel) => cases.map((row) => [kernel, ...row] as const)))(
    '%s, vm %s: %s',
    (kernel, vm, _what, text, result, exit) => {
      expect(ending(`kernel ${kernel}\nvm ${vm}\n${text}`)).toEqual({ result, exit });
    },
  );

  it('leaves reads and writes to the VMM', () => {
    for (const access of ['read', 'write']) {
      expect(ending(`vm default\nfault vcpu 0 ${access} gpa 1G`)).toEqual({ result: 'ok', exit: 'mmio' });
    }
  });
});

describe('a vCPU of a guest whose launch is not finished', () => {
  const GUEST = 'vm sev-snp\nslot 0 gpa 1G size 2M\n';
  const statements = [
    'fault vcpu 0 read gpa 1G shared',
    'fault vcpu 0 exec gpa 1G',
    'pvalidate vcpu 0 gpa 1G size 4K validate',
    'rmpadjust vcpu 0 gpa 1G size 4K vmpl 1 permissions r',
    'rmpquery vcpu 0 gpa 1G vmpl 1',
  ];

  it.each(KERNELS.flatMap((kernel) => statements.map((text) => [kernel, text] as const)))(
    'cannot be entered: %s, %s',
    (kernel, text) => {
      const { events, state } = runText(`kernel ${kernel}\n${GUEST}${text}`);
      expect(outcomeOf(events.at(-1)!)).toMatchObject({
        result: 'ok',
        exit: { reason: 'fail-entry' },
        faults: [],
      });
      expect(state.locks).toEqual([]);
    },
  );
});
