import { describe, expect, test } from 'vitest';
import type { Hover, MarkupContent } from 'vscode-languageserver';
import { openMarked } from './client';

async function hover(marked: string): Promise<string | null> {
  const { client, params } = await openMarked(marked);
  const found = await client.connection.sendRequest<Hover | null>('textDocument/hover', params);
  client.dispose();
  return found === null ? null : (found.contents as MarkupContent).value;
}

/** One file, two slots, the second bound at 2M. */
const SETUP = [
  'kernel linux-7.3',
  'vm sw-protected',
  'gmem A size 4M',
  'slot 0 gpa 0x80000000 size 2M gmem A offset 0',
  'slot 1 gpa 0x90000000 size 1M gmem A offset 2M',
  'convert gpa 0x90000000 size 1M private',
  'prefault vcpu 0 gpa 0x90000000 size 16K',
  '',
].join('\n');

function lines(...parts: readonly string[]): string {
  return parts.join('\n\n');
}

/** A page that a SEV-SNP guest has from its launch. */
const SNP_PAGE =
  'vm sev-snp\ngmem A size 2M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\n' +
  'convert gpa 0x80000000 size 2M private\nlaunch-update gpa 0x80000000 size 4K\nlaunch-finish\n';

describe('hover', () => {
  test.each([
    [
      'a slot where it is made',
      SETUP.replace('slot 1', 'slot |1'),
      lines(
        '**slot 1**: gfn 0x90000..0x90100 · 256 pages (1M)',
        'gpa 0x90000000..0x90100000',
        '`A` pages 0x200..0x300 · offset 0x200000..0x300000',
      ),
    ],
    [
      'a slot that KVM refuses',
      `${SETUP}slot |2 gpa 0xa0000000 size 1M gmem A offset 2560K`,
      lines(
        '**requested**: gfn 0xa0000..0xa0100 · 256 pages (1M)',
        'gpa 0xa0000000..0xa0100000',
        '`A` pages 0x280..0x380 · offset 0x280000..0x380000',
        '**KVM refuses it**: EEXIST: the range of `A` overlaps the binding of slot 1',
      ),
    ],
    [
      'an update of a slot that KVM refuses',
      `${SETUP}slot 3 gpa 0 size 64K\nslot |3 gpa 0 size 32K`,
      lines(
        '**requested**: gfn 0x0..0x8 · 8 pages (32K)',
        'gpa 0x0..0x8000',
        "**KVM refuses it**: EINVAL: an update cannot change a slot's size, binding or `readonly`",
        'Unchanged:',
        '**slot 3**: gfn 0x0..0x10 · 16 pages (64K)',
        'gpa 0x0..0x10000',
        'no guest_memfd',
      ),
    ],
    [
      'a move that KVM refuses',
      `${SETUP}move slot 1 gpa |0xa0000000`,
      lines(
        '`0xa0000000` · `2684354560` · `2560M` · 655360 pages',
        '**requested**: gfn 0xa0000..0xa0100 · gpa 0xa0000000..0xa0100000',
        '**KVM refuses it**: EINVAL: a slot bound to a guest_memfd can only be deleted, not changed or moved',
        'Unchanged:',
        '**slot 1**: gfn 0x90000..0x90100 · 256 pages (1M)',
        'gpa 0x90000000..0x90100000',
        '`A` pages 0x200..0x300 · offset 0x200000..0x300000',
      ),
    ],
    [
      'a slot whose size is no size',
      `${SETUP}slot |2 gpa 0 size 0`,
      '**KVM refuses it**: EINVAL: size 0 deletes a slot, and there is no slot with this id',
    ],
    [
      'a slot before it is there',
      `${SETUP}delete slot 1\ndelete slot |1`,
      'slot 1 does not exist at this point',
    ],
    [
      'a file',
      `${SETUP}close |A`,
      lines(
        '**file `A`**: 1024 pages (4M) · 4 pages allocated',
        '- pages 0x0..0x200 = slot 0 gfn 0x80000..0x80200\n- pages 0x200..0x300 = slot 1 gfn 0x90000..0x90100',
      ),
    ],
    [
      'a VM switched to',
      `${SETUP}vm sev-snp vcpus 2\nswitch vm 0\nswitch vm |1`,
      '**VM 1**: sev-snp · 2 vCPUs · 0 slots · launch not finished',
    ],
    [
      'permissions',
      'vm sev-snp\nrmpadjust vcpu 0 gpa 0 size 4K vmpl 1 permissions r|ws',
      'read · write · execute in supervisor mode',
    ],
    [
      'an ASID',
      'vm sev-snp\ngmem A size 2M\nrmpupdate A offset 0 size 4K private gpa 0 asid |1',
      'the guest of VM 0',
    ],
    [
      'the RMP entry of a page of a file',
      'vm sev-snp\ngmem A size 2M\nrmpread A offset |4K',
      lines(
        '`0x1000` · `4096` · `4K` · 1 page',
        '`A` page 0x1 · 1 page (4K) · 0 allocated',
        'bound to no slot',
        '`A` page 0x1 is not allocated',
      ),
    ],
    [
      'the RMP entry behind an address',
      'vm sev-snp\ngmem A size 2M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\n' +
        'convert gpa 0x80000000 size 2M private\nlaunch-update gpa 0x80000000 size 4K\nlaunch-finish\n' +
        'rmpquery vcpu 0 gpa |0x80000000 vmpl 1',
      expect.stringMatching(/RMP of `A` page 0x0 \(pfn 0x[0-9a-f]+\): ASID 1 gfn 0x80000 · 4K · validated$/),
    ],
    [
      'the RMP entry behind an access, with the permissions in it',
      `${SNP_PAGE}rmpadjust vcpu 0 gpa 0x80000000 size 4K vmpl 1 permissions rw\nfau|lt vcpu 0 read gpa 0x80000000 private`,
      expect.stringMatching(/ASID 1 gfn 0x80000 · 4K · validated · VMPL 1 rw--\n/),
    ],
    [
      'a privilege level, and what it may do with the page',
      `${SNP_PAGE}rmpadjust vcpu 0 gpa 0x80000000 size 4K vmpl 1 permissions rw\nfault vcpu 0 read gpa 0x80000000 private at-vmpl |1`,
      lines('**VMPL 1**: below VMPL 0', 'its permissions to the page: rw--'),
    ],
    [
      'the privilege level that has all',
      `${SNP_PAGE}rmpquery vcpu 0 gpa 0x80000000 vmpl |0`,
      '**VMPL 0**: the highest privilege level: it has every permission',
    ],
    [
      'a privilege level that no CPU has',
      `${SNP_PAGE}rmpquery vcpu 0 gpa 0x80000000 vmpl |4`,
      'there is no VMPL 4: a CPU has VMPLs 0 to 3',
    ],
    [
      'what the host may write to, and why not',
      'vm sev-snp\nlaunch-finish\ngmem A size 2M huge\nallocate A offset 0 size 2M\n' +
        'rmpupdate A offset 0 size 4K private gpa 0 asid 1\nhost write A offset |4K',
      expect.stringMatching(
        /page 0x1 \(pfn 0x[0-9a-f]+\): hypervisor\n\ndirect map: 2M or more · the host cannot write$/,
      ),
    ],
    [
      'what a TDX guest has accepted',
      'vm tdx\ngmem A size 2M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\nconvert gpa 0x80000000 size 2M private\n' +
        'accept vcpu 0 gpa 0x80000000 size 4K\nfault vcpu 0 read gpa |0x80000000 private',
      expect.stringMatching(/\n\naccepted by the guest$/),
    ],
    [
      'a page that it has not accepted',
      'vm tdx\ngmem A size 2M\nslot 0 gpa 0x80000000 size 2M gmem A offset 0\nconvert gpa 0x80000000 size 2M private\n' +
        'accept vcpu 0 gpa |0x80000000 size 4K',
      expect.stringMatching(/not accepted by the guest$/),
    ],
    [
      'a closed file',
      `${SETUP}close A\npunch |A offset 0 size 4K`,
      '`A` is a bad descriptor at this point: calls fail with EBADF',
    ],
    [
      'an address',
      `${SETUP}fault vcpu 0 read gpa |0x90002010`,
      lines(
        '`0x90002010` · `2415927312` · page 0x90002 and 0x10 bytes',
        'gfn 0x90002 · slot 1 at 0x2010 (page 0x2) · private',
        '`A` page 0x202 · offset 0x202010',
      ),
    ],
    [
      'an address in no slot',
      `${SETUP}fault vcpu 0 read gpa |0x1000`,
      lines('`0x1000` · `4096` · `4K` · 1 page', 'gfn 0x1 · in no slot · shared'),
    ],
    [
      'the hole across both slots',
      `${SETUP}punch A offset |0x1ff000 size 12K`,
      lines(
        '`0x1ff000` · `2093056` · `2044K` · 511 pages',
        '`A` pages 0x1ff..0x202 · 3 pages (12K) · 2 allocated',
        '- slot 0 gfn 0x801ff · 1 page (4K)\n- slot 1 gfn 0x90000..0x90002 · 2 pages (8K)',
      ),
    ],
    [
      'a range of guest memory',
      `${SETUP}convert gpa 0x80100000 size |2M private`,
      lines(
        '`0x200000` · `2097152` · `2M` · 512 pages',
        'gfn 0x80100..0x80300 · 512 pages (2M) · shared',
        '- slot 0 gfn 0x80100..0x80200 · file pages 0x100..0x200',
      ),
    ],
    [
      "pages of a slot's memory",
      `${SETUP}discard slot 1 offset |4K size 8K`,
      lines(
        '`0x1000` · `4096` · `4K` · 1 page',
        "pages 0x1..0x3 of slot 1's userspace memory · gfn 0x90001..0x90003",
      ),
    ],
    ['a flag', 'gmem A size 4M |mmap', 'GUEST_MEMFD_FLAG_MMAP: userspace may map the file.'],
    ['a label', 'slot 0 |gpa 0 size 4K', "Before the slot's guest physical address."],
    ['a choice', 'fault vcpu 0 |read gpa 0', 'The access reads.'],
    ['a kernel', 'kernel |linux-6.12', 'Linux 6.12'],
    [
      'a variant',
      'kernel linux-6.12 with retry-check |off',
      'No: it maps the page it looked up, even if that page was freed.',
    ],
    ['a comment', '# a com|ment', null],
    ['a comment inside a statement', 'gmem A # si|ze\nsize 4M', null],
    ['nothing', 'vm default\n|\n', null],
  ])('%s', async (_what, marked, expected) => {
    expect(await hover(marked)).toEqual(expected);
  });

  test('a keyword: its syntax, what it does, and where the kernel does it', async () => {
    const text = await hover(`${SETUP}pun|ch A offset 0 size 4K`);
    expect(text).toContain('punch NAME offset OFFSET size SIZE');
    expect(text).toContain(
      'kernel function [`kvm_gmem_punch_hole()`](https://elixir.bootlin.com/linux/latest/C/ident/kvm_gmem_punch_hole)',
    );
  });

  test.each([
    [
      'a constant where it is made',
      'let ba|se = 0x80000000',
      lines('**constant `base`**', '`0x80000000` · `2147483648` · `2G` · 524288 pages'),
    ],
    [
      'a constant in arithmetic',
      'let base = 4K\ngmem A size 2 * ba|se',
      lines('**constant `base`**', '`0x1000` · `4096` · `4K` · 1 page'),
    ],
    [
      'a constant made out of another',
      'let base = 4K\nlet e|nd = base + 4K',
      lines('**constant `end`**', '`base + 4K` = `0x2000` · `8192` · `8K` · 2 pages'),
    ],
    ['a constant that is not known', 'gmem A size ba|se', null],
    [
      'an expression',
      'let base = 4K\ngmem A size 2 |* base',
      lines(
        '`2 * base` = `0x2000` · `8192` · `8K` · 2 pages',
        '**file `A`**: 2 pages (8K) · 0 pages allocated',
        'bound to no slot',
      ),
    ],
    [
      'the end of a range',
      'convert gfn 1..|0x11 private',
      lines(
        'ends at `0x11000` · `69632` · `68K` · 17 pages',
        'size `0x10000` · `65536` · `64K` · 16 pages',
        'gfn 0x1..0x11 · 16 pages (64K) · shared',
        'in no slot',
      ),
    ],
    [
      'a label for pages',
      'slot 0 g|fn 0 size 4K',
      "Before the slot's guest physical address, counted in pages of 4K.",
    ],
    ['another', 'punch A pg|off 0 size 4K', 'Before the offset in the file, counted in pages of 4K.'],
    ['and another', 'gmem A pa|ges 4', "Before the file's size, counted in pages of 4K."],
    [
      'an expectation that is met',
      `${SETUP}punch A offset 2M size 4K => zap|ped slot 1 gfn 0x90000`,
      lines(
        '```gmem\nzapped [slot ID] [mirror|direct] [LEVEL] gfn RANGE, …\nzapped all roots\nzapped nothing\n```',
        'The leaf SPTEs that are zapped, per slot; without a slot, those that KVM zaps on behalf of no slot. The list must be complete. On `tdx`, `mirror` and `direct` name the root.',
        '✓ met',
      ),
    ],
    [
      'an expectation that is not',
      `${SETUP}punch A offset 2M size 4K => n|o flush`,
      expect.stringMatching(/✗ \*\*failed\*\*: expected `no flush`, but got `flush`$/),
    ],
    [
      'a number of faults',
      `${SETUP}fault vcpu 0 read gpa 0x90080000 => |2 faults`,
      lines(
        '```gmem\nN faults\n```',
        'How many nested page faults the call takes.',
        '✗ **failed**: expected `2 faults`, but got `1 fault`',
      ),
    ],
    [
      'an expectation of what was not run',
      'punch A offset 0 size => fl|ush',
      expect.stringMatching(/not reached by the background run$/),
    ],
    [
      'the gfn of an expectation',
      `${SETUP}punch A offset 2M size 4K => zapped slot 1 gfn 0x9|0000`,
      lines('gfn 0x90000 · slot 1 at 0x0 (page 0x0) · private', '`A` page 0x200 · offset 0x200000', '✓ met'),
    ],
    [
      'the slot of an expectation',
      `${SETUP}punch A offset 2M size 4K => zapped slot |1 gfn 0x90000`,
      lines(
        '**slot 1**: gfn 0x90000..0x90100 · 256 pages (1M)',
        'gpa 0x90000000..0x90100000',
        '`A` pages 0x200..0x300 · offset 0x200000..0x300000',
      ),
    ],
    [
      'the file of an expectation',
      `${SETUP}punch A offset 2M size 4K => freed |A page 0x200`,
      expect.stringContaining('**file `A`**: 1024 pages (4M) · 4 pages allocated'),
    ],
    [
      'a scenario',
      'gmem A size 4K\nvm default\nscen|ario "a" { kernel linux-6.12 with retry-check off close A => ok close A => ok }',
      expect.stringMatching(
        /^\*\*a\*\*: 3 statements of its own, 2 shared with others\n\nkernel `linux-6.12` with retry-check off · 2 expectations, 1 failed\n\n---/,
      ),
    ],
    [
      'the title of a scenario',
      'gmem A size 4K\nscenario "on|e" { close A }',
      expect.stringMatching(
        /^\*\*one\*\*: 1 statement of its own, 1 shared with others\n\nkernel `linux-7.3` · no expectations/,
      ),
    ],
  ])('%s', async (_what, marked, expected) => {
    expect(await hover(marked)).toEqual(expected);
  });

  test.each([
    ['pun|ch A offset 0x1ff000 size 12K', '- slot 0 gfn 0x801ff · 1 page (4K)'],
    ['fau|lt vcpu 0 read gpa 0x90002010', 'gfn 0x90002 · slot 1 at 0x2010 (page 0x2) · private'],
    ['clo|se A', '**file `A`**: 1024 pages (4M)'],
    ['del|ete slot 1', '**slot 1**: gfn 0x90000..0x90100'],
    ['gmem| C size 2M', '**file `C`**: 512 pages (2M) · 0 pages allocated'],
    ['convert| gpa 0x90000000 size 1M shared', 'gfn 0x90000..0x90100 · 256 pages (1M) · private'],
  ])('the keyword of %s tells what it is about', async (statement, expected) => {
    const text = await hover(SETUP + statement);
    expect(text).toContain(expected);
    expect(text).toContain('---');
  });

  test('numbers at the edge of 64 bits', async () => {
    expect(await hover('vm default\nfault vcpu 0 read gpa |0xffff_ffff_ffff_fffc')).toContain(
      'above the physical address limit of the simulated CPU',
    );
    expect(
      await hover('gmem A size 4M\npunch A offset |0xffff_ffff_ffff_f000 size 0xffff_ffff_ffff_f000'),
    ).toContain('0xfffffffffffff000');
  });
});
