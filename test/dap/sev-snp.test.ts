import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listingText, PROCEDURE_NAMES } from '../../src/dap/listings';
import { TestClient } from './client';

/** A client at the start of an example, or of `text`. */
async function started(text: string): Promise<TestClient> {
  const client = new TestClient();
  await client.start(text);
  return client;
}

const example = (name: string) => started(readFileSync(`examples/${name}.gmem`, 'utf8'));

/** Steps over statements up to the one on `line`, or to the return of the last one. */
async function toLine(client: TestClient, line: number): Promise<void> {
  while ((await client.stack())[0]!.line < line) await client.move('next');
}

async function scopeNames(client: TestClient): Promise<readonly string[]> {
  return (await client.scopes()).map(({ name }) => name);
}

/** Rows of a scope that are not part of another. */
async function rows(client: TestClient, scope: string): Promise<readonly string[]> {
  return (await client.tree(scope)).split('\n').filter((line) => !line.startsWith(' '));
}

/** The example whose guest accepts in 4K steps what the RMP has as 2M, at the entry of KVM's handler. */
async function inRmpFault(): Promise<TestClient> {
  const client = await example('sev-snp/psmash');
  await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'sev_handle_rmp_fault' }] });
  await client.move('continue');
  return client;
}

/** The page that LAUNCH_FINISH gave the guest for the registers of its vCPU. */
function vmsaRow(pfn: number, vm = 0): string {
  const owner = `VM ${vm} (ASID ${vm + 1})`;
  return `pfn 0x${pfn.toString(16)}: ${owner}, gfn 0xfffffffff, 4K, validated, VMSA, registers of vCPU 0 of VM ${vm}`;
}

const WHOLE = [
  vmsaRow(0x201),
  'pfn 0x400..0x600: VM 0 (ASID 1), gfn 0x80000..0x80200, 2M, validated, A pages 0x0..0x200',
  'pfn 0x600..0x800: VM 0 (ASID 1), gfn 0x80200..0x80400, 2M, not validated, A pages 0x200..0x400',
];
const SMASHED = [...WHOLE.slice(0, 2), WHOLE[2]!.replace('2M', '4K')];

describe('an RMP fault', () => {
  it('can be stepped through and back: the entry is smashed, and whole again', async () => {
    const client = await inRmpFault();
    expect((await client.stack()).map(({ name }) => name)).toEqual([
      'sev_handle_rmp_fault',
      'npf_interception',
      'ioctl(KVM_RUN)',
      'pvalidate vcpu 0 gpa 0x80200000 size 4K validate',
    ]);
    expect(await rows(client, 'RMP')).toEqual(WHOLE);
    const entered = await client.tree('RMP');

    let steps = 0;
    while (!(await client.tree('RMP')).includes('512 of 4K')) {
      await client.move('next');
      steps++;
      expect(steps).toBeLessThan(10);
    }
    expect((await client.stack())[0]!.name).toBe('sev_handle_rmp_fault');
    expect(await rows(client, 'RMP')).toEqual(SMASHED);

    await client.move('stepBack');
    expect(await client.tree('RMP')).toBe(entered);
  });

  it('has its cause and its error code in words', async () => {
    const client = await inRmpFault();
    const locals = (await client.tree('Locals', 1)).split('\n');
    expect(locals).toContain(
      'cause: private read, mapped, forbidden by the RMP, the RMP entry is larger than the page',
    );
    expect(locals).toContain(
      'errorCode: 0x2000d80000005 ' +
        '(PRESENT|USER|GUEST_RMP|GUEST_FINAL|GUEST_ENC|GUEST_SIZEM|PRIVATE_ACCESS)',
    );
    expect(await client.tree('Locals', 2)).toContain('operation: kind pvalidate, size 4K, validate true');
  });
});

describe('the scope RMP', () => {
  it('is there only where some VM is sev-snp, the one at hand or another', async () => {
    const client = await started(
      'vm sw-protected\ngmem A size 4K\nvm sev-snp\nswitch vm 0\ngmem B size 4K\n',
    );
    expect(await scopeNames(client)).not.toContain('RMP');
    expect(await scopeNames(client)).not.toContain('VMs');
    await toLine(client, 4);
    expect(await rows(client, 'RMP')).toEqual(["all pages: are the hypervisor's"]);
    await toLine(client, 5);
    expect(await scopeNames(client)).toContain('RMP');
  });

  it('tells everything of an entry', async () => {
    const client = await started(`vm sev-snp
gmem A size 2M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
launch-update gpa 0x80000000 size 8K
launch-finish
rmpadjust vcpu 0 gpa 0x80001000 size 4K vmpl 1 permissions rw
fault vcpu 0 read gpa 0x80000000 private
`);
    await toLine(client, 8);
    expect((await client.tree('RMP')).split('\n')).toEqual([
      'pfn 0x200: VM 0 (ASID 1), gfn 0x80000, 4K, validated, A page 0x0',
      '  owner: VM 0 (ASID 1)',
      '  pfns: 0x200 (1 page)',
      '  gfns: 0x80000',
      '  entries: 1 of 4K',
      '  validated: yes',
      '  immutable: no',
      '  VMSA: no',
      '  VMPL 1: ----',
      '  VMPL 2: ----',
      '  VMPL 3: ----',
      '  contents: A page 0x0',
      'pfn 0x201: VM 0 (ASID 1), gfn 0x80001, 4K, validated, VMPL 1 rw--, A page 0x1',
      '  owner: VM 0 (ASID 1)',
      '  pfns: 0x201 (1 page)',
      '  gfns: 0x80001',
      '  entries: 1 of 4K',
      '  validated: yes',
      '  immutable: no',
      '  VMSA: no',
      '  VMPL 1: rw--',
      '  VMPL 2: ----',
      '  VMPL 3: ----',
      '  contents: A page 0x1',
      vmsaRow(0x202),
      '  owner: VM 0 (ASID 1)',
      '  pfns: 0x202 (1 page)',
      '  gfns: 0xfffffffff',
      '  entries: 1 of 4K',
      '  validated: yes',
      '  immutable: no',
      '  VMSA: yes',
      '  VMPL 1: ----',
      '  VMPL 2: ----',
      '  VMPL 3: ----',
      '  contents: registers of vCPU 0 of VM 0',
    ]);
  });

  it.each([
    ['private gpa 0x1000 asid 7', 'ASID 7 (of no VM), gfn 0x1, 4K, not validated, A page 0x0'],
    [
      'private gpa 0x1000 asid 1 immutable',
      'VM 0 (ASID 1), gfn 0x1, 4K, not validated, immutable, A page 0x0',
    ],
    [
      'private gpa 0x0 asid 0 immutable',
      "the host's firmware, gfn 0x0, 4K, not validated, immutable, A page 0x0",
    ],
  ])('names the owner after rmpupdate … %s', async (to, expected) => {
    const client = await started(`vm sev-snp
gmem A size 64K
allocate A offset 0 size 4K
rmpupdate A offset 0 size 4K ${to}
rmpread A offset 0
`);
    await toLine(client, 5);
    expect(await rows(client, 'RMP')).toEqual([`pfn 0x200: ${expected}`]);
  });
});

describe('several VMs', () => {
  it('are listed with what is theirs, whichever is at hand', async () => {
    const client = await example('sev-snp/two-guests');
    await toLine(client, 22);
    expect(await rows(client, 'VMs')).toEqual([
      'VM 0: current, sev-snp, ASID 1, launched, 1 slot, 1 vCPU',
      'VM 1: sev-snp, ASID 2, launched, 1 slot, 1 vCPU',
    ]);
    const [, other] = (await client.tree('VMs')).split('\nVM 1: ');
    expect(other).toContain('slot 0: gfn 0x80000..0x80200 = B pages 0x0..0x200');
    expect(other).toContain('0x80000: 4K rwxad, pfn 0x203, guest_memfd, slot 0');
    expect(await rows(client, 'RMP')).toEqual([
      'pfn 0x200..0x202: VM 0 (ASID 1), gfn 0x80000..0x80002, 4K, validated, A pages 0x0..0x2',
      vmsaRow(0x202),
      'pfn 0x203..0x205: VM 1 (ASID 2), gfn 0x80000..0x80002, 4K, validated, B pages 0x0..0x2',
      vmsaRow(0x205, 1),
    ]);
    const files = await client.tree('guest_memfd files');
    expect(files.split('\n').filter((line) => line.startsWith('  VM'))).toEqual(['  VM: VM 0', '  VM: VM 1']);
  });

  it('have a launch, where they are SEV-SNP guests', async () => {
    const client = await started('vm sev-snp vcpus 2\nlaunch-finish\nvm default\ngmem A size 4K\n');
    expect(await rows(client, 'VMs')).toEqual([
      'VM 0: current, sev-snp, ASID 1, not launched, 0 slots, 2 vCPUs',
    ]);
    await toLine(client, 4);
    expect(await rows(client, 'VMs')).toEqual([
      'VM 0: sev-snp, ASID 1, launched, 0 slots, 2 vCPUs',
      'VM 1: current, default, 0 slots, 1 vCPU',
    ]);
  });
});

describe('what only some machines have', () => {
  it('is page tables of two kinds, on TDX', async () => {
    const client = await example('tdx/two-roots');
    await toLine(client, 13);
    expect(await rows(client, 'Page tables')).toEqual([
      'root 1: mirror (private memory), loaded by vCPU 0',
      'root 0: direct (shared memory), loaded by vCPU 0',
    ]);
    expect(await client.tree('vCPUs')).toContain('  root: root 0\n  mirror root: root 1\n');
  });

  it('is what the guest accepted, on TDX, and whether the VM is still alive', async () => {
    const client = await example('tdx/accept');
    await toLine(client, 25);
    expect(await rows(client, 'Accepted pages')).toEqual(['0x40000..0x40002: accepted']);
    await toLine(client, 26);
    expect(await rows(client, 'VMs')).toEqual(['VM 0: current, tdx, dead, 1 slot, 1 vCPU']);
  });

  it('is a direct map that is split, and the registers of vCPUs, on SEV-SNP', async () => {
    const client = await example('sev-snp/direct-map');
    expect(await rows(client, 'Direct map')).toEqual(['all pages: 2M or more']);
    await toLine(client, 13);
    expect(await rows(client, 'Direct map')).toEqual(['pfn 0x200..0x600: 4K', 'other pages: 2M or more']);
    expect(await client.tree('vCPUs')).toContain('  VMSA: pfn 0x201\n');
  });

  it('is 2 MiB folios, in a huge file', async () => {
    const client = await started(
      'vm sw-protected\ngmem A size 4M huge\nallocate A offset 0 size 2M\nclose A\n',
    );
    await toLine(client, 4);
    const files = (await client.tree('guest_memfd files')).split('\n');
    expect(files).toContain('  flags: huge');
    expect(files).toContain('    0x0..0x200: pfn 0x200..0x400, 2M folio, not up to date');
  });
});

describe('listings', () => {
  it.each(['sev_handle_rmp_fault', 'kvm_zap_gfn_range', 'npf_interception', 'ioctl(KVM_CREATE_VM)'])(
    'of %s are served, the frame on one of its steps',
    async (name) => {
      const client = await example(name === 'ioctl(KVM_CREATE_VM)' ? 'sev-snp/two-guests' : 'sev-snp/psmash');
      await client.request('setFunctionBreakpoints', { breakpoints: [{ name }] });
      await client.move('continue');
      const [frame] = await client.stack();
      expect(frame!.name).toBe(name);
      const { content } = await client.request('source', frame!.source!);
      expect(content.split('\n')[frame!.line - 1]).toMatch(/^\w+ +\S/);
    },
  );

  it.each(['linux-6.12', 'linux-7.3'])('of %s fit the procedures of SEV-SNP, too', (kernel) => {
    const setup = { kernel, knobs: {}, vm: 'sev-snp' as const, vcpus: 1 };
    for (const name of PROCEDURE_NAMES) {
      const { lines, firstStepLine } = listingText(setup, name);
      const steps = lines.slice(firstStepLine - 1, -1);
      expect(steps.length).toBeGreaterThan(0);
      for (const step of steps) expect(step).toMatch(/^\w+ +\S/);
    }
  });
});
