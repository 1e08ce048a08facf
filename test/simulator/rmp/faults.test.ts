import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../src/outcome';
import { runText } from '../running';

const GUEST = `vm sev-snp
launch-finish
gmem A size 2M huge
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
`;

/** What the last statement ended with, and what KVM warned of meanwhile. */
function last(text: string): { result: string; warnings: readonly string[]; psmash: number } {
  const events = runText(text).events.at(-1)!;
  const warnings = events.flatMap((event) => (event.type === 'warn' ? [event.text] : []));
  const psmash = events.filter((event) => event.type === 'instruction' && event.name === 'PSMASH').length;
  return { result: outcomeOf(events).result, warnings: [...new Set(warnings)], psmash };
}

/** How sev_handle_rmp_fault deals with each of the faults it can be called for. */
describe('an RMP fault', () => {
  it.each([
    [
      'of a 4K step in a 2M entry: smashed',
      'linux-6.12',
      'pvalidate vcpu 0 gpa 0x80001000 size 4K validate',
      'ok',
      [],
      1,
    ],
    [
      'of a mapping smaller than its 2M entry: smashed',
      'linux-6.12',
      'gmem B size 2M huge\nslot 1 gpa 0x90000000 size 1M gmem B offset 0\nconvert gpa 0x90000000 size 1M private\n' +
        'fault vcpu 0 read gpa 0x90000000 private',
      'ok',
      [],
      1,
    ],
    [
      'of a 2M entry that was smashed meanwhile: nothing to do',
      'linux-6.12',
      'fault vcpu 0 read gpa 0x80000000 private\npsmash A offset 0\npvalidate vcpu 0 gpa 0x80000000 size 4K validate',
      'ok',
      [],
      0,
    ],
    [
      'of a 2M entry that cannot be smashed: warns, zaps, and again',
      'linux-6.12',
      'fault vcpu 0 read gpa 0x80000000 private\nrmpupdate A offset 0 size 2M private gpa 0x80000000 asid 1 immutable\n' +
        'fault vcpu 0 read gpa 0x80000000 private',
      'livelock',
      ['an RMP fault at gfn 0x80000: its RMP entry cannot be split'],
      3,
    ],
    [
      'of a page that is not assigned any more: warns, on 6.12 for ever',
      'linux-6.12',
      'fault vcpu 0 read gpa 0x80000000 private\nrmpupdate A offset 0 size 2M shared\nfault vcpu 0 read gpa 0x80000000 private',
      'livelock',
      ['an RMP fault at gfn 0x80000: its page is not assigned'],
      0,
    ],
    [
      'of a page that is not assigned any more: on 7.3 it is made private again',
      'linux-7.3',
      'fault vcpu 0 read gpa 0x80000000 private\nrmpupdate A offset 0 size 4K shared\nfault vcpu 0 read gpa 0x80000000 private',
      'ok',
      [],
      0,
    ],
    [
      'of a page that is gone, through a stale mapping that is writable: none behind it but a new one',
      'linux-6.12 with unbind-zap off',
      'launch-update gpa 0x80000000 size 4K\nfault vcpu 0 write gpa 0x80000000 private\ndelete slot 0\npunch A offset 0 size 2M\n' +
        'slot 0 gpa 0x80000000 size 2M\nconvert gpa 0x80000000 size 2M private\nfault vcpu 0 write gpa 0x80000000 private',
      'livelock',
      ['an RMP fault at gfn 0x80000: its slot has no guest_memfd'],
      0,
    ],
    [
      'of a gfn that is not private: warns',
      'linux-7.3',
      'gmem B size 1M mmap\nslot 1 gpa 0x90000000 size 1M gmem B offset 0\nfault vcpu 0 write gpa 0x90000000 shared',
      'livelock',
      ['an RMP fault at gfn 0x90000: it is not private'],
      0,
    ],
    [
      'of a gfn whose file is closed: warns',
      'linux-6.12 with range-math warn-and-skip',
      'gmem B size 2M\nslot 1 gpa 0x90000000 size 1M gmem B offset 1M\nconvert gpa 0x90000000 size 1M private\n' +
        'fault vcpu 0 write gpa 0x90000000 private\nclose B\nfault vcpu 0 write gpa 0x90000000 private',
      'livelock',
      ['an RMP fault at gfn 0x90000: no page is behind it'],
      0,
    ],
    [
      'of a VMPL without the permission, in a 2M entry: smashed, which does not help',
      'linux-6.12',
      'pvalidate vcpu 0 gpa 0x80000000 size 2M validate\nfault vcpu 0 read gpa 0x80000000 private at-vmpl 1',
      'livelock',
      [],
      1,
    ],
    [
      'of a write at a VMPL that may write but not read: KVM can do nothing',
      'linux-7.3',
      'pvalidate vcpu 0 gpa 0x80000000 size 4K validate\nrmpadjust vcpu 0 gpa 0x80000000 size 4K vmpl 1 permissions w\n' +
        'fault vcpu 0 write gpa 0x80000000 private at-vmpl 1',
      'livelock',
      [],
      0,
    ],
    [
      'of a shared write through a 2M mapping in which another page is assigned: userspace is asked first',
      'linux-6.12',
      'fault vcpu 0 read gpa 0x80000000 private\npsmash A offset 0\nrmpupdate A offset 0 size 4K shared\n' +
        'fault vcpu 0 write gpa 0x80000000 shared',
      'EFAULT',
      [],
      0,
    ],
    [
      'of a VMPL without the permission: KVM can do nothing',
      'linux-7.3',
      'pvalidate vcpu 0 gpa 0x80000000 size 4K validate\nfault vcpu 0 read gpa 0x80000000 private at-vmpl 1',
      'livelock',
      [],
      0,
    ],
  ])('%s', (_what, kernel, text, result, warnings, psmash) => {
    const found = last(`kernel ${kernel}\n${GUEST}${text}\n`);
    expect(found).toEqual({ result, warnings, psmash });
  });

  it('has VMPL and RMP in its error code, where a permission is missing', () => {
    const text = `kernel linux-7.3\n${GUEST}pvalidate vcpu 0 gpa 0x80000000 size 4K validate\nfault vcpu 0 write gpa 0x80000000 private at-vmpl 3\n`;
    const { faults } = outcomeOf(runText(text).events.at(-1)!);
    expect(faults[0]).toEqual(['0x80000000', '0x2001580000007']);
  });

  it.each([
    ['read', '0x2000580000005', 'ok', 1],
    // fast_page_fault() finds the leaf writable: spurious, each time.
    ['write', '0x2000580000007', 'livelock', 2],
  ])('of a 4K entry under a 2M mapping: a %s', (access, code, result, level) => {
    const text = `kernel linux-6.12\n${GUEST}pvalidate vcpu 0 gpa 0x80000000 size 2M validate\npsmash A offset 0\nfault vcpu 0 ${access} gpa 0x80001000 private\n`;
    const { state, events } = runText(text);
    const outcome = outcomeOf(events.at(-1)!);
    expect(outcome.result).toBe(result);
    expect(outcome.faults[0]).toEqual(['0x80001000', code]);
    expect(state.vms[0]!.roots[0]!.leaves.map(({ value }) => value.level)).toContain(level);
  });

  it.each([
    ['rmpadjust vcpu 0 gpa 0x80000000 size 4K vmpl 2 permissions us', undefined],
    ['pvalidate vcpu 0 gpa 0x80000000 size 4K validate', { name: 'PVALIDATE', result: 'SUCCESS' }],
    [
      'pvalidate vcpu 0 gpa 0x80001000 size 4K validate at-vmpl 1',
      { name: 'PVALIDATE', result: 'FAIL_PERMISSION' },
    ],
    ['fault vcpu 0 read gpa 0x80000000 private', undefined],
    ['psmash A offset 0', { name: 'PSMASH', result: 'SUCCESS' }],
  ])('shows as the instruction that of the statement, not a PSMASH by KVM: %s', (text, instruction) => {
    const outcome = outcomeOf(
      runText(`kernel linux-6.12\n${GUEST}fault vcpu 0 read gpa 0x80000000 private\n${text}\n`).events.at(
        -1,
      )!,
    );
    expect(outcome.instruction).toEqual(instruction);
  });

  it('zaps from the faulting gfn on, whatever slot is there', () => {
    const text = `kernel linux-6.12
vm sev-snp
launch-finish
gmem A size 4M huge
gmem B size 1M
slot 0 gpa 0x80000000 size 3M gmem A offset 0
slot 1 gpa 0x80300000 size 1M gmem B offset 0
convert gpa 0x80000000 size 4M private
pvalidate vcpu 0 gpa 0x80300000 size 4K validate
pvalidate vcpu 0 gpa 0x80200000 size 4K validate
`;
    const zaps = runText(text)
      .events.at(-1)!
      .flatMap((event) => (event.type === 'zap' ? [{ slot: event.slot, runs: event.leaves.length }] : []));
    expect(zaps).toEqual([{ slot: null, runs: 2 }]);
  });
});
