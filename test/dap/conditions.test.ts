import { describe, expect, it } from 'vitest';
import { PROGRAM, TestClient } from './client';
import { HOLE, manyFaults, PUNCH } from './scenarios';

interface Rule {
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}

/** A session at its start, with a breakpoint on a procedure. */
async function withFunction(rule: Rule, name = 'kvm_unmap_gfn_range', text = HOLE) {
  const client = new TestClient();
  await client.start(text);
  const { breakpoints } = await client.request('setFunctionBreakpoints', {
    breakpoints: [{ name, ...rule }],
  });
  return { client, breakpoint: breakpoints[0] };
}

/** `start` of the zap that each stop is at, to the end. */
async function stops(client: TestClient): Promise<readonly string[]> {
  const found: string[] = [];
  while ((await client.move('continue')).event === 'stopped') found.push(await client.type('start'));
  return found;
}

const ALL = ['0x80000', '0x90000', '0x801ff', '0x90000'];

describe('a condition', () => {
  it.each([
    ['', ALL],
    ['start == 0x90000', ['0x90000', '0x90000']],
    ['start == 0x90000 && statement.kind == punch', ['0x90000']],
    ['slot(slot).gfns.has(start) && slot == 0', ['0x80000', '0x801ff']],
    ['in_progress && !zapped', ['0x80000', '0x90000', '0x801ff']],
    ['mmu_lock == write', ALL],
    ['end - start > 16', ['0x80000', '0x90000']],
    ['false', []],
  ])('%j lets through what meets it', async (condition, expected) => {
    const { client, breakpoint } = await withFunction({ condition });
    expect(breakpoint).not.toHaveProperty('message');
    expect(await stops(client)).toEqual(expected);
  });

  it('on a line of the scenario sees the arguments of the statement, and the machine before it', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    const breakpoints = [4, 5, 6, 7, 8].map((line) => ({
      line,
      condition: 'size == 2M && slots.count == 2',
    }));
    await client.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints });
    await client.move('continue');
    expect(await client.top()).toBe('convert gpa 0x80000000 size 2M private:7');
  });

  it.each([
    ['slto == 1', 'The condition `slto == 1` cannot be evaluated: Unknown name `slto`: did you mean `slot`?'],
    ['slot +', 'Expected a number, a name or a bracket, found the end.'],
    [
      'slot = 1',
      'The condition `slot = 1` cannot be evaluated: Assignment is not supported: write `==` to compare.',
    ],
    ['slots[9]', 'There is no item 9: the last is 1.'],
  ])('%j that is wrong stops, and is reported once', async (condition, problem) => {
    const { client } = await withFunction({ condition });
    const { body } = await client.move('continue');
    expect(body).toMatchObject({ reason: 'breakpoint', hitBreakpointIds: [1] });
    expect(body.text).toContain(problem);
    await client.move('continue');
    const told = client.events('output').filter((event) => event.body.category === 'important');
    expect(told.map((event) => event.body.output)).toEqual([expect.stringContaining(problem)]);
    expect(told[0]!.body.source.name).toBe('kvm_unmap_gfn_range');
  });

  it('that cannot be read says so of the breakpoint, which is there all the same', async () => {
    const { breakpoint } = await withFunction({ condition: '1 +' });
    expect(breakpoint).toMatchObject({
      verified: true,
      message: 'The condition cannot be read: Expected a number, a name or a bracket, found the end.',
    });
  });

  it('is judged going back as well', async () => {
    const { client } = await withFunction({ condition: 'start == 0x90000' });
    await client.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{ line: 14 }] });
    do await client.move('continue');
    while ((await client.stack())[0]!.line !== 14);
    await client.move('reverseContinue');
    expect([await client.type('start'), (await client.stack()).at(-1)!.line]).toEqual(['0x90000', PUNCH]);
    await client.move('reverseContinue');
    expect((await client.stack()).at(-1)!.line).toBe(8);
    expect((await client.move('reverseContinue')).body.description).toBe('At the start of the scenario');
  });
});

describe('a hit count', () => {
  it.each([
    ['3', ['0x801ff']],
    ['>= 3', ['0x801ff', '0x90000']],
    ['% 2', ['0x90000', '0x90000']],
    ['9', []],
  ])('%j picks among the hits', async (hitCondition, expected) => {
    const { client } = await withFunction({ hitCondition });
    expect(await stops(client)).toEqual(expected);
  });

  it('counts the hits that meet the condition', async () => {
    const { client } = await withFunction({ condition: 'slot == 1', hitCondition: '2' });
    await client.move('continue');
    expect((await client.stack()).at(-1)!.line).toBe(PUNCH);
  });

  it('counts from the start of the run, whenever it is set and from whichever side one comes', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    await client.nextToLine(14);
    const set = (hitCondition: string) =>
      client.request('setFunctionBreakpoints', {
        breakpoints: [{ name: 'kvm_unmap_gfn_range', hitCondition }],
      });
    await set('3');
    await client.move('reverseContinue');
    expect(await client.type('start')).toBe('0x801ff');
    await set('1');
    await client.move('reverseContinue');
    expect(await client.type('start')).toBe('0x80000');
    await set('4');
    await client.move('continue');
    expect([await client.type('start'), (await client.stack()).at(-1)!.line]).toEqual(['0x90000', PUNCH]);
    await client.move('stepBack');
    expect((await client.move('continue')).body.hitBreakpointIds).toHaveLength(1);
  });

  it('that is no number stops, and says what is wrong', async () => {
    const { client, breakpoint } = await withFunction({ hitCondition: 'often' });
    expect(breakpoint.verified).toBe(true);
    expect((await client.move('continue')).body.text).toContain(
      'The hit count `often` cannot be evaluated: Unknown name `often`. Known names include A, slots, spte(…), seq; type `help` in the console for the full list.',
    );
  });

  it('of many hits is counted by running, and can be paused meanwhile', async () => {
    const client = new TestClient();
    await client.start(manyFaults(600));
    await client.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{ line: 602 }] });
    await client.move('continue');
    await client.request('setFunctionBreakpoints', {
      breakpoints: [{ name: 'kvm_tdp_mmu_map', hitCondition: '7' }],
    });
    await client.request('reverseContinue', { threadId: 1 });
    expect((await client.move('pause')).body.reason).toBe('pause');
    await client.move('reverseContinue');
    expect((await client.stack()).at(-1)!.line).toBe(9);
  });
});

describe('a log message', () => {
  it('is printed with its values, and nothing stops', async () => {
    const { client } = await withFunction({
      logMessage: 'zap {slot}: {start}..{end} of {slot(slot).gfns}',
    });
    expect(await stops(client)).toEqual([]);
    const logged = client.events('output').filter((event) => event.body.category === 'console');
    expect(logged.map((event) => event.body.output)).toEqual([
      'zap 0: 0x80000..0x80200 of 0x80000..0x80200\n',
      'zap 1: 0x90000..0x90100 of 0x90000..0x90100\n',
      'zap 0: 0x801ff..0x80200 of 0x80000..0x80200\n',
      'zap 1: 0x90000..0x90002 of 0x90000..0x90100\n',
    ]);
    expect(logged[0]!.body).toMatchObject({ source: { name: 'kvm_unmap_gfn_range' }, line: 6 });
    // It stands behind what was done before.
    const lines = client.events('output').map((event) => event.body.output);
    expect(lines.findIndex((line) => line.startsWith('zap 0: 0x801ff'))).toBe(
      lines.findIndex((line) => line.startsWith('prefault vcpu 0 gpa 0x90000000')) + 1,
    );
  });

  it('is printed when its condition and its hit count say so', async () => {
    const { client } = await withFunction({ condition: 'slot == 1', hitCondition: '2', logMessage: 'here' });
    expect(await stops(client)).toEqual([]);
    expect(client.events('output').filter((event) => event.body.output === 'here\n')).toHaveLength(1);
  });

  it('is not printed going back', async () => {
    const { client } = await withFunction({ logMessage: 'here' });
    await client.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{ line: 14 }] });
    await client.move('continue');
    await client.move('reverseContinue');
    expect(client.events('output').filter((event) => event.body.output === 'here\n')).toHaveLength(4);
  });

  it('says in its place what cannot be evaluated', async () => {
    const { client } = await withFunction({ logMessage: 'zap {slto}' });
    expect(await stops(client)).toEqual([]);
    const texts = client.events('output').map((event) => event.body.output);
    expect(texts).toContain('zap {Unknown name `slto`: did you mean `slot`?}\n');
  });
});

describe('a breakpoint on a function', () => {
  it.each([
    ['kvm_gmem_punch_hole', true, undefined],
    ['fallocate', true, undefined],
    [' fallocate(2) ', true, undefined],
    ['ioctl(KVM_SET_MEMORY_ATTRIBUTES)', true, undefined],
    ['kvm_gmem_punch_hol', false, /called kvm_gmem_punch_hol: did you mean kvm_gmem_punch_hole\?$/],
    ['nothing', false, /called nothing\.$/],
  ])('%j', async (name, verified, message) => {
    const { breakpoint } = await withFunction({}, name);
    expect(breakpoint.verified).toBe(verified);
    if (message !== undefined) expect(breakpoint.message).toMatch(message);
  });
});
