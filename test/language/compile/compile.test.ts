import { describe, expect, test } from 'vitest';
import { analyze, capped } from '../../../src/language';

function calls(text: string) {
  return analyze(text).programs[0].statements.map(({ call }) => call);
}

describe('compile', () => {
  test.each([
    [
      'gmem A size 4M mmap',
      { kind: 'gmem', name: 'A', size: 4n << 20n, mmap: true, initShared: false, huge: false },
    ],
    [
      'slot 1 gpa 0x1000 size 4K thp',
      { kind: 'slot', id: 1n, gpa: 4096n, size: 4096n, gmem: null, readonly: false, thp: true },
    ],
    ['delete slot 1', { kind: 'delete', id: 1n }],
    ['convert gpa 0 size 1G private', { kind: 'convert', gpa: 0n, size: 1n << 30n, to: 'private' }],
    ['fault vcpu 0 write gpa 0x10', { kind: 'fault', vcpu: 0, access: 'write', gpa: 16n, private: null }],
    ['prefault vcpu 0 gpa 0 size 8K', { kind: 'prefault', vcpu: 0, gpa: 0n, size: 8192n }],
    [
      'launch-update gpa 0 size 4K',
      { kind: 'launch-update', gpa: 0n, size: 4096n, type: 'normal', source: null },
    ],
    [
      'launch-update gpa 0 size 4K cpuid',
      { kind: 'launch-update', gpa: 0n, size: 4096n, type: 'cpuid', source: null },
    ],
    ['launch-finish', { kind: 'launch-finish' }],
    [
      'psc vcpu 0 gpa 0 size 4K shared',
      { kind: 'psc', vcpu: 0, gpa: 0n, size: 4096n, to: 'shared', converts: null, later: false },
    ],
    [
      'psc vcpu 0 gpa 0 size 8K private refused',
      { kind: 'psc', vcpu: 0, gpa: 0n, size: 8192n, to: 'private', converts: 0n, later: false },
    ],
    [
      'psc vcpu 0 gpa 0 size 8K private later converts 4K',
      { kind: 'psc', vcpu: 0, gpa: 0n, size: 8192n, to: 'private', converts: 4096n, later: true },
    ],
    [
      'pvalidate vcpu 0 gpa 0 size 2M rescind',
      { kind: 'pvalidate', vcpu: 0, gpa: 0n, size: 2n << 20n, validate: false, vmpl: 0 },
    ],
    [
      'rmpadjust vcpu 0 gpa 0 size 4K vmpl 3 permissions rs vmsa',
      { kind: 'rmpadjust', vcpu: 0, gpa: 0n, size: 4096n, target: 3, permissions: 9, vmsa: true, vmpl: 0 },
    ],
    ['rmpquery vcpu 0 gpa 0 vmpl 2 at-vmpl 1', { kind: 'rmpquery', vcpu: 0, gpa: 0n, target: 2, vmpl: 1 }],
  ])('%s', (text, call) => {
    expect(calls(text)).toEqual([call]);
  });

  test.each([
    [
      'slot 1 gpa 0 size 4K gmem A offset 1M',
      {
        kind: 'slot',
        id: 1n,
        gpa: 0n,
        size: 4096n,
        gmem: { name: 'A', offset: 1n << 20n },
        readonly: false,
        thp: false,
      },
    ],
    ['allocate A offset 0 size 4K', { kind: 'allocate', name: 'A', offset: 0n, size: 4096n }],
    ['punch A offset 4K size 4K', { kind: 'punch', name: 'A', offset: 4096n, size: 4096n }],
    ['truncate A size 0', { kind: 'truncate', name: 'A', size: 0n }],
    ['close A', { kind: 'close', name: 'A' }],
    ['move slot 0 gpa 0x2000', { kind: 'move', id: 0n, gpa: 0x2000n }],
    ['discard slot 0 offset 0 size 4K', { kind: 'discard', id: 0n, offset: 0n, size: 4096n }],
    ['host write slot 0 offset 1', { kind: 'host', id: 0n, access: 'write', offset: 1n }],
    ['host write A offset 1', { kind: 'host-file-write', name: 'A', offset: 1n }],
    [
      'rmpupdate A offset 0 size 4K private gpa 0x1000 asid 7 immutable',
      {
        kind: 'rmpupdate',
        name: 'A',
        offset: 0n,
        size: 4096n,
        to: { gpa: 4096n, asid: 7, immutable: true },
      },
    ],
    [
      'rmpupdate A offset 0 size 2M shared',
      { kind: 'rmpupdate', name: 'A', offset: 0n, size: 2n << 20n, to: null },
    ],
    ['psmash A offset 0', { kind: 'psmash', name: 'A', offset: 0n }],
    ['rmpread A offset 4K', { kind: 'rmpread', name: 'A', offset: 4096n }],
  ])('%s, of what is there', (text, call) => {
    expect(calls(`gmem A size 4M\nslot 0 gpa 0 size 4K\n${text}`).at(-1)).toEqual(call);
  });

  test('the setup, with defaults for what is not said', () => {
    expect(analyze('').programs[0].setup).toEqual({
      kernel: 'linux-7.3',
      knobs: {},
      vm: 'default',
      vcpus: 1,
    });
    expect(
      analyze('kernel linux-6.12 with retry-check off\nvm sw-protected vcpus 3').programs[0].setup,
    ).toEqual({
      kernel: 'linux-6.12',
      knobs: { 'retry-check': 'off' },
      vm: 'sw-protected',
      vcpus: 3,
    });
  });

  test.each([
    ['vm sev-snp\nfault vcpu 0 exec gpa 0 private', { access: 'exec', private: true }],
    ['vm tdx\nfault vcpu 0 read gpa 0 shared', { access: 'read', private: false }],
    ['vm sev-snp\ngmem A size 2M huge', { huge: true }],
  ])('%j', (text, call) => {
    expect(calls(text)).toMatchObject([call]);
  });

  test('the first VM is the setup, the others are calls, as is `switch`', () => {
    const { setup, statements } = analyze('vm sev-snp\nvm tdx vcpus 2\nswitch vm 0').programs[0];
    expect(setup).toMatchObject({ vm: 'sev-snp', vcpus: 1 });
    expect(statements.map(({ call, line }) => [line, call])).toEqual([
      [2, { kind: 'vm', type: 'tdx', vcpus: 2 }],
      [3, { kind: 'switch', vm: 0 }],
    ]);
  });

  test('VMs with errors keep their numbers', () => {
    const { setup, statements } = analyze('vm sev-spn\nvm sev-spn\nvm tdx\nswitch vm 2').programs[0];
    expect(setup).toMatchObject({ vm: 'default', vcpus: 1 });
    expect(statements.map(({ call }) => call)).toEqual([
      { kind: 'vm', type: 'default', vcpus: 1 },
      { kind: 'vm', type: 'tdx', vcpus: 1 },
      { kind: 'switch', vm: 2 },
    ]);
  });

  test('lines count from 1, and a statement stands on the line of its keyword', () => {
    const { statements } = analyze('# one\ngmem A\n  size 4M\r\nclose A').programs[0];
    expect(statements.map(({ line }) => line)).toEqual([2, 4]);
  });

  test('statements with errors are left out, and the errors say so', () => {
    const { statements, errors } = analyze('gmem A size 4M\npunch B offset 0 size 4K\nclose A').programs[0];
    expect(statements.map(({ call }) => call.kind)).toEqual(['gmem', 'close']);
    expect(errors).toHaveLength(1);
  });

  test('a warning leaves nothing out', () => {
    expect(calls('gmem A size 4M\ngmem A size 2M')).toHaveLength(2);
  });

  test('where errors are no longer listed, what has one is not run', () => {
    const wrong = 'fault vcpu 9 read gpa 0\n'.repeat(3000);
    const { statements, errors } = analyze(`vm default\ngmem A size 4M\n${wrong}`).programs[0];
    expect(statements.map(({ call }) => call.kind)).toEqual(['gmem']);
    expect(errors).toHaveLength(3000);
    expect(capped(errors)).toHaveLength(1000);
  });
});
