import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/language';

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
      'G103 @maybe: `retry-check` has no variant `maybe`: its variants are `on` and `off`',
    ],
    [
      'kernel linux-7.3 with retry-check on with retry-check off',
      'G104 @with retry-check off: the knob `retry-check` is set twice <- with retry-check on: set here first',
    ],
    ['vm default\nkernel linux-7.3', 'G105 @kernel: `kernel` must be the first statement'],
    [
      'kernel linux-7.3\nkernel linux-6.12',
      'G105 @kernel: a scenario can have only one `kernel` <- kernel linux-7.3: the first one',
    ],
    [
      'vm nitro',
      'G106 @nitro: no VM type is called `nitro`: the types are `default`, `sw-protected`, `sev-snp` and `tdx`',
    ],
    ['vm sev-snp\nvm sev-spn', 'G106 @sev-spn: no VM type is called `sev-spn`: did you mean `sev-snp`?'],
    ['switch vm 1', 'G115 @1: there is no VM `1`: there is one VM so far, number 0'],
    ['vm tdx\nvm tdx\nswitch vm 0x2\nvm tdx', 'G115 @0x2: there is no VM `0x2`: so far there are VMs 0 to 1'],
    [
      `${FILE}vm default`,
      'G107 @vm: `vm` must come before `gmem`, which needs the VM <- gmem: the first call on the VM',
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
    ['close A\ngmem A size 4M', 'G109 @A: the file `A` has not been created yet <- A: created here'],
    [
      `${FILE}${FILE}`,
      'G110 @A: a file `A` is already open: from here on, `A` refers to the new file <- A: the file that the name referred to',
    ],
    ['fault vcpu 1 read gpa 0', 'G111 @1: the VM has no vCPU `1`: it has one vCPU, number 0'],
    [
      'vm default vcpus 2\nfault vcpu 2 read gpa 0',
      'G111 @2: the VM has no vCPU `2`: its vCPUs are 0 to 1 <- vm default vcpus 2: the VM',
    ],
    ['move slot 0 gpa 0', 'G112 @0: `move` needs slot 0, which does not exist'],
    [
      `${SLOT}delete slot 0\nhost read slot 0 offset 0`,
      'G112 @0: `host` needs slot 0, which has been deleted <- delete slot 0: deleted here',
    ],
    [
      'slot 0x100000000 gpa 0 size 4K',
      'G113 @0x100000000: `4294967296` does not fit in the 32 bits of a slot id',
    ],
    [
      'fault vcpu 0 write gpa 0xffd',
      'G114 @0xffd: the four bytes at `0xffd` cross a page boundary: an access must lie within one page',
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

describe('several VMs', () => {
  test.each([
    [
      'slots are of a VM',
      'vm sev-snp\nslot 0 gpa 0 size 4K\nvm sev-snp\nslot 0 gpa 0 size 4K\nmove slot 0 gpa 4K',
    ],
    ['files are of the scenario', 'vm sev-snp\ngmem A size 4M\nvm tdx\nslot 0 gpa 0 size 4K gmem A offset 0'],
    [
      'vCPUs are of a VM',
      'vm tdx vcpus 2\nvm tdx\nswitch vm 0\nfault vcpu 1 read gpa 0\nvm tdx vcpus 3\nfault vcpu 2 read gpa 0',
    ],
    ['a vCPU of sev-snp runs at a VMPL', 'vm sev-snp\nfault vcpu 0 read gpa 0 private at-vmpl 3'],
    ["the other bits of an address are anybody's", 'vm tdx\nfault vcpu 0 read gpa 0x7fff_ffff_f000'],
    ['the guest decides on sev-snp and tdx', 'vm sev-snp\nvm tdx\nfault vcpu 0 read gpa 0 private'],
  ])('%s', (_what, text) => {
    expect(complaints(text)).toEqual([]);
  });

  test.each([
    [
      'vm sev-snp\nslot 0 gpa 0 size 4K\nvm sev-snp\nmove slot 0 gpa 4K',
      'G112 @0: `move` needs slot 0, which does not exist',
    ],
    [
      'vm sev-snp\nslot 0 gpa 0 size 4K\nvm tdx\nslot 0 gpa 0 size 4K\ndelete slot 0\nswitch vm 0\nmove slot 0 gpa 4K\nswitch vm 1\nmove slot 0 gpa 4K',
      'G112 @0: `move` needs slot 0, which has been deleted <- delete slot 0: deleted here',
    ],
    [
      'vm sev-snp vcpus 2\nvm tdx\nfault vcpu 1 read gpa 0',
      'G111 @1: the VM has no vCPU `1`: it has one vCPU, number 0 <- vm tdx: the VM',
    ],
    [
      'vm sev-snp\nvm sw-protected\nfault vcpu 0 read gpa 0 private',
      'G116 @private: `private` applies only to `sev-snp` and `tdx` VMs: on a `sw-protected` VM the memory attribute of the gfn decides <- vm sw-protected: the VM',
    ],
    [
      'vm tdx\nfault vcpu 0 read gpa 0 at-vmpl 1',
      'G116 @1: `at-vmpl` applies only to `sev-snp` VMs: other guests have no VMPLs <- vm tdx: the VM',
    ],
    [
      'fault vcpu 0 read gpa 0 value 1',
      'G124 @1: `value` is allowed only with `write`, not with `read`: to check what is read, expect it, for instance `=> read 0x1234`',
    ],
    [
      'fault vcpu 0 write gpa 0 value 0x1_0000_0000',
      'G124 @0x1_0000_0000: `0x1_0000_0000` does not fit in the four bytes of the write',
    ],
    [
      'slot 0 gpa 0 size 4K\nhost write slot 0 offset 0xffe value 1',
      'G114 @0xffe: the four bytes at `0xffe` cross a page boundary: an access must lie within one page',
    ],
    [
      'vm tdx\nfault vcpu 0 read gpa 0x8000_0000_0000 shared',
      'G130 @0x8000_0000_0000: `0x8000_0000_0000` includes the shared bit of TDX (bit 47) or a higher bit: use `private` or `shared` instead',
    ],
    [
      'kernel linux-6.12\nvm sev-snp\nvm tdx',
      'G131 @tdx: `linux-6.12` has no `tdx` VMs (KVM_CREATE_VM would return EINVAL): they are simulated as on `linux-7.3`',
    ],
    [
      'vm sev-snp\nfault vcpu 0 exec gpa 0 shared',
      'G132 @shared: an instruction fetch cannot be `shared`: a `sev-snp` guest always fetches with the C-bit, regardless of its page tables',
    ],
    [
      'vm tdx\nfault vcpu 0 exec gpa 0 shared',
      'G132 @shared: an instruction fetch cannot be `shared`: a `tdx` guest cannot fetch from shared memory, and KVM treats such a fault as broken hardware',
    ],
    [
      'fault vcpu 0 read gpa 0 shared',
      'G116 @shared: `shared` applies only to `sev-snp` and `tdx` VMs: a `default` VM has no private memory',
    ],
  ])('%j', (text, expected) => {
    expect(complaints(text)).toEqual([expected]);
  });

  test("leaves what the host asks for beyond TDX's shared bit to KVM", () => {
    const beyond = 'gpa 0x8000_0000_0000 size 4K';
    expect(complaints(`vm tdx\nslot 0 ${beyond}\nprefault vcpu 0 ${beyond}`)).toEqual([]);
  });
});

describe('instructions', () => {
  const ADJUST = 'rmpadjust vcpu 0 gpa 0 size 4K vmpl';

  test.each([
    [
      'pvalidate vcpu 0 gpa 0 size 8K validate',
      'G117 @8K: the page size of `pvalidate` must be `4K` or `2M`, not `8K`',
    ],
    [
      `${FILE}rmpupdate A offset 0 size 1G shared`,
      'G117 @1G: the page size of `rmpupdate` must be `4K` or `2M`, not `1G`',
    ],
    [
      `${ADJUST} 1 permissions wr`,
      'G118 @wr: permissions must be letters of `rwus` in this order, or `none`, not `wr`: did you mean `rw`?',
    ],
    [
      `${ADJUST} 1 permissions rwx`,
      'G118 @rwx: permissions must be letters of `rwus` in this order, or `none`, not `rwx`',
    ],
    ['accept vcpu 0 gpa 0 size 1G', 'G117 @1G: the page size of `accept` must be `4K` or `2M`, not `1G`'],
    [
      'pvalidate vcpu 0 gpa 0 size 4K validate at-vmpl 4',
      'G119 @4: `4` does not fit in the 2 bits of the VMPL of a vCPU, which is 0 to 3',
    ],
    [`${ADJUST} 256 permissions r`, 'G119 @256: `256` does not fit in the 8 bits of a VMPL'],
    [
      `${FILE}rmpupdate A offset 0 size 4K private gpa 0 asid 4G`,
      'G119 @4G: `4G` does not fit in the 32 bits of an ASID',
    ],
    [
      `${FILE}rmpupdate A offset 0 size 4K private`,
      'G120 @private: `private` requires the owner of the page: `gpa … asid …`',
    ],
    [
      `${FILE}rmpupdate A offset 0 size 4K shared immutable`,
      'G120 @immutable: `shared` returns the page to the hypervisor, and does not allow `gpa`, `asid` or `immutable`',
    ],
    [
      `${FILE}host read A offset 0`,
      'G121 @read: the RMP does not check reads by the host: only `host write` is allowed with a file',
    ],
  ])('%j', (text, expected) => {
    expect(complaints(text)).toEqual([expected]);
  });

  test('what the CPU refuses is left to it', () => {
    expect(complaints(`${FILE}rmpupdate A offset 1 size 2M private gpa 1 asid 9999`)).toEqual([]);
    expect(complaints('rmpadjust vcpu 0 gpa 3 size 2M vmpl 7 permissions rwus')).toEqual([]);
  });
});
