import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/language';

/** Diagnostics as `code @text: message`; related places behind an arrow. */
function complaints(text: string): string[] {
  return analyze(text).diagnostics.map(({ code, span, message, related = [] }) => {
    const places = related.map(
      (place) => ` <- ${text.slice(place.span.start, place.span.end)}: ${place.message}`,
    );
    return `${code} @${text.slice(span.start, span.end)}: ${message}${places.join('')}`;
  });
}

const FILE = 'gmem A size 4M\n';
const SLOT = 'slot 0 gpa 0 size 4K\n';

describe('the setup', () => {
  test.each([
    ['kernel linux-7.4', 'G101 @linux-7.4: no kernel is called `linux-7.4`: did you mean `linux-7.3`?'],
    [
      'kernel linux-7.3 with retry-chek off',
      'G102 @retry-chek: no knob is called `retry-chek`: did you mean `retry-check`?',
    ],
    [
      'kernel linux-7.3 with retry-check maybe',
      'G103 @maybe: `retry-check` has no variant `maybe`: it has `on` and `off`',
    ],
    [
      'kernel linux-7.3 with retry-check on with retry-check off',
      'G104 @with retry-check off: the knob `retry-check` is set twice <- with retry-check on: set here first',
    ],
    ['vm default\nkernel linux-7.3', 'G105 @kernel: `kernel` has to be the first statement'],
    [
      'kernel linux-7.3\nkernel linux-6.12',
      'G105 @kernel: a scenario has one `kernel` only <- kernel linux-7.3: the first one',
    ],
    ['vm tdx', 'G106 @tdx: no VM type is called `tdx`: it is `default` or `sw-protected`'],
    [
      `${FILE}vm default`,
      'G107 @vm: `vm` has to come before `gmem`, which needs the VM <- gmem: the first call on the VM',
    ],
    ['vm default vcpus 0', 'G108 @0: a VM has 1 to 1024 vCPUs, not `0`'],
    ['vm default vcpus 0x1_0000_0000', 'G108 @0x1_0000_0000: a VM has 1 to 1024 vCPUs, not `0x1_0000_0000`'],
  ])('%j', (text, expected) => {
    expect(complaints(text)).toEqual([expected]);
  });
});

describe('names', () => {
  test.each([
    [
      'punch A offset 0 size 4K',
      'G109 @A: no guest_memfd file is called `A`: create it with `gmem A size …`',
    ],
    [
      'gmem memory size 4M\nclose memroy',
      'G109 @memroy: no guest_memfd file is called `memroy`: did you mean `memory`?',
    ],
    ['close A\ngmem A size 4M', 'G109 @A: the file `A` is not created yet <- A: created here'],
    [
      `${FILE}${FILE}`,
      'G110 @A: a file `A` is open already: from here on, `A` stands for the new one <- A: the file that loses its name',
    ],
    ['fault vcpu 1 read gpa 0', 'G111 @1: the VM has no vCPU `1`: it has one vCPU, number 0'],
    [
      'vm default vcpus 2\nfault vcpu 2 read gpa 0',
      'G111 @2: the VM has no vCPU `2`: its vCPUs are 0 to 1 <- vm default vcpus 2: the VM',
    ],
    ['move slot 0 gpa 0', 'G112 @0: `move` needs slot 0, which is not there'],
    [
      `${SLOT}delete slot 0\nhost read slot 0 offset 0`,
      'G112 @0: `host` needs slot 0, which is deleted <- delete slot 0: deleted here',
    ],
    [
      'slot 0x100000000 gpa 0 size 4K',
      'G113 @0x100000000: `4294967296` does not fit in the 32 bits of a slot id',
    ],
    [
      'fault vcpu 0 write gpa 0xffd',
      'G114 @0xffd: the four bytes at `0xffd` cross a page: the access has to lie in one',
    ],
  ])('%j', (text, expected) => {
    expect(complaints(text)).toEqual([expected]);
  });

  test.each([
    ['a name is free again once its file is closed', `${FILE}close A\n${FILE}`],
    ['a closed descriptor may be used: the call says EBADF', `${FILE}close A\npunch A offset 0 size 4K`],
    ['a slot may be made again', `${SLOT}delete slot 0\n${SLOT}move slot 0 gpa 0x1000`],
    ['a slot may be updated', `${SLOT}${SLOT}`],
    ['deleting a slot that is not there is for KVM to refuse', 'delete slot 7'],
    ['unaligned numbers are for KVM to refuse', 'gmem A size 1\nslot 0 gpa 1 size 1 gmem A offset 1'],
    ['the last bytes of a page', 'fault vcpu 0 write gpa 0xffc'],
    ['the last bytes of all', 'fault vcpu 0 write gpa 0xffff_ffff_ffff_fffc'],
  ])('%s', (_what, text) => {
    expect(complaints(text)).toEqual([]);
  });
});
