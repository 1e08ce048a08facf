import { describe, expect, it } from 'vitest';
import { PROGRAM, TestClient } from './client';
import { HOLE } from './scenarios';

function set(client: TestClient, lines: readonly number[], path = PROGRAM) {
  const breakpoints = lines.map((line) => ({ line }));
  return client.request('setBreakpoints', { source: { path }, breakpoints });
}

describe('breakpoints on statements', () => {
  it.each([
    ['a statement', 5, 5],
    ['a comment', 1, 4],
    ['`kernel` and `vm`, which make no call', 2, 4],
    ['an empty line', 11, 12],
    ['the second line of a statement', 13, 14],
  ])('on %s', async (_, line, verified) => {
    const client = new TestClient();
    await client.start(HOLE);
    const { breakpoints } = await set(client, [line]);
    expect(breakpoints).toEqual([
      { id: 1, verified: true, line: verified, source: { name: 'test.gmem', path: PROGRAM } },
    ]);
    if (verified === 4) return;
    const { body } = await client.move('continue');
    expect(body).toMatchObject({ reason: 'breakpoint', hitBreakpointIds: [1] });
    expect((await client.stack())[0]!.line).toBe(verified);
  });

  it('behind the last statement say why they stop nowhere', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    const { breakpoints } = await set(client, [15]);
    const message = 'No statement starts on this line or below it.';
    expect(breakpoints).toEqual([{ id: 1, verified: false, message }]);
  });

  it('in another file stop nowhere', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    const { breakpoints } = await set(client, [5], '/scenarios/other.gmem');
    expect(breakpoints[0]).toMatchObject({
      verified: false,
      message: 'This is not the scenario being debugged.',
    });
    expect((await client.move('continue')).event).toBe('terminated');
  });

  it('set before launch are found when the scenario is loaded', async () => {
    const client = new TestClient({ [PROGRAM]: HOLE });
    await client.initialize();
    const { breakpoints } = await set(client, [11]);
    expect(breakpoints).toEqual([{ id: 1, verified: false, message: 'The scenario is not loaded yet.' }]);
    await client.request('launch', { program: PROGRAM, stopOnEntry: false });
    const { body } = await client.event('breakpoint');
    expect(body).toMatchObject({ reason: 'changed', breakpoint: { id: 1, verified: true, line: 12 } });
    expect((await client.move('configurationDone', {})).body.hitBreakpointIds).toEqual([1]);
  });

  it('are replaced as a whole', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    await set(client, [5, 6]);
    await set(client, [7]);
    await client.move('continue');
    expect((await client.stack())[0]!.line).toBe(7);
    await set(client, []);
    expect((await client.move('continue')).event).toBe('terminated');
  });

  it('count lines and columns as the client does', async () => {
    const client = new TestClient({ [PROGRAM]: HOLE });
    await client.initialize({ linesStartAt1: false, columnsStartAt1: false });
    await client.request('launch', { program: PROGRAM });
    expect((await set(client, [10])).breakpoints[0].line).toBe(11);
    await client.move('configurationDone', {});
    await client.move('continue');
    expect((await client.stack())[0]).toMatchObject({ line: 11, column: 0 });
  });

  it('with a column choose among the statements of a line', async () => {
    const client = new TestClient();
    await client.start('gmem A size 4K gmem B size 4K\ngmem C size 4K\n');
    const where = { source: { path: PROGRAM }, breakpoints: [{ line: 1, column: 5 }] };
    await client.request('setBreakpoints', where);
    await client.move('continue');
    expect((await client.stack())[0]).toMatchObject({ name: 'gmem B size 4K', line: 1, column: 16 });
  });

  it('can be asked for by range', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    const ask = (source: object, line: number, endLine: number) =>
      client.request('breakpointLocations', { source, line, endLine });
    const locations = (await ask({ path: PROGRAM }, 10, 14)).breakpoints;
    expect(locations).toEqual([10, 12, 14].map((line) => ({ line, column: 1 })));
    expect((await ask({ path: '/other' }, 1, 99)).breakpoints).toEqual([]);
  });
});

describe('breakpoints in listings', () => {
  async function listing(client: TestClient, procedure: string) {
    const { sources } = await client.request('loadedSources');
    return sources.find(({ name }: { name: string }) => name === procedure);
  }

  it('stop at the step on the line, and at the first one for the header', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    const source = await listing(client, 'kvm_gmem_punch_hole');
    const breakpoints = [{ line: 1 }, { line: 8 }, { line: 999 }];
    const body = await client.request('setBreakpoints', { source, breakpoints });
    expect(body.breakpoints).toMatchObject([
      { verified: true, line: 6, source: { sourceReference: source.sourceReference } },
      { verified: true, line: 8 },
      { verified: false, message: 'There is no step on this line or below it.' },
    ]);
    await client.move('continue');
    expect(await client.top()).toBe('kvm_gmem_punch_hole:6');
    await client.move('continue');
    expect(await client.top()).toBe('kvm_gmem_punch_hole:8');
  });

  it('can be asked for', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    const source = await listing(client, 'kvm_unmap_gfn_range');
    const { breakpoints } = await client.request('breakpointLocations', { source, line: 1, endLine: 99 });
    expect(breakpoints).toEqual([6, 7, 8].map((line) => ({ line, column: 1 })));
  });

  it('interrupt a step over', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_gmem_create' }] });
    expect((await client.move('next')).body.reason).toBe('breakpoint');
    expect(await client.top()).toBe('kvm_gmem_create:6');
  });
});

describe('breakpoints on functions', () => {
  it('stop at the first step, and unknown names say so', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    const body = await client.request('setFunctionBreakpoints', {
      breakpoints: [{ name: 'kvm_gmem_invalidate_begin' }, { name: 'kvm_nothing' }],
    });
    expect(body.breakpoints).toMatchObject([
      { verified: true, source: { name: 'kvm_gmem_invalidate_begin' } },
      { verified: false, message: 'No procedure of the simulated kernel is called kvm_nothing.' },
    ]);
    await client.move('continue');
    expect((await client.stack())[0]!.name).toBe('kvm_gmem_invalidate_begin');
  });
});
