import { DebugClient } from '@vscode/debugadapter-testsupport';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Installed, install } from '../editors/installed';

/** `gmemscope dap --stdio`, driven by the client with which VS Code's own debug adapters are tested. */

const SCENARIO = `vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
fault vcpu 0 write gpa 0x80001000 value 0xcafe
punch A offset 4K size 4K
gmem A size 1
`;
const PUNCH = 6;

let installed: Installed;
let program: string;
let adapter: string;
let client: DebugClient;

beforeAll(async () => {
  installed = await install();
  program = installed.write('scenario.gmem', SCENARIO);
  adapter = installed.write('adapter.sh', 'exec gmemscope dap --stdio\n');
}, 60_000);
afterAll(() => installed?.remove());

async function started(): Promise<DebugClient> {
  client = new DebugClient('sh', adapter, 'gmem', { env: installed.environment });
  client.defaultTimeout = 600_000;
  await client.start();
  return client;
}
/** Disconnects, and waits for the end of the process. */
afterEach(() => client?.stop());

describe('a client of the debug adapter that was not written here', () => {
  it('runs a scenario to its end', async () => {
    const session = await started();
    await Promise.all([
      session.configurationSequence(),
      session.launch({ program, stopOnEntry: false, noDebug: true }),
      session.assertOutput('stdout', 'gmem A size 4M: A: pages 0x0..0x400\n'),
      session.waitForEvent('terminated'),
    ]);
  });

  it('stops at a breakpoint, with its place and its stack', async () => {
    const session = await started();
    await session.hitBreakpoint({ program, stopOnEntry: false }, { path: program, line: PUNCH });
    const { body } = await session.stackTraceRequest({ threadId: 1 });
    expect(body.stackFrames[0]).toMatchObject({ line: PUNCH, source: { path: program } });
  });

  it('steps forwards and backwards, evaluates, and reads memory', async () => {
    const session = await started();
    await session.hitBreakpoint({ program, stopOnEntry: false }, { path: program, line: PUNCH });
    const read = async () => {
      const asked = { memoryReference: 'gpa:0x80001000', count: 2 };
      const { body } = await session.send('readMemory', asked);
      return Buffer.from(body.data, 'base64').toString('hex');
    };
    expect(await read()).toBe('feca');
    await Promise.all([session.nextRequest({ threadId: 1 }), session.waitForEvent('stopped')]);
    const { body } = await session.evaluateRequest({ expression: 'freed', context: 'watch' });
    expect(body.result).toBe('0x1');
    expect(await read()).toBe('0000');
    await Promise.all([session.stepBackRequest({ threadId: 1 }), session.waitForEvent('stopped')]);
    expect(await read()).toBe('feca');
  });

  it('stops at exceptions', async () => {
    const session = await started();
    await Promise.all([
      session
        .waitForEvent('initialized')
        .then(() => session.setExceptionBreakpointsRequest({ filters: ['failed'] }))
        .then(() => session.configurationDoneRequest()),
      session.launch({ program, stopOnEntry: false }),
      session.assertStoppedLocation('exception', { path: program, line: 7 }),
    ]);
  });
});
