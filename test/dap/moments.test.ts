import { describe, expect, it } from 'vitest';
import { PROGRAM, TestClient } from './client';
import { HOLE, manyFaults, PUNCH } from './scenarios';

async function atLine(line: number): Promise<TestClient> {
  const client = new TestClient();
  await client.start(HOLE);
  await client.nextToLine(line);
  return client;
}

async function inProcedure(name: string): Promise<TestClient> {
  const client = await atLine(PUNCH);
  await client.request('setFunctionBreakpoints', { breakpoints: [{ name }] });
  await client.move('continue');
  await client.request('setFunctionBreakpoints', { breakpoints: [] });
  return client;
}

async function names(client: TestClient): Promise<readonly string[]> {
  return (await client.stack()).map(({ name }) => name);
}

async function targets(client: TestClient, source: object, line: number) {
  return (await client.request('gotoTargets', { source, line })).targets as {
    id: number;
    label: string;
    line: number;
  }[];
}

async function listing(client: TestClient, procedure: string): Promise<object> {
  const { sources } = await client.request('loadedSources');
  return sources.find(({ name }: { name: string }) => name === procedure);
}

const THREAD = { threadId: 1 };

describe('jumping to a line of the scenario', () => {
  const jump = async (client: TestClient, line: number) => {
    const [target] = await targets(client, { path: PROGRAM }, line);
    return client.move('goto', { ...THREAD, targetId: target!.id });
  };

  it.each([
    ['back', 14, 5],
    ['forward', 5, 14],
    ['forward over a breakpoint', 5, 14],
    ['to where it is', 8, 8],
  ])('%s: from line %d to line %d', async (how, from, to) => {
    const client = await atLine(from);
    if (how.includes('breakpoint')) {
      await client.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{ line: 9 }] });
    }
    expect((await jump(client, to)).body.reason).toBe('goto');
    expect((await client.stack()).map(({ line }) => line)).toEqual([to]);
  });

  it('is the same moment as by stepping', async () => {
    const client = await atLine(14);
    const expected = [await client.tree('Page tables'), client.outcomes().outcomes];
    await jump(client, 4);
    await jump(client, 14);
    expect([await client.tree('Page tables'), client.outcomes().outcomes]).toEqual(expected);
  });

  it('from within a statement goes to before it', async () => {
    const client = await inProcedure('kvm_gmem_invalidate_begin');
    await jump(client, PUNCH);
    expect(await names(client)).toEqual(['punch A offset 0x1ff000 size 12K']);
  });

  it.each([
    [1, 'gmem A size 4M', 4],
    [13, 'fault vcpu 0 read gpa 0x90000000', 14],
    [99, undefined, undefined],
  ])('on line %d means %s', async (line, label, found) => {
    const [target] = await targets(await atLine(5), { path: PROGRAM }, line);
    expect([target?.label, target?.line]).toEqual([label, found]);
  });

  it('of another file is not offered', async () => {
    expect(await targets(await atLine(5), { path: '/other.gmem' }, 5)).toEqual([]);
  });

  it('from a branch leaves it where the line is before it, and stays on it where it is behind', async () => {
    const client = await atLine(PUNCH);
    await client.type('punch A offset 2M size 4K');
    await jump(client, 14);
    expect(await names(client)).toEqual(['on a branch: fault vcpu 0 read gpa 0x90000000']);
    await jump(client, 6);
    expect(await names(client)).toEqual(['slot 1 gpa 0x90000000 size 1M gmem A offset 2M']);
    expect(client.outcomes().outcomes.map(({ kind }) => kind)).toEqual(['statement', 'statement']);
  });

  it('from a branch that came off within the statement goes to before the statement', async () => {
    const client = await inProcedure('kvm_gmem_punch_hole');
    await client.type('fault vcpu 0 read gpa 0x90003000');
    await jump(client, PUNCH);
    expect(await names(client)).toEqual(['punch A offset 0x1ff000 size 12K']);
  });
});

describe('jumping to a step of a listing', () => {
  it('is to the next time that it is reached, or to the last time that it was', async () => {
    const client = await atLine(PUNCH);
    const source = await listing(client, 'kvm_unmap_gfn_range');
    const offered = await targets(client, source, 6);
    expect(offered.map(({ label }) => label)).toEqual([
      'The next time that this step is reached',
      'The last time that this step was reached',
    ]);
    await client.move('goto', { ...THREAD, targetId: offered[0]!.id });
    expect((await client.stack()).map(({ line }) => line).at(-1)).toBe(PUNCH);
    expect(await client.type('start')).toBe('0x801ff');
    const [, last] = await targets(client, source, 6);
    await client.move('goto', { ...THREAD, targetId: last!.id });
    expect([await client.type('start'), (await client.stack()).at(-1)!.line]).toEqual(['0x90000', 8]);
  });

  it.each([
    [0, 'does not reach this step again'],
    [1, 'has not reached this step before'],
  ])('that is never reached leaves the scenario where it is (%d)', async (which, message) => {
    const client = await atLine(PUNCH);
    const found = await targets(client, await listing(client, 'kvm_mmu_zap_all_fast'), 6);
    const { body } = await client.move('goto', { ...THREAD, targetId: found[which]!.id });
    expect(body).toMatchObject({ reason: 'goto', description: 'Not found' });
    expect(body.text).toContain(message);
    expect((await client.stack())[0]!.line).toBe(PUNCH);
    await client.move('next');
    expect((await client.stack())[0]!.line).toBe(14);
  });

  it('of a branch goes on in the past of the scenario', async () => {
    const client = await atLine(PUNCH);
    await client.type('fault vcpu 0 read gpa 0x90000000');
    const [, last] = await targets(client, await listing(client, 'kvm_gmem_create'), 6);
    await client.move('goto', { ...THREAD, targetId: last!.id });
    expect((await names(client)).at(-1)).toBe('gmem A size 4M');
  });

  it('with a target of before the last move is refused', async () => {
    const client = await atLine(PUNCH);
    const [target] = await targets(client, { path: PROGRAM }, 5);
    await client.move('next');
    const { message } = await client.ask('goto', { ...THREAD, targetId: target!.id });
    expect(message).toBe('The jump target is unknown: request the targets again.');
  });
});

describe('restarting a frame', () => {
  const restart = async (client: TestClient, frame: number) => {
    return client.move('restartFrame', { frameId: (await client.stack())[frame]!.id });
  };

  it.each([
    [0, 'kvm_unmap_gfn_range'],
    [1, 'kvm_gmem_invalidate_begin'],
    [2, 'kvm_gmem_punch_hole'],
    [3, 'fallocate(2)'],
    [4, 'punch A offset 0x1ff000 size 12K'],
  ])('of depth %d goes to its beginning', async (frame, top) => {
    const client = await inProcedure('kvm_unmap_gfn_range');
    await restart(client, frame);
    const [first, ...others] = await client.stack();
    expect(first!.name).toBe(top);
    expect(others.length).toBe(4 - frame);
    if (frame < 4) expect(first!.line).toBe(others.length === 3 ? 7 : 6);
  });

  it('goes to the entry of this call, not of one before it', async () => {
    const client = await inProcedure('kvm_unmap_gfn_range');
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_unmap_gfn_range' }] });
    await client.move('continue');
    await restart(client, 1);
    await client.move('continue');
    expect(await client.type('start')).toBe('0x801ff');
  });

  it('at its beginning stays there', async () => {
    const client = await atLine(PUNCH);
    const { body } = await restart(client, 0);
    expect(body.reason).toBe('goto');
    expect((await client.stack())[0]!.line).toBe(PUNCH);
  });

  it('under a what-if leaves the branch', async () => {
    const client = await inProcedure('kvm_gmem_punch_hole');
    await client.type('fault vcpu 0 read gpa 0x90003000');
    await client.move('stepBack');
    await restart(client, 2);
    expect(await names(client)).toEqual(['fallocate(2)', 'punch A offset 0x1ff000 size 12K']);
  });

  it('of before the last move is refused', async () => {
    const client = await atLine(PUNCH);
    const [frame] = await client.stack();
    await client.move('next');
    const { message } = await client.ask('restartFrame', { frameId: frame!.id });
    expect(message).toBe('The frame is unknown: request the stack again.');
  });
});

describe('stepping back', () => {
  it('over a call goes back over all of it', async () => {
    const client = await inProcedure('kvm_gmem_punch_hole');
    const before: string[] = [];
    while ((await names(client))[0] === 'kvm_gmem_punch_hole') {
      before.push(await client.top());
      await client.move('next');
    }
    // From the caller over all of it, and in again.
    await client.move('stepBack');
    expect((await names(client))[0]).toBe('fallocate(2)');
    await client.move('stepIn');
    for (let at = 1; at < before.length; at++) await client.move('next');
    const after: string[] = [];
    while ((await names(client))[0] === 'kvm_gmem_punch_hole') {
      after.push(await client.top());
      await client.move('stepBack');
    }
    expect(after.toReversed()).toEqual(before);
  });

  it.each(['statement', 'line', undefined])(
    'with granularity %s stays in its procedure',
    async (granularity) => {
      const client = await inProcedure('kvm_gmem_punch_hole');
      await client.move('next');
      await client.move('next');
      await client.move('stepBack', { ...THREAD, granularity });
      expect((await names(client))[0]).toBe('kvm_gmem_punch_hole');
    },
  );

  it('with granularity instruction goes back a single step, into what was called', async () => {
    const client = await inProcedure('kvm_gmem_punch_hole');
    await client.move('next');
    await client.move('next');
    const here = await client.tree('Page tables');
    await client.move('stepBack', { ...THREAD, granularity: 'instruction' });
    expect((await names(client))[0]).toBe('kvm_gmem_invalidate_begin');
    await client.move('next', { ...THREAD, granularity: 'instruction' });
    await client.move('gmemscope/stepBackInto', {});
    expect((await names(client))[0]).toBe('kvm_gmem_invalidate_begin');
    await client.move('stepIn', { ...THREAD, granularity: 'instruction' });
    expect((await names(client))[0]).toBe('kvm_gmem_punch_hole');
    expect(await client.tree('Page tables')).toBe(here);
    const { message } = await client.ask('stepBack', { ...THREAD, granularity: 'page' });
    expect(message).toBe('The granularity page is neither statement, line nor instruction.');
  });

  it('from a caller that is looked at goes back to before its call', async () => {
    const client = await inProcedure('kvm_unmap_gfn_range');
    await client.scopes(2);
    await client.move('stepBack');
    expect(await names(client)).toEqual([
      'kvm_gmem_punch_hole',
      'fallocate(2)',
      'punch A offset 0x1ff000 size 12K',
    ]);
    expect(await client.tree('MMU bookkeeping')).toContain('mmu_invalidate_in_progress: 0');
  });

  it('looks from the frame that the client says outright', async () => {
    const client = await inProcedure('kvm_unmap_gfn_range');
    const stack = await client.stack();
    await client.request('scopes', { frameId: stack[3]!.id });
    await client.request('gmemscope/focus', { frameId: stack[0]!.id });
    await client.move('stepBack');
    expect((await names(client))[0]).toBe('kvm_gmem_invalidate_begin');
    await client.request('gmemscope/focus', { frameId: stack[0]!.id });
  });

  it('out of a procedure comes to the call of it', async () => {
    const client = await inProcedure('kvm_gmem_invalidate_begin');
    await client.move('next');
    await client.move('next');
    await client.move('gmemscope/stepBackOut');
    expect(await names(client)).toEqual([
      'kvm_gmem_punch_hole',
      'fallocate(2)',
      'punch A offset 0x1ff000 size 12K',
    ]);
    await client.move('gmemscope/stepBackOut');
    await client.move('gmemscope/stepBackOut');
    expect(await names(client)).toEqual(['punch A offset 0x1ff000 size 12K']);
    await client.move('gmemscope/stepBackOut');
    expect((await client.stack())[0]!.line).toBe(10);
  });
});

describe('stepping into one of several procedures', () => {
  it('offers those that the statement enters from here, and goes straight into one', async () => {
    const client = await atLine(PUNCH);
    const offer = async () => {
      const frameId = (await client.stack())[0]!.id;
      return (await client.request('stepInTargets', { frameId })).targets as { id: number; label: string }[];
    };
    const offered = await offer();
    expect(offered.map(({ label }) => label)).toEqual([
      'fallocate(2)',
      'kvm_gmem_punch_hole',
      'kvm_gmem_invalidate_begin',
      'kvm_unmap_gfn_range',
      'truncate_inode_pages_range',
      'kvm_gmem_invalidate_end',
    ]);
    await client.move('stepIn', { ...THREAD, targetId: offered[3]!.id });
    expect((await names(client))[0]).toBe('kvm_unmap_gfn_range');
    expect((await offer()).map(({ label }) => label)).toEqual([
      'kvm_unmap_gfn_range',
      'truncate_inode_pages_range',
      'kvm_gmem_invalidate_end',
    ]);
    const { message } = await client.ask('stepIn', { ...THREAD, targetId: offered[0]!.id });
    expect(message).toBe('The procedure to step into is unknown.');
  });
});

describe('the timeline', () => {
  it('tells which moments are known, and goes to any of them', async () => {
    const client = await atLine(14);
    const known = await client.request('gmemscope/timeline');
    expect(known).toMatchObject({ tick: known.ticks - 1, branch: false });
    expect(known.statements).toHaveLength(9);
    await client.move('gmemscope/goTo', { tick: known.statements[4] });
    expect((await client.stack()).map(({ line }) => line)).toEqual([8]);
    expect(await client.request('gmemscope/timeline')).toEqual({ ...known, tick: known.statements[4] });
    await client.move('gmemscope/goTo', { tick: known.statements[7] + 5 });
    expect((await names(client)).length).toBeGreaterThan(1);
    expect((await client.stack()).at(-1)!.line).toBe(PUNCH);
    const some = await client.request('gmemscope/timeline', { firstStatement: 7 });
    expect(some.statements).toEqual(known.statements.slice(7));
    const { message } = await client.ask('gmemscope/goTo', { tick: known.ticks });
    expect(message).toBe(`The run has not reached tick ${known.ticks}: the last is ${known.ticks - 1}.`);
  });

  it('says whether one is on a branch, and where that came off', async () => {
    const client = await atLine(PUNCH);
    const { tick, ticks } = await client.request('gmemscope/timeline');
    await client.type('punch A offset 2M size 4K');
    expect(await client.request('gmemscope/timeline')).toMatchObject({ tick, ticks, branch: true });
    await client.move('gmemscope/goTo', { tick: 0 });
    expect(await names(client)).toEqual(['gmem A size 4M']);
    expect(await client.request('gmemscope/timeline')).toMatchObject({ tick: 0, ticks, branch: false });
  });
});

describe('what takes long', () => {
  async function running(): Promise<TestClient> {
    const client = new TestClient({ [PROGRAM]: manyFaults(900) });
    await client.initialize({ supportsProgressReporting: true });
    await client.request('launch', { program: PROGRAM });
    await client.move('configurationDone', {});
    await client.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{ line: 902 }] });
    return client;
  }

  it('is paused by the button of its progress', async () => {
    const client = await running();
    await client.request('continue', THREAD);
    const { body } = await client.event('progressStart');
    expect(body).toMatchObject({ cancellable: true });
    expect((await client.move('cancel', { progressId: body.progressId })).body.reason).toBe('pause');
  });

  it('is paused going back, where it has come to', async () => {
    const client = await running();
    await client.move('continue');
    await client.request('reverseContinue', THREAD);
    await client.event('progressStart', client.messages.length);
    await client.move('pause');
    const { line } = (await client.stack()).at(-1)!;
    expect(line).toBeLessThan(902);
    expect(line).toBeGreaterThan(3);
    await client.move('continue');
    expect((await client.stack())[0]!.line).toBe(902);
  });

  it('is given up as a request that waits for it', async () => {
    const client = await running();
    await client.move('continue');
    const frameId = (await client.stack())[0]!.id;
    const expression = 'who created slot(0)';
    const answer = client.ask('evaluate', { expression, context: 'repl', frameId });
    await client.event('continued');
    const requestId = client.lastSeq;
    await client.request('cancel', { requestId });
    expect((await answer).body.result).toBe('Stopped before it was found.');
  });

  it('ends with the session', async () => {
    const client = await running();
    await client.move('continue');
    const frameId = (await client.stack())[0]!.id;
    const answer = client.ask('evaluate', { expression: 'who created slot(0)', context: 'repl', frameId });
    await client.request('disconnect');
    expect((await answer).success).toBe(false);
  });

  it('cancelling what is over is nothing', async () => {
    const client = await running();
    expect(await client.request('cancel', { requestId: 1 })).toBeUndefined();
    expect(await client.request('cancel', {})).toBeUndefined();
    expect((await client.stack()).length).toBe(1);
  });
});
