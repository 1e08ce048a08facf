import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/language';
import { runInBackground } from '../../../src/lsp/background-run/background-run';
import { createDocuments } from '../../../src/lsp/documents';
import { findingsOf } from '../../../src/lsp/findings';
import { BY_STEPS, URI } from '../client';

/** Why the last statement is refused. */
async function refusal(text: string): Promise<string | undefined> {
  const backgroundRun = runInBackground(analyze(text).programs, () => false, BY_STEPS);
  await backgroundRun.finished;
  return backgroundRun.runs[0]!.remarks.at(-1)?.message;
}

const SETUP = 'vm sw-protected\ngmem A size 4M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\n';

describe('why KVM refuses', () => {
  test.each([
    ['gmem B size 1', "EINVAL: the file's size must be a multiple of 4K, greater than 0 and less than 2^63"],
    ['gmem B size 0', "EINVAL: the file's size must be a multiple of 4K, greater than 0 and less than 2^63"],
    ['gmem B size 4K init-shared', 'EINVAL: this kernel does not accept these file flags for this VM type'],
    ['slot 1 gpa 0 size 1', "EINVAL: the slot's size is not a multiple of 4K"],
    ['slot 1 gpa 1 size 4K', 'EINVAL: the guest physical address is not a multiple of 4K'],
    ['slot 1 gpa 0 size 4K gmem A offset 1', 'EINVAL: the offset is not a multiple of 4K'],
    ['slot 1 gpa 0 size 4K gmem A offset 4M', 'EINVAL: the binding extends past the end of `A`'],
    ['slot 1 gpa 0 size 2M gmem A offset 1M', 'EEXIST: the range of `A` overlaps the binding of slot 0'],
    ['slot 1 gpa 0x80000000 size 4K', 'EEXIST: the guest physical range overlaps that of slot 0'],
    [
      'slot 1 gpa 0 size 4K gmem A offset 2M readonly',
      'EINVAL: a slot bound to a guest_memfd cannot be `readonly`',
    ],
    [
      'slot 1 gpa 0 size 4K\nslot 1 gpa 0 size 4K gmem A offset 2M',
      'EINVAL: a slot can be bound to a guest_memfd only when it is created',
    ],
    [
      'slot 0 gpa 0x80000000 size 2M gmem A offset 0',
      'EINVAL: a slot bound to a guest_memfd can only be deleted, not changed or moved',
    ],
    ['slot 0 gpa 0x80000000 size 2M', "EINVAL: an update cannot change a slot's size, binding or `readonly`"],
    ['slot 1 gpa 0 size 0', 'EINVAL: size 0 deletes a slot, and there is no slot with this id'],
    ['slot 32764 gpa 0 size 4K', 'EINVAL: the slot id exceeds the largest one of this VM'],
    ['delete slot 9', 'EINVAL: there is no slot with this id'],
    ['move slot 0 gpa 0', 'EINVAL: a slot bound to a guest_memfd can only be deleted, not changed or moved'],
    ['convert gpa 1 size 4K private', 'EINVAL: the guest physical address is not a multiple of 4K'],
    ['convert gpa 0 size 0 private', "EINVAL: the range's size is 0"],
    ['punch A offset 1 size 4K', 'EINVAL: the offset is not a multiple of 4K'],
    ['truncate A size 4K', 'EINVAL: the size of a guest_memfd cannot be changed'],
    [
      'close A\npunch A offset 0 size 4K',
      'EBADF: `A` is not an open descriptor: it was closed, or KVM_CREATE_GUEST_MEMFD failed',
    ],
    ['prefault vcpu 0 gpa 0 size 4K', 'ENOENT: there is no slot at the next guest physical address'],
  ])('%s', async (statement, expected) => {
    expect(await refusal(SETUP + statement)).toBe(expected);
  });

  test('a default VM has nothing to convert', async () => {
    expect(await refusal('slot 0 gpa 0 size 4K\nconvert gpa 0 size 4K private')).toContain(
      'this VM type has no private memory',
    );
  });

  const SNP = `vm sev-snp
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 16K private
`;
  const AFTER = 'launch-finish\n';
  const TDX = 'vm tdx\ngmem A size 2M\nslot 0 gpa 0 size 2M gmem A offset 0\nconvert gpa 0 size 8K private\n';

  test.each([
    [
      'prefault vcpu 0 gpa 0x80000000 size 4K',
      'EOPNOTSUPP: memory can be prefaulted only after `launch-finish`',
    ],
    ['launch-update gpa 0x80000000 size 0', "EINVAL: the range's size is 0"],
    [
      'launch-update gpa 0x90000000 size 4K',
      'EINVAL: there is no slot with an open guest_memfd at this guest physical address',
    ],
    ['close A\nlaunch-update gpa 0x80000000 size 4K', "EIO: the slot's file was closed"],
    [
      'launch-update gpa 0x80004000 size 4K',
      'EIO: a gfn of the range is shared: convert it to private first',
    ],
    [
      'launch-update gpa 0x80000000 size 4K source 0',
      'EINVAL: pages other than `zero` need a source buffer, page-aligned on 7.3',
    ],
    [
      'launch-update gpa 0x80000000 size 4K\nlaunch-update gpa 0x80000000 size 4K',
      'EIO: a page of the range is already assigned to a guest',
    ],
    [
      `${AFTER}launch-update gpa 0x80000000 size 4K`,
      'EIO: the launch is finished: the firmware refuses this after `launch-finish`',
    ],
    [`${AFTER}${AFTER}`, 'EINVAL: the launch is finished: the registers of the vCPUs are encrypted already'],
    ['host write A offset 0', 'EFAULT: `A` has no page at this offset'],
  ])('%s, on a VM of SEV-SNP', async (statement, expected) => {
    expect(await refusal(SNP + statement)).toBe(expected);
  });

  test.each([
    [
      'prefault vcpu 0 gpa 0x800000000000 size 4K',
      'EINVAL: the address has the shared bit set, which a prefault does not allow',
    ],
    [
      'slot 1 gpa 0x7ffffffff000 size 8K',
      'EINVAL: the slot extends past the guest physical addresses that the host supports',
    ],
    ['launch-finish', 'ENOTTY: the VM is not `sev-snp`'],
    [
      'fault vcpu 0 read gpa 0 private\nfault vcpu 0 read gpa 0x1000 private',
      'EIO: the VM is dead since an earlier statement',
    ],
  ])('%s, on a VM of TDX', async (statement, expected) => {
    expect(await refusal(TDX + statement)).toBe(expected);
  });

  test('the kernel stops', async () => {
    const kept = SNP.replace('vm sev-snp', 'kernel linux-7.3 with direct-map keep\nvm sev-snp');
    expect(await refusal(`${kept}${AFTER}fault vcpu 0 write gpa 0x80000000 private`)).toBe(
      'the kernel stops: host #PF with the RMP bit on a kernel write to pfn 0x202, beside a page of a guest, ' +
        'in the same 2M mapping of the direct map',
    );
  });
});

/** The codes of the diagnostics of running a text, with their messages. */
async function found(text: string): Promise<readonly string[]> {
  const document = createDocuments(BY_STEPS).open(URI, 1, text);
  await document.backgroundRun().finished;
  return findingsOf(document).map(({ diagnostic: { code, message } }) => `${code} ${message}`);
}

describe('what the expectations of a statement say nothing about', () => {
  const STALE = `kernel linux-7.3 with range-math shifted
vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 2M
convert gpa 0x80000000 size 2M private
fault vcpu 0 write gpa 0x80000000
punch A offset 2M size 4K`;
  const WARN = `kernel linux-7.3 with gmem-invalidate always
vm sw-protected
gmem A size 2M
slot 0 gpa 0 size 2M gmem A offset 0
convert gpa 0 size 2M private
delete slot 0
punch A offset 0 size 4K
slot 0 gpa 0 size 2M gmem A offset 0
fault vcpu 0 write gpa 0`;
  const UNREACHED = `vm sw-protected
gmem A size 4M
punch A offset 0 size 4K until U2 as hole`;
  const stale = 'G209 STALE gfn 0x80000: still mapped, to pages already freed';
  const warn = 'G203';
  const unreached = 'G208 the call returns without reaching U2, so it does not suspend';

  test.each([
    ['a stale mapping', STALE, '', [stale]],
    ['a stale mapping beside a met expectation', STALE, 'freed A page 0x200', [stale]],
    ['a stale mapping that is expected', STALE, 'STALE gfn 0x80000', []],
    ['a stale mapping that is expected elsewhere', STALE, 'STALE gfn 0x80001', ['G206']],
    ['a stale mapping beside a failed expectation', STALE, 'freed nothing', ['G206', stale]],
    ['a WARN', WARN, '', ['G202', warn]],
    ['a WARN beside a met expectation', WARN, 'livelock', [warn]],
    ['a WARN that is expected', WARN, 'livelock, WARN', []],
    ['a WARN that must not be', WARN, 'livelock, no WARN', ['G206']],
    ['a WARN beside a failed expectation', WARN, 'ok', ['G206', warn]],
    ['a step that is not reached', UNREACHED, '', [unreached]],
    ['a step that is not reached, beside a met expectation', UNREACHED, 'freed nothing', [unreached]],
    ['a step that need not be reached', UNREACHED, 'ok', []],
    ['a step that must be reached', UNREACHED, 'suspended at U2', ['G206']],
  ])('%s', async (_, text, expectation, expected) => {
    const all = await found(`${text}${expectation === '' ? '' : ` => ${expectation}`}\n`);
    // The messages of the others have their own tests.
    const told = all.map((one) => (/^G20[236]/.test(one) ? one.slice(0, 4) : one));
    expect(told.toSorted()).toEqual(expected.toSorted());
  });
});
