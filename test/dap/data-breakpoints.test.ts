import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TestClient } from './client';
import { HOLE, PUNCH } from './scenarios';

async function started(text = HOLE): Promise<TestClient> {
  const client = new TestClient();
  await client.start(text);
  return client;
}

async function watching(breakpoints: readonly object[], text = HOLE): Promise<TestClient> {
  const client = await started(text);
  await client.request('setDataBreakpoints', { breakpoints });
  return client;
}

/** What each stop says, to the end. */
async function hits(client: TestClient): Promise<readonly string[]> {
  const found: string[] = [];
  for (;;) {
    const { event, body } = await client.move('continue');
    if (event !== 'stopped') return found;
    expect(body.reason).toBe('data breakpoint');
    found.push(body.description);
  }
}

const MAPPED_1 = 'slot 1: mapped 4K gfn 0x90000..0x90004 rwx-d';
const ZAPPED_1 = 'slot 1: zapped 4K gfn 0x90000..0x90002, was rwx-d';

describe('a data breakpoint', () => {
  it.each([
    [
      'slot 1',
      [
        'slot 1: created slot 1, base gfn 0x90000',
        'slot 1: converted gfn 0x90000..0x90100 to private',
        MAPPED_1,
        ZAPPED_1,
        'slot 1: mapped 4K gfn 0x90000 rwxad',
      ],
    ],
    ['slot 1 zapped', [ZAPPED_1]],
    ['slot 7', []],
    ['gfn 0x90001 mapped', ['gfn 0x90001: mapped 4K gfn 0x90000..0x90004 rwx-d']],
    ['gfn 0x90002..0x90010 zapped', []],
    ['gfn 0x90000..0x90200 converted', ['gfn 0x90000..0x90200: converted gfn 0x90000..0x90100 to private']],
    ['A page 0x200 freed', ['A page 0x200: freed A pages 0x1ff..0x202']],
    [
      'A pages 0x0..0x400 allocated',
      [
        'A pages 0x0..0x400: allocated A pages 0x1fe..0x200',
        'A pages 0x0..0x400: allocated A pages 0x200..0x204',
        'A pages 0x0..0x400: allocated A page 0x200',
      ],
    ],
    ['A page 0x200 zapped', ['A page 0x200: zapped 4K gfn 0x90000..0x90002, was rwx-d']],
    [
      'anything zapped',
      ['anything: zapped 4K gfn 0x801ff, was rwx-d', 'anything: zapped 4K gfn 0x90000..0x90002, was rwx-d'],
    ],
  ])('on %s stops behind each step that changes it', async (dataId, expected) => {
    expect(await hits(await watching([{ dataId, accessType: 'write' }]))).toEqual(expected);
  });

  it('stops at a memory error', async () => {
    const text = `${HOLE}poison A offset 0x203000\n`;
    const client = await watching([{ dataId: 'A pages 0x200..0x210 poisoned' }], text);
    expect(await hits(client)).toEqual(['A pages 0x200..0x210: poisoned A page 0x203']);
  });

  it('says what happened, in which procedure and step, by which statement', async () => {
    const client = await watching([{ dataId: 'slot 1 zapped' }]);
    const { body } = await client.move('continue');
    expect(body).toMatchObject({ hitBreakpointIds: [1], description: ZAPPED_1 });
    expect(body.text).toBe(
      'zapped 4K gfn 0x90000..0x90002, was rwx-d: by kvm_unmap_gfn_range, UZ1, ' +
        `in \`punch A offset 0x1ff000 size 12K\` (line ${PUNCH})`,
    );
    expect(client.events('output').at(-1)!.body.output).toBe(`slot 1: ${body.text}\n`);
    expect((await client.stack())[0]!.name).toBe('kvm_gmem_invalidate_begin');
  });

  it('going back stops at the step that did it: who zapped this last?', async () => {
    const client = await started();
    await client.nextToLine(14);
    await client.request('setDataBreakpoints', { breakpoints: [{ dataId: 'gfn 0x90001 zapped' }] });
    const { body } = await client.move('reverseContinue');
    expect(body).toMatchObject({
      reason: 'data breakpoint',
      hitBreakpointIds: [1],
      description: 'gfn 0x90001: zapped 4K gfn 0x90000..0x90002, was rwx-d',
    });
    const [top] = await client.stack();
    expect(top!.name).toBe('kvm_unmap_gfn_range');
    expect(await client.type('spte(0x90001000).access')).toBe('rwx-d');
    await client.move('stepIn');
    expect(await client.type('spte(0x90001000)')).toBe('not mapped');
    expect((await client.move('reverseContinue')).body.description).toContain('zapped');
    expect((await client.move('reverseContinue')).body.description).toBe('At the start of the scenario');
  });

  it('has a condition, in which the change is known, and a hit count', async () => {
    const change = await watching([{ dataId: 'slot 1', condition: 'change.mapped && !change.zapped' }]);
    expect((await hits(change))[0]).toBe(MAPPED_1);
    const third = await watching([{ dataId: 'slot 1', hitCondition: '4' }]);
    expect(await hits(third)).toEqual([ZAPPED_1]);
    const procedure = await watching([
      { dataId: 'slot 1', condition: 'change.procedure == "kvm_unmap_gfn_range"' },
    ]);
    expect(await hits(procedure)).toEqual([ZAPPED_1]);
  });

  it('with a condition that is wrong stops, and says so', async () => {
    const client = await watching([{ dataId: 'slot 1', condition: 'chnge.mapped' }]);
    expect((await client.move('continue')).body.text).toContain('did you mean `change`?');
  });

  it.each([
    ['nonsense', 'nonsense cannot be watched: write a watch such as slot 0 or gfn'],
    ['B page 0x0', 'The scenario has no file B.'],
  ])('on %s is not there, and says why', async (dataId, message) => {
    const client = await started();
    const { breakpoints } = await client.request('setDataBreakpoints', { breakpoints: [{ dataId }] });
    expect(breakpoints[0]).toMatchObject({ verified: false, message: expect.stringContaining(message) });
    expect((await client.move('continue')).event).toBe('terminated');
  });

  it('for reads is not there: nothing tells of them', async () => {
    const client = await started();
    const breakpoints = [{ dataId: 'slot 0', accessType: 'read' }];
    const body = await client.request('setDataBreakpoints', { breakpoints });
    expect(body.breakpoints[0]).toMatchObject({
      verified: false,
      message: expect.stringContaining('Reads'),
    });
  });

  it('is for its own VM', async () => {
    const text = `vm sw-protected
slot 0 gpa 0x80000000 size 1M
vm sw-protected
slot 0 gpa 0x80000000 size 1M
fault vcpu 0 write gpa 0x80000000
switch vm 0
fault vcpu 0 write gpa 0x80000000
`;
    const client = await watching([{ dataId: 'vm 1 gfn 0x80000 mapped' }], text);
    await client.move('continue');
    expect((await client.stack()).at(-1)!.line).toBe(5);
    expect((await client.move('continue')).event).toBe('terminated');
  });

  it('on entries of the RMP stops at what the host and the guest do to them', async () => {
    const text = readFileSync('examples/sev-snp/psmash.gmem', 'utf8');
    const client = await watching([{ dataId: 'pfn 0x400..0x401' }], text);
    expect(await hits(client)).toEqual([
      'pfn 0x400: converted pfn 0x400..0x600 to private of ASID 1',
      'pfn 0x400: PVALIDATE adjusted the entry of pfn 0x400',
      'pfn 0x400: smashed pfn 0x400..0x600 from 2M to 4K',
      'pfn 0x400: converted pfn 0x400 to shared',
    ]);
  });
});

describe('what can be watched', () => {
  async function info(client: TestClient, args: object) {
    return client.request('dataBreakpointInfo', args);
  }

  it('is a row of the variables view', async () => {
    const client = await started();
    await client.nextToLine(PUNCH);
    const find = async (scope: string, ...path: readonly string[]) => {
      const found = (await client.scopes()).find(({ name }) => name === scope)!;
      let reference = found.variablesReference;
      for (const name of path.slice(0, -1)) {
        reference = (await client.variables(reference)).find((row) => row.name === name)!.variablesReference;
      }
      return (await info(client, { variablesReference: reference, name: path.at(-1) })).dataId;
    };
    expect(await find('Memslots', 'slot 1')).toBe('slot 1');
    expect(await find('Memslots', 'slot 1', 'zapped')).toBe('slot 1 zapped');
    expect(await find('Memslots', 'slot 1', 'gfns')).toBe('gfn 0x90000..0x90100');
    expect(await find('Memslots', 'slot 1', 'flags')).toBeNull();
    expect(await find('guest_memfd files', 'A')).toBe('A pages 0x0..0x400');
    expect(await find('guest_memfd files', 'A', 'freed')).toBe('A pages 0x0..0x400 freed');
    expect(await find('guest_memfd files', 'A', 'pages present', '0x1fe..0x204')).toBe(
      'A pages 0x1fe..0x204',
    );
    expect(await find('Memory attributes', '0x80000..0x80200')).toBe('gfn 0x80000..0x80200');
    const tables = ['root 0', '0x0..0x8000000', '0x80000..0xc0000', '0x90000..0x90200', '0x90000..0x90004'];
    expect(await find('Page tables', ...tables)).toBe('gfn 0x90000..0x90004');
    expect(await find('vCPUs', 'vCPU 0')).toBeNull();
  });

  it('is an expression, or what is written as in the list of breakpoints', async () => {
    const client = await started();
    await client.nextToLine(PUNCH);
    expect(await info(client, { name: 'slot(1)' })).toEqual({
      dataId: 'slot 1',
      description: 'slot 1: zapped, mapped, converted, …',
      accessTypes: ['write'],
      canPersist: true,
    });
    expect((await info(client, { name: 'gfn 0x90000 zapped' })).description).toBe('gfn 0x90000 zapped');
    expect(await info(client, { name: 'seq' })).toEqual({
      dataId: null,
      description: 'Only slots, files, gfns, host pages, and ranges of them can be watched.',
    });
    expect((await info(client, { name: 'slto' })).description).toContain(
      'Unknown name `slto`: did you mean `slot(…)`?',
    );
  });

  it.each([
    ['0x90000000', 8192, 'gfn 0x90000..0x90002'],
    ['0x90000fff', 2, 'gfn 0x90000..0x90002'],
    ['2415919104', 1, 'gfn 0x90000'],
    ['0x90000000', 0, 'gfn 0x90000'],
  ])('is %s + %d', async (name, bytes, dataId) => {
    const client = await started();
    expect((await info(client, { name, bytes, asAddress: true })).dataId).toBe(dataId);
  });

  it.each([
    ['nowhere', 1, 'nowhere is not an address: write an address such as 0x90000000.'],
    ['0xffffffffffffffff', 2, 'The range ends beyond 64 bits.'],
  ])('is not %s + %d', async (name, bytes, description) => {
    const client = await started();
    expect(await info(client, { name, bytes, asAddress: true })).toEqual({ dataId: null, description });
  });

  it('is so many bytes of an expression', async () => {
    const client = await started();
    await client.nextToLine(PUNCH);
    expect((await info(client, { name: 'slot(1).gfns', bytes: 8192 })).dataId).toBe('gfn 0x90000..0x90002');
  });
});

describe('who changed something last', () => {
  it.each([
    ['slot(1)', 'zapped', 'kvm_unmap_gfn_range', PUNCH],
    ['gfn 0x90003', 'mapped', 'kvm_tdp_mmu_map', 10],
    ['A', 'freed', 'truncate_inode_pages_range', PUNCH],
    ['gfn(0x90002000)', undefined, 'kvm_tdp_mmu_map', 10],
    ['slot(0)', 'created', 'kvm_set_memslot', 5],
  ])('%s %s', async (expression, what, procedure, line) => {
    const client = await started();
    await client.nextToLine(14);
    const stopped = await client.move('gmemscope/lastChange', { expression, what });
    expect(stopped.body.reason).toBe('data breakpoint');
    const stack = await client.stack();
    expect([stack[0]!.name, stack.at(-1)!.line]).toEqual([procedure, line]);
  });

  it('is nobody, and the scenario stays where it is', async () => {
    const client = await started();
    await client.nextToLine(PUNCH);
    const { body } = await client.move('gmemscope/lastChange', { expression: 'slot(1)', what: 'zapped' });
    expect(body.text).toBe('Nothing zapped slot 1 before this.');
    expect((await client.stack())[0]!.line).toBe(PUNCH);
  });

  it.each([
    ['seq', 'zapped', 'Only slots, files, gfns'],
    [
      'slot(0)',
      'freed',
      'It cannot be freed, only zapped, mapped, converted, rewritten, created, moved, deleted.',
    ],
    ['', 'zapped', 'The expression is empty.'],
  ])('of %j %s is refused', async (expression, what, message) => {
    const client = await started();
    await client.nextToLine(PUNCH);
    expect((await client.ask('gmemscope/lastChange', { expression, what })).message).toContain(message);
  });

  it('can be asked in the console', async () => {
    const client = await started();
    await client.nextToLine(14);
    expect(await client.type('who zapped slot(1)')).toContain('by kvm_unmap_gfn_range, UZ1, in `punch A');
    expect(await client.type('who moved A')).toContain('It cannot be moved');
    expect(await client.type('who zapped slot(0)')).toContain('0x801ff');
    expect(await client.type('who freed A')).toBe('Nothing freed A pages 0x0..0x400 before this.');
  });
});
