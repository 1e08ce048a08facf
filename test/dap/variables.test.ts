import { describe, expect, it } from 'vitest';
import { TestClient } from './client';
import { HOLE, PUNCH } from './scenarios';

/** A client that stands in the first zap of the hole. */
async function inZap(): Promise<TestClient> {
  const client = new TestClient();
  await client.start(HOLE);
  await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_unmap_gfn_range' }] });
  do await client.move('continue');
  while ((await client.stack()).at(-1)!.line < PUNCH);
  return client;
}

const lines = (text: string) => text.trim().split('\n');

describe('scopes', () => {
  it('are the locals of the frame and the parts of the machine', async () => {
    const client = await inZap();
    expect((await client.scopes()).map(({ name }) => name)).toEqual([
      'Locals',
      'Memslots',
      'guest_memfd files',
      'Memory attributes',
      'Page tables',
      'Userspace memory',
      'MMU bookkeeping',
      'Locks held',
      'vCPUs',
    ]);
    const outermost = (await client.stack()).length - 1;
    expect((await client.scopes(outermost))[0]!.name).toBe('Statement');
  });

  it.each([
    [
      'Locals',
      [
        ...['slot: 0', 'start: 0x801ff', 'end: 0x80200', 'filter: private'],
        ...['yields: false', 'roots: none', 'at: 0x0', 'leaves: none', 'flush: false'],
      ],
    ],
    ['Memory attributes', ['0x80000..0x80200: private', '0x90000..0x90100: private']],
    ['Locks held', ['invalidate_lock 0: held for write', 'mmu_lock: held for write']],
    [
      'MMU bookkeeping',
      [
        'mmu_invalidate_seq: 2',
        'mmu_invalidate_in_progress: 1',
        'mmu_invalidate_range: gfn 0x801ff',
        'memslots generation: 2',
        'SRCU grace periods: 2',
      ],
    ],
    [
      'guest_memfd files',
      [
        'A: 1024 pages, 6 present',
        '  file: 0',
        '  size: 0x400000 (1024 pages)',
        '  flags: none',
        '  references: 2',
        '  open: yes',
        '  pages present: 0x1fe..0x204',
        '    0x1fe..0x204: pfn 0x200..0x206',
        '  bindings: 0x0..0x200, 0x200..0x300',
        '    0x0..0x200: slot 0',
        '    0x200..0x300: slot 1',
        '  zapped: none',
        '  freed: none',
        '  allocated: none',
      ],
    ],
    [
      'Page tables',
      [
        'root 0: loaded by vCPU 0',
        '  0x0..0x8000000: 1 table of 1G entries',
        '    0x80000..0xc0000: 1 table of 2M entries',
        '      0x80000..0x80200: 1 table of 4K entries',
        '        0x801fe..0x80200: 4K rwx-d, pfn 0x200..0x202, guest_memfd, slot 0',
        '      0x90000..0x90200: 1 table of 4K entries',
        '        0x90000..0x90004: 4K rwx-d, pfn 0x202..0x206, guest_memfd, slot 1',
      ],
    ],
    ['vCPUs', ['vCPU 0: root 0', '  root: root 0', '  MMIO cache: none', '  memory_fault: none']],
  ])('%s', async (scope, expected) => {
    expect((await (await inZap()).tree(scope)).split('\n')).toEqual(expected);
  });

  it('show the arguments of the statement, and the slots with their bindings', async () => {
    const client = await inZap();
    const outermost = (await client.stack()).length - 1;
    expect((await client.tree('Statement', outermost)).split('\n')).toEqual([
      'kind: punch',
      'name: A',
      'offset: 0x1ff000',
      'size: 0x3000',
    ]);
    expect(lines(await client.tree('Memslots'))[0]).toBe('slot 0: gfn 0x80000..0x80200 = A pages 0x0..0x200');
    expect(await client.tree('Memslots')).toContain('slot 1: gfn 0x90000..0x90100 = A pages 0x200..0x300');
  });

  it('show the locals of callers too', async () => {
    const client = await inZap();
    expect(await client.tree('Locals', 1)).toContain('slots: [0, 1]\n  0: 0\n  1: 1');
    expect(await client.tree('Locals', 1)).toContain('gfns: 0x801ff');
  });
});

describe('what a fresh or odd machine shows', () => {
  it('has no page tables before a vCPU ran, and everything is shared', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    expect(await client.tree('Page tables')).toBe('roots: none: no vCPU has run');
    expect(await client.tree('Memory attributes')).toBe('all gfns: shared');
    expect(await client.tree('Locks held')).toBe('locks: none');
    expect(await client.tree('Memslots')).toBe('');
  });

  it('names bad descriptors, closed files, userspace pages and MMIO', async () => {
    const client = new TestClient();
    await client.start(`vm sw-protected
gmem A size 64K
gmem B size 1
slot 0 gpa 0x80000000 size 64K gmem A offset 0
slot 1 gpa 0x90000000 size 4M thp
fault vcpu 0 write gpa 0x90000000
fault vcpu 0 read gpa 0x90201000
fault vcpu 0 read gpa 0xa0000000
close A
close A
`);
    while ((await client.stack())[0]!.line < 10) await client.move('next');
    expect(await client.tree('guest_memfd files')).toMatch(/^A: 16 pages, 0 present, closed$/m);
    expect(await client.tree('guest_memfd files')).toMatch(/^B: bad descriptor \(-1\)$/m);
    expect(await client.tree('Memslots')).toMatch(/^ {2}binding: a closed file pages 0x0..0x10$/m);
    expect(await client.tree('Userspace memory')).toMatch(/^memory of slot 1: 1024 pages, .*MADV_HUGEPAGE$/m);
    expect(await client.tree('Page tables')).toMatch(/2M rwxad, pfn .*, userspace, slot 1$/m);
    expect(await client.tree('Page tables')).toMatch(/4K mmio, generation \d+$/m);
  });
});

describe('large machines', () => {
  it('show 512 GiB as single rows', async () => {
    const client = new TestClient();
    await client.start(`vm sw-protected
gmem A size 512G
slot 0 gpa 0 size 512G gmem A offset 0
convert gpa 0 size 512G private
prefault vcpu 0 gpa 0 size 2M
`);
    for (let k = 0; k < 4; k++) await client.move('next');
    expect(await client.tree('Memory attributes')).toBe('0x0..0x8000000: private');
    expect((await client.tree('Page tables')).split('\n').length).toBeLessThan(8);
  });

  it('hand out long lists in parts', async () => {
    const client = new TestClient();
    const slots = Array.from({ length: 250 }, (_, id) => `slot ${id} gpa ${(id + 1) * 8192} size 4K`);
    await client.start(`vm sw-protected\n${slots.join('\n')}\n`);
    await client.request('setBreakpoints', {
      source: { path: '/scenarios/test.gmem' },
      breakpoints: [{ line: 251 }],
    });
    await client.move('continue');
    const scope = (await client.scopes()).find(({ name }) => name === 'Memslots')!;
    expect(scope.indexedVariables).toBe(249);
    const ask = (part: object) => client.variables(scope.variablesReference, part);
    expect((await ask({ filter: 'indexed', start: 100, count: 3 })).map(({ name }) => name)).toEqual([
      'slot 100',
      'slot 101',
      'slot 102',
    ]);
    expect((await ask({ filter: 'indexed', start: 240, count: 100 })).length).toBe(9);
    expect(await ask({ filter: 'indexed', start: 999, count: 100 })).toEqual([]);
    expect(await ask({ filter: 'named' })).toEqual([]);
    expect((await ask({})).length).toBe(249);
    const bad = { variablesReference: scope.variablesReference, filter: 'odd' };
    expect((await client.ask('variables', bad)).message).toContain('neither indexed nor named');
  });
});

describe('references', () => {
  it('stand for nothing once the scenario moved: the client is late, not wrong', async () => {
    const client = await inZap();
    const [frame] = await client.stack();
    const [scope] = await client.scopes();
    await client.move('stepIn');
    const { variablesReference } = scope!;
    expect(await client.request('scopes', { frameId: frame!.id })).toEqual({ scopes: [] });
    expect(await client.request('variables', { variablesReference })).toEqual({ variables: [] });
    await client.move('stepBack');
    expect(await client.request('scopes', { frameId: frame!.id })).toEqual({ scopes: [] });
  });

  it('are refused where they were never handed out', async () => {
    const client = await inZap();
    expect((await client.ask('scopes', { frameId: 99_999 })).message).toContain('never handed out');
    const unknown = { variablesReference: 99_999 };
    expect((await client.ask('variables', unknown)).message).toContain('never handed out');
  });
});
