import { describe, expect, it } from 'vitest';
import { TestClient } from './client';
import { HOLE, manyFaults, PUNCH, REFUSED } from './scenarios';

/** A client that stands before the `punch`. */
async function atPunch(): Promise<TestClient> {
  const client = new TestClient();
  await client.start(HOLE);
  for (let line = 4; line < 11; line++) await client.move('next');
  return client;
}

async function names(client: TestClient): Promise<string[]> {
  return (await client.stack()).map(({ name }) => name);
}

const PUNCH_NAME = 'punch A offset 0x1ff000 size 12K';
const FAULT_NAME = 'fault vcpu 0 read gpa 0x90000000';

describe('steps forward', () => {
  it('step over runs a whole statement', async () => {
    const client = await atPunch();
    expect(await client.top()).toBe(`${PUNCH_NAME}:${PUNCH}`);
    await client.move('next');
    expect(await names(client)).toEqual([FAULT_NAME]);
  });

  it('step into enters the system call, then what it calls', async () => {
    const client = await atPunch();
    await client.move('stepIn');
    expect(await names(client)).toEqual(['fallocate(2)', PUNCH_NAME]);
    while (!(await client.top()).startsWith('kvm_gmem_punch_hole')) await client.move('stepIn');
    expect(await names(client)).toEqual(['kvm_gmem_punch_hole', 'fallocate(2)', PUNCH_NAME]);
  });

  it('step over stays in the procedure, then comes to its caller', async () => {
    const client = await atPunch();
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_gmem_punch_hole' }] });
    await client.move('continue');
    const seen = new Set<string>();
    while ((await names(client)).length === 3) {
      seen.add((await names(client))[0]!);
      await client.move('next');
    }
    expect([...seen]).toEqual(['kvm_gmem_punch_hole']);
    expect(await names(client)).toEqual(['fallocate(2)', PUNCH_NAME]);
  });

  it('step out comes to the caller, and from a system call to the next statement', async () => {
    const client = await atPunch();
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_gmem_invalidate_begin' }] });
    await client.move('continue');
    expect((await names(client)).length).toBe(4);
    await client.move('stepOut');
    expect((await names(client))[0]).toBe('kvm_gmem_punch_hole');
    await client.move('stepOut');
    await client.move('stepOut');
    expect(await names(client)).toEqual([FAULT_NAME]);
  });

  it('step out of a statement finishes it', async () => {
    const client = await atPunch();
    await client.move('stepOut');
    expect(await names(client)).toEqual([FAULT_NAME]);
  });
});

describe('steps back', () => {
  it('a step back undoes a statement', async () => {
    const client = await atPunch();
    const before = await client.tree('Page tables');
    await client.move('next');
    expect(await client.tree('Page tables')).not.toBe(before);
    await client.move('stepBack');
    expect(await client.top()).toBe(`${PUNCH_NAME}:${PUNCH}`);
    expect(await client.tree('Page tables')).toBe(before);
  });

  it('inside a procedure it mirrors step over, up to the statement', async () => {
    const client = await atPunch();
    await client.move('stepIn');
    const forward: string[] = [];
    while ((await names(client)).length === 2) {
      forward.push(await client.top());
      await client.move('next');
    }
    await client.move('stepBack');
    await client.move('stepIn');
    for (let k = 1; k < forward.length; k++) await client.move('next');
    const back: string[] = [];
    while ((await names(client)).length === 2) {
      back.push(await client.top());
      await client.move('stepBack');
    }
    expect(back.toReversed()).toEqual(forward);
    expect(await client.top()).toBe(`${PUNCH_NAME}:${PUNCH}`);
  });

  it('from the first step of a procedure it comes to the step that called it', async () => {
    const client = await atPunch();
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_gmem_punch_hole' }] });
    await client.move('continue');
    await client.move('stepBack');
    expect((await names(client))[0]).toBe('fallocate(2)');
    await client.move('stepIn');
    expect((await names(client))[0]).toBe('kvm_gmem_punch_hole');
  });

  it('at the start there is nothing to go back to', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    for (const command of ['stepBack', 'reverseContinue']) {
      const { body } = await client.move(command);
      expect(body.description).toBe('At the start of the scenario');
    }
    expect(await client.top()).toBe('gmem A size 4M:4');
  });

  it('reverse continue stops at the latest breakpoint, then at the start', async () => {
    const client = await atPunch();
    await client.request('setBreakpoints', {
      source: { path: '/scenarios/test.gmem' },
      breakpoints: [{ line: 6 }, { line: 9 }],
    });
    const lines: number[] = [];
    for (let k = 0; k < 3; k++) {
      const { body } = await client.move('reverseContinue');
      lines.push((await client.stack())[0]!.line);
      expect(body.reason).toBe(k < 2 ? 'breakpoint' : 'step');
    }
    expect(lines).toEqual([9, 6, 4]);
  });

  it('reverse continue stops in listings too', async () => {
    const client = await atPunch();
    await client.move('next');
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_unmap_gfn_range' }] });
    await client.move('reverseContinue');
    const [frame] = await client.stack();
    expect(frame!.name).toBe('kvm_unmap_gfn_range');
    expect(await client.tree('Locals')).toContain('start: 0x90000');
  });
});

describe('the end of the scenario', () => {
  it('a step stops there once, and one can step back', async () => {
    const client = new TestClient();
    await client.start(REFUSED);
    for (let k = 0; k < 3; k++) await client.move('next');
    const { body } = await client.move('next');
    expect(body.description).toBe('At the end of the scenario');
    expect(await client.top()).toBe('convert gpa 0x10000000 size 4K private (returned):5');
    await client.move('stepBack');
    expect(await client.top()).toBe('convert gpa 0x10000000 size 4K private:5');
    await client.move('next');
    expect((await client.move('next')).event).toBe('terminated');
    expect((await client.event('exited')).body.exitCode).toBe(0);
  });

  it('continue ends the session, and what was done stays', async () => {
    const client = new TestClient();
    await client.start(REFUSED);
    expect((await client.move('continue')).event).toBe('terminated');
    expect(client.outcomes().outcomes.map(({ line0 }) => line0)).toEqual([1, 2, 3, 4]);
    expect(client.events('terminated').length).toBe(1);
    expect((await client.request('threads')).threads).toEqual([]);
  });
});

describe('a long run', () => {
  it('can be paused, and goes on from there', async () => {
    const client = new TestClient();
    await client.start(manyFaults(600), {});
    await client.request('continue', { threadId: 1 });
    expect((await client.ask('next', { threadId: 1 })).message).toContain('pause it first');
    const stopped = await client.move('pause');
    expect(stopped.body.reason).toBe('pause');
    const here = client.outcomes().outcomes.length;
    expect(here).toBeLessThan(601);
    await client.move('next');
    expect(client.outcomes().outcomes.length).toBeGreaterThanOrEqual(here);
    expect((await client.move('continue')).event).toBe('terminated');
    expect(client.events('output').length).toBe(601);
  });

  it('can be disconnected from', async () => {
    const client = new TestClient();
    await client.start(manyFaults(600), {});
    await client.request('continue', { threadId: 1 });
    await client.request('disconnect');
    const count = client.messages.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(client.messages.length).toBe(count);
    expect((await client.ask('next', { threadId: 1 })).message).toContain('has ended');
  });

  it('reports progress to a client that shows it', async () => {
    const client = new TestClient({ '/scenarios/test.gmem': manyFaults(1600) });
    await client.initialize({ supportsProgressReporting: true });
    await client.request('launch', { program: '/scenarios/test.gmem', stopOnEntry: false });
    await client.move('configurationDone', {});
    const ids = ['progressStart', 'progressUpdate', 'progressEnd'].map((name) =>
      client.events(name).map(({ body }) => body.progressId),
    );
    expect(ids[0]).toEqual(['1']);
    expect(new Set(ids[1])).toEqual(new Set(['1']));
    expect(ids[2]).toEqual(['1']);
  });
});
