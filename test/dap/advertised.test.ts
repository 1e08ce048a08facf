import { describe, expect, it } from 'vitest';
import { CAPABILITIES } from '../../src/dap/capabilities';
import { TestClient } from './client';
import { HOLE, PUNCH, REFUSED } from './scenarios';

/** What a client that goes by the capabilities would do with each of those that the debugger has. */

type Advertised = {
  [K in keyof typeof CAPABILITIES]: (typeof CAPABILITIES)[K] extends true ? K : never;
}[keyof typeof CAPABILITIES];

const CONFIGURED = { path: '/scenarios/test.gmem' };

/** The client stands before the hole. */
const USES: Readonly<Record<Advertised, (client: TestClient) => Promise<unknown>>> = {
  supportsConfigurationDoneRequest: async () => {
    const client = new TestClient({ '/a.gmem': HOLE });
    await client.initialize();
    await client.request('launch', { program: '/a.gmem' });
    expect(client.events('stopped')).toEqual([]);
    expect((await client.move('configurationDone', {})).body.reason).toBe('entry');
  },
  supportsRestartRequest: async (client) => {
    expect((await client.move('restart', {})).body.reason).toBe('entry');
  },
  supportsLoadedSourcesRequest: async (client) => {
    const { sources } = await client.request('loadedSources');
    const names = sources.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['test.gmem', 'kvm_gmem_punch_hole']));
  },
  supportsCancelRequest: async (client) => {
    expect((await client.ask('cancel', { requestId: 1 })).success).toBe(true);
  },
  supportsStepBack: async (client) => {
    await client.move('stepBack');
    expect((await client.stack())[0]!.line).toBe(PUNCH - 2);
    expect((await client.move('reverseContinue')).body.description).toBe('At the start of the scenario');
  },
  supportsSteppingGranularity: async (client) => {
    await client.move('next', { threadId: 1, granularity: 'instruction' });
    expect((await client.stack()).length).toBeGreaterThan(1);
  },
  supportsStepInTargetsRequest: async (client) => {
    const [frame] = await client.stack();
    const { targets } = await client.request('stepInTargets', { frameId: frame!.id });
    const { id } = targets.find(({ label }: { label: string }) => label === 'kvm_gmem_invalidate_begin');
    await client.move('stepIn', { threadId: 1, targetId: id });
    expect(await client.top()).toContain('kvm_gmem_invalidate_begin');
  },
  supportsGotoTargetsRequest: async (client) => {
    const { targets } = await client.request('gotoTargets', { source: CONFIGURED, line: 7 });
    expect((await client.move('goto', { threadId: 1, targetId: targets[0].id })).body.reason).toBe('goto');
    expect((await client.stack())[0]!.line).toBe(7);
  },
  supportsRestartFrame: async (client) => {
    await client.move('stepIn');
    await client.move('next');
    const [frame] = await client.stack();
    await client.move('restartFrame', { frameId: frame!.id });
    expect((await client.stack())[0]!.name).toBe(frame!.name);
    expect((await client.stack())[0]!.line).toBeLessThan(frame!.line);
  },
  supportsFunctionBreakpoints: async (client) => {
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_unmap_gfn_range' }] });
    await client.move('continue');
    expect(await client.top()).toContain('kvm_unmap_gfn_range');
  },
  supportsConditionalBreakpoints: (client) =>
    stopsAt(client, { condition: 'slots.count == 2' }, 'slots.count == 3'),
  supportsHitConditionalBreakpoints: (client) => stopsAt(client, { hitCondition: '1' }, '2', 'hitCondition'),
  supportsLogPoints: async (client) => {
    const breakpoints = [{ line: PUNCH + 2, logMessage: '{slots.count} slots' }];
    await client.request('setBreakpoints', { source: CONFIGURED, breakpoints });
    await client.move('continue');
    expect(client.events('output').map(({ body }) => body.output)).toContain('2 slots\n');
  },
  supportsBreakpointLocationsRequest: async (client) => {
    const { breakpoints } = await client.request('breakpointLocations', {
      source: CONFIGURED,
      line: 1,
      endLine: 5,
    });
    expect(breakpoints.map(({ line }: { line: number }) => line)).toEqual([4, 5]);
  },
  supportsDataBreakpoints: async (client) => {
    const { dataId } = await client.request('dataBreakpointInfo', { name: 'slot(1).zapped' });
    await client.request('setDataBreakpoints', { breakpoints: [{ dataId }] });
    expect((await client.move('continue')).body.reason).toBe('data breakpoint');
  },
  supportsDataBreakpointBytes: async (client) => {
    const args = { name: '0x90000000', asAddress: true, bytes: 8192 };
    expect((await client.request('dataBreakpointInfo', args)).dataId).toBe('gfn 0x90000..0x90002');
  },
  supportsExceptionFilterOptions: async () => {
    const client = new TestClient();
    const filterOptions = [{ filterId: 'failed', condition: 'result == EEXIST' }];
    await client.start(REFUSED, {}, () =>
      client.request('setExceptionBreakpoints', { filters: [], filterOptions }),
    );
    expect((await client.move('continue')).body.reason).toBe('exception');
  },
  supportsExceptionInfoRequest: async () => {
    const client = new TestClient();
    await client.start(REFUSED, {}, () => client.request('setExceptionBreakpoints', { filters: ['failed'] }));
    await client.move('continue');
    expect(await client.request('exceptionInfo', { threadId: 1 })).toMatchObject({ exceptionId: 'EEXIST' });
  },
  supportsReadMemoryRequest: async (client) => {
    const body = await client.request('readMemory', { memoryReference: 'gpa:0x90000000', count: 4 });
    expect(body).toEqual({ address: '0x90000000', data: 'AAAAAA==' });
  },
  supportsEvaluateForHovers: async (client) => {
    expect((await client.evaluate('slots.count', 'hover')).body.result).toBe('2');
  },
  supportsClipboardContext: async (client) => {
    expect((await client.evaluate('slots.count', 'clipboard')).body.result).toBe('2');
  },
  supportsCompletionsRequest: async (client) => {
    const [frame] = await client.stack();
    const args = { frameId: frame!.id, text: 'slot(0).gf', column: 11 };
    const { targets } = await client.request('completions', args);
    expect(targets.map(({ label }: { label: string }) => label)).toContain('gfns');
  },
};

/** A breakpoint behind the hole stops with a rule, and not with another one. */
async function stopsAt(client: TestClient, rule: object, other: string, name = 'condition') {
  const set = (one: object) =>
    client.request('setBreakpoints', { source: CONFIGURED, breakpoints: [{ line: PUNCH + 2, ...one }] });
  await set(rule);
  expect((await client.move('continue')).body.reason).toBe('breakpoint');
  await client.move('stepBack');
  await set({ [name]: other });
  expect((await client.move('continue')).event).toBe('terminated');
}

describe('each capability that is advertised', () => {
  it.each(Object.entries(USES))('%s', async (_, use) => {
    const client = new TestClient();
    await client.start(HOLE);
    await client.nextToLine(PUNCH);
    await use(client);
  });

  it('is used above', () => {
    const advertised = Object.entries(CAPABILITIES).filter(([, value]) => value === true);
    expect(Object.keys(USES).sort()).toEqual(advertised.map(([name]) => name).sort());
  });
});
