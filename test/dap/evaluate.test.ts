import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestClient } from './client';
import { HOLE, PUNCH } from './scenarios';

async function atPunch(): Promise<TestClient> {
  const client = new TestClient();
  await client.start(HOLE);
  await client.nextToLine(PUNCH);
  return client;
}

async function inZap(): Promise<TestClient> {
  const client = await atPunch();
  await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_unmap_gfn_range' }] });
  await client.move('continue');
  return client;
}

describe('evaluate', () => {
  it('gives a value with the rows that it has in the variables view', async () => {
    const client = await atPunch();
    const { body } = await client.evaluate('slot(1)');
    expect(body).toMatchObject({ result: 'gfn 0x90000..0x90100 = A pages 0x200..0x300', type: 'a slot' });
    const inView = (await client.tree('Memslots')).split('\n').slice(11);
    const rows = (await client.rowsOf(body.variablesReference)).split('\n');
    // The view has what the statement did to it besides.
    expect(inView.slice(0, rows.length + 1)).toEqual([
      `slot 1: ${body.result}`,
      ...rows.map((row) => `  ${row}`),
    ]);
  });

  it.each(['watch', 'hover', 'repl', 'clipboard', 'variables'])(
    'answers in the context %s',
    async (context) => {
      const client = await atPunch();
      expect((await client.evaluate('seq', context)).body.result).toBe('2');
    },
  );

  it('sees the locals of the frame, and without one none', async () => {
    const client = await inZap();
    expect((await client.evaluate('start', 'watch', 0)).body.result).toBe('0x801ff');
    expect((await client.evaluate('gfns.start', 'watch', 1)).body.result).toBe('0x801ff');
    expect((await client.evaluate('mode', 'watch', 3)).body.result).toBe('punch');
    expect((await client.evaluate('offset', 'watch', 4)).body.result).toBe('0x1ff000');
    expect((await client.evaluate('start', 'watch', 4)).success).toBe(false);
    expect((await client.ask('evaluate', { expression: 'start' })).success).toBe(false);
    expect((await client.ask('evaluate', { expression: 'slots' })).body.result).toBe('slot 0, slot 1');
  });

  it('knows the pages in the locals by their pfn', async () => {
    const client = await atPunch();
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_tdp_mmu_map' }] });
    await client.move('continue');
    const { result } = (await client.evaluate('page')).body;
    expect(result).toBe('pfn 0x206, backing gmem, writable true, maxLevel 4K');
    expect((await client.evaluate('page.pfn == pfn(gpa(gfn))')).body.result).toBe('true');
    expect(await client.tree('Locals')).toContain(`page: ${result}`);
  });

  it('knows what the last statement did, until the next one begins', async () => {
    const client = await atPunch();
    const values = async (...names: readonly string[]) =>
      Promise.all(names.map(async (name) => (await client.evaluate(name)).body.result));
    expect(await values('mapped', 'slot(1).mapped', 'zapped', 'result')).toEqual([
      '0x90000..0x90004',
      '0x90000..0x90004',
      'none',
      'ok',
    ]);
    expect((await client.evaluate('statement')).body.result).not.toContain('mapped');
    await client.move('stepIn');
    expect(await values('mapped', 'slot(1).mapped', 'zapped')).toEqual(['none', 'none', 'none']);
    expect(await values('statement.result')).toEqual(['none yet']);
    await client.move('stepOut');
    expect(await values('mapped', 'slot(1).zapped', 'zapped', 'flush')).toEqual([
      'none',
      '0x90000..0x90002',
      '0x801ff, 0x90000..0x90002',
      'yes',
    ]);
    await client.move('stepBack');
    expect(await values('mapped', 'zapped')).toEqual(['0x90000..0x90004', 'none']);
  });

  it('reports only what is wrong', async () => {
    const client = await atPunch();
    const { success, message, body } = await client.evaluate('slto');
    expect([success, message]).toEqual([false, 'Unknown name `slto`: did you mean `slot(…)`?']);
    expect(body.error.showUser).toBe(false);
  });

  it('of a frame that is gone says so in a watch; in the console it means what is there now', async () => {
    const client = await atPunch();
    const [frame] = await client.stack();
    await client.move('stepIn');
    const ask = (context: string) =>
      client.ask('evaluate', { expression: 'mode', context, frameId: frame!.id });
    expect((await ask('watch')).message).toBe('The scenario has moved on.');
    expect((await ask('repl')).body.result).toBe('punch');
  });

  it('runs no statement but in the console', async () => {
    const client = await atPunch();
    for (const context of ['watch', 'hover', 'clipboard']) {
      const { success, message } = await client.evaluate('punch A offset 0 size 4K', context);
      expect([success, message]).toEqual([false, 'Statements run only in the debug console.']);
    }
    expect(await client.top()).toContain('punch A offset 0x1ff000');
  });
});

/** Rows of the whole variables view, with the value that their expression has. */
async function rowsWithExpressions(client: TestClient, frame: number) {
  const found: { name: string; value: string; expression: string; result: string }[] = [];
  const walk = async (reference: number): Promise<void> => {
    for (const { name, value, evaluateName, variablesReference } of await client.variables(reference)) {
      if (evaluateName !== undefined) {
        const { success, message, body } = await client.evaluate(evaluateName, 'watch', frame);
        found.push({ name, value, expression: evaluateName, result: success ? body.result : `! ${message}` });
      }
      if (variablesReference !== 0) await walk(variablesReference);
    }
  };
  for (const { variablesReference } of await client.scopes(frame)) await walk(variablesReference);
  return found;
}

describe('the expression of a row', () => {
  it.each([
    ['a hole', HOLE, 'kvm_unmap_gfn_range'],
    ['SEV-SNP', readFileSync('examples/sev-snp/psmash.gmem', 'utf8'), 'sev_handle_rmp_fault'],
    ['TDX', readFileSync('examples/tdx/accept.gmem', 'utf8'), 'kvm_tdp_mmu_map'],
    ['userspace memory', 'slot 0 gpa 0 size 4M thp\nfault vcpu 0 write gpa 0\n', 'kvm_tdp_mmu_map'],
    [
      'two VMs',
      `vm sw-protected
gmem A size 2M
slot 0 gpa 0 size 2M gmem A offset 0
convert gpa 0 size 2M private
fault vcpu 0 read gpa 0
vm sw-protected
gmem B size 2M
slot 3 gpa 0x80000000 size 2M gmem B offset 0
convert gpa 0x80000000 size 2M private
fault vcpu 0 read gpa 0x80000000
`,
      'kvm_tdp_mmu_map',
    ],
  ])('of %s gives what the row says', async (_, text, procedure) => {
    const client = new TestClient();
    await client.start(text);
    await client.request('setFunctionBreakpoints', {
      breakpoints: [{ name: procedure, hitCondition: '>= 1' }],
    });
    let last = await client.move('continue');
    for (let more = 0; more < 3 && last.event === 'stopped'; more++) {
      const frames = (await client.stack()).length;
      for (const frame of [0, frames - 1]) {
        const rows = await rowsWithExpressions(client, frame);
        expect(rows.length).toBeGreaterThan(20);
        // A row may say more, and one of a list says what it is in its name.
        const wrong = rows.filter(
          ({ name, value, result }) =>
            !value.startsWith(result) && name !== result && !value.endsWith(result),
        );
        expect(wrong).toEqual([]);
      }
      last = await client.move('continue');
    }
  });
});

describe('completions', () => {
  async function labels(client: TestClient, text: string, column = text.length + 1) {
    const frameId = (await client.stack())[0]!.id;
    const { targets } = await client.request('completions', { text, column, frameId });
    return (targets as { label: string }[]).map(({ label }) => label);
  }

  it('offer names, commands and statements at the beginning', async () => {
    const all = await labels(await atPunch(), '');
    for (const label of ['A', 'slots', 'spte', 'offset', 'back', 'who', 'help', 'punch', 'launch-update']) {
      expect(all).toContain(label);
    }
  });

  it('go on with what is there, and replace it', async () => {
    const client = await atPunch();
    const frameId = (await client.stack())[0]!.id;
    const { targets } = await client.request('completions', { text: '1 + A.pa', column: 9, frameId });
    expect(targets.find(({ label }: { label: string }) => label === 'pages')).toEqual({
      label: 'pages',
      type: 'field',
      detail: 'the allocated pages',
      sortText: '0003',
      start: 6,
      length: 2,
    });
    expect(await labels(client, 'slot(1).', 9)).toContain('zapped');
    expect(await labels(client, 'A.pages[0] + 1', 3)).toContain('bindings');
  });

  it('know how a statement goes on', async () => {
    const client = await atPunch();
    expect(await labels(client, 'punch ')).toEqual(['A']);
    expect(await labels(client, 'punch A ')).toEqual(['offset']);
    expect(await labels(client, 'slot 2 gpa 0 size 4K ')).toEqual(
      expect.arrayContaining(['gmem', 'readonly', 'thp']),
    );
    expect(await labels(client, 'fault vcpu ')).toEqual(['0']);
    expect(await labels(client, 'fault vcpu 0 wr')).toEqual(['read', 'write', 'exec']);
    expect(await labels(client, 'fault vcpu 0 read gpa ')).toEqual(['0x80000000', '0x90000000']);
    expect(await labels(client, 'delete slot ')).toEqual(['0', '1']);
  });

  it('are in the frame that is looked at, on the line of the cursor', async () => {
    const client = await inZap();
    expect((await labels(client, ''))[0]).toBe('slot');
    const frameId = (await client.stack())[0]!.id;
    const { targets } = await client.request('completions', { text: 'seq\nA.', line: 2, column: 3, frameId });
    expect(targets[0].label).toBe('id');
  });

  it('are answered wherever the cursor is said to be', async () => {
    const client = await atPunch();
    const text = fc.string({ maxLength: 20 });
    const place = fc.integer({ min: 0, max: 40 });
    const property = fc.asyncProperty(text, place, place, async (typed, line, column) => {
      const { success, message } = await client.ask('completions', { text: typed, line, column });
      if (!success) expect(message).not.toContain('failed');
    });
    await fc.assert(property, { seed: 1, numRuns: 200 });
  });
});

describe('the console', () => {
  it('has help', async () => {
    const text = await (await atPunch()).type('help');
    for (const word of ['back', 'who zapped', 'spte(gpa)', 'slots', 'Operators'])
      expect(text).toContain(word);
  });

  it.each([
    ['', '! The expression is empty.'],
    ['1 + 1', '2'],
    ['back', '! There is no branch to leave: this is the run of the scenario itself.'],
    [
      'who',
      '! Unknown name `who`. Known names include A, slots, spte(…), seq; type `help` in the console for the full list.',
    ],
    ['punch', "! expected the guest_memfd file's name"],
    ['slots.count * 2', '4'],
  ])('answers %j', async (line, answer) => {
    expect(await (await atPunch()).type(line)).toContain(answer);
  });
});
