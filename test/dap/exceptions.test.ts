import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TestClient } from './client';
import { REFUSED } from './scenarios';

const WRONG_MATH = `kernel linux-7.3 with range-math warn-and-skip
vm sw-protected
gmem A size 4M
slot 0 gpa 0x80000000 size 1M gmem A offset 2M
convert gpa 0x80000000 size 1M private
prefault vcpu 0 gpa 0x80000000 size 16K
punch A offset 1M size 2M
`;

const NEEDS_PRIVATE = `vm sw-protected
slot 0 gpa 0x80000000 size 1M
convert gpa 0x80000000 size 1M private
fault vcpu 0 read gpa 0x80001000
`;

const LIVELOCK = `kernel linux-6.12
vm default
slot 0 gpa 0x10000000 size 1M
slot 1 gpa 0x20000000 size 1M
fault vcpu 0 write gpa 0x10000000
delete slot 1
prefault vcpu 0 gpa 0x10000000 size 8K
`;

const FAILED_EXPECTATION = `vm default
gmem A size 0 => EINVAL
slot 0 gpa 0x80000000 size 1M => ok
discard slot 0 offset 0 size 4K => zapped slot 0 gfn 0x80000
`;

/** The VMSA is a guest's, and lies in the same 2M mapping of the direct map as the page to be zeroed. */
const KERNEL_FAULT = `kernel linux-7.3 with direct-map keep
vm sev-snp
gmem A size 2M
slot 0 gpa 0x80000000 size 2M gmem A offset 0
convert gpa 0x80000000 size 2M private
launch-finish
fault vcpu 0 write gpa 0x80000000 private
`;

const RMP_FAULT = readFileSync('examples/sev-snp/psmash.gmem', 'utf8');

function start(text: string, filters: readonly string[]) {
  const client = new TestClient();
  const configure = () => client.request('setExceptionBreakpoints', { filters });
  return client.start(text, {}, configure).then(() => client);
}

describe('exception filters', () => {
  it.each([
    ['failed', REFUSED, 4, 'EEXIST', 'overlaps the binding of slot 0'],
    ['failed', KERNEL_FAULT, 7, 'oops', 'the kernel stops'],
    ['failed', LIVELOCK, 7, 'livelock', 'KVM would retry forever'],
    [
      'failed-expectation',
      FAILED_EXPECTATION,
      4,
      'failed expectation',
      'Expected zapped slot 0 gfn 0x80000, but got zapped nothing.',
    ],
    ['memory-fault', NEEDS_PRIVATE, 4, 'KVM_EXIT_MEMORY_FAULT', 'gpa 0x80001000 (gfn 0x80001)'],
  ])('%s stops behind the statement', async (filter, text, line, what, words) => {
    const client = await start(text, [filter]);
    const { body } = await client.move('continue');
    expect(body).toMatchObject({ reason: 'exception', description: `Stopped at ${what}` });
    const [frame] = await client.stack();
    expect(frame!.name).toContain('(returned)');
    expect(frame!.line).toBe(line);
    const info = await client.request('exceptionInfo', { threadId: 1 });
    expect(info).toMatchObject({ exceptionId: what, breakMode: 'always', details: { typeName: filter } });
    expect(info.description).toContain(words);
    expect(client.outcomes().outcomes.at(-1)!.line0).toBe(line - 1);
    expect((await client.move('continue')).event).toBe('terminated');
  });

  it('warn stops behind the step that warned, inside the procedure', async () => {
    const client = await start(WRONG_MATH, ['warn']);
    const { body } = await client.move('continue');
    expect(body.reason).toBe('exception');
    expect((await client.stack())[0]!.name).toBe('kvm_gmem_invalidate_begin');
    const info = await client.request('exceptionInfo', { threadId: 1 });
    expect(info.description).toContain('WARN');
  });

  it.each([
    ['WARN', WRONG_MATH],
    ['oops', KERNEL_FAULT],
  ])('warn does not stop at a statement that expects %s', async (expectation, text) => {
    const client = await start(`${text.trimEnd()} => ${expectation}\n`, ['warn']);
    expect((await client.move('continue')).event).toBe('terminated');
  });

  it('warn stops at a fault of the kernel itself, too', async () => {
    const client = await start(KERNEL_FAULT, ['warn']);
    const { body } = await client.move('continue');
    expect(body).toMatchObject({ reason: 'exception', description: 'Stopped at kernel fault' });
    const info = await client.request('exceptionInfo', { threadId: 1 });
    expect(info).toMatchObject({ exceptionId: 'kernel fault', details: { typeName: 'warn' } });
    expect(info.description).toContain('kernel write to pfn 0x202');
    await client.move('stepBack');
    expect((await client.ask('exceptionInfo', { threadId: 1 })).success).toBe(false);
    expect((await client.move('continue')).body.reason).toBe('exception');
    expect((await client.move('continue')).event).toBe('terminated');
  });

  it.each(['memory-fault', 'warn', 'failed-expectation'])(
    '%s does not stop at a failure of another kind',
    async (filter) => {
      const client = await start(REFUSED, [filter]);
      expect((await client.move('continue')).event).toBe('terminated');
    },
  );

  it('a step over stops there as well, and a step back undoes the statement', async () => {
    const client = await start(REFUSED, ['failed']);
    await client.move('next');
    await client.move('next');
    expect((await client.move('next')).body.reason).toBe('exception');
    await client.move('stepBack');
    expect(await client.top()).toBe('slot 1 gpa 0x11000000 size 32K gmem A offset 16K:4');
    expect(client.outcomes().outcomes.length).toBe(2);
    expect((await client.ask('exceptionInfo', { threadId: 1 })).success).toBe(false);
    await client.move('next');
    await client.move('next');
    expect(await client.top()).toContain('convert');
  });

  it('rmp-fault stops behind the step that reports it', async () => {
    const client = await start(RMP_FAULT, ['rmp-fault']);
    const { body } = await client.move('continue');
    expect(body).toMatchObject({ reason: 'exception', description: 'Stopped at RMP fault' });
    expect(body.text).toContain('The RMP forbids the access of vCPU 0 to gpa 0x80200000');
    expect((await client.stack()).map(({ name }) => name)).toContain('npf_interception');
  });

  it('have conditions', async () => {
    const client = await start(REFUSED, []);
    const filter = (condition: string) =>
      client.request('setExceptionBreakpoints', {
        filters: [],
        filterOptions: [{ filterId: 'failed', condition }],
      });
    expect(await filter('result == EINVAL')).toEqual({ breakpoints: [{ verified: true }] });
    expect((await client.move('continue')).event).toBe('terminated');
    const again = await start(REFUSED, []);
    const options = [{ filterId: 'failed', condition: 'result == EEXIST && statement.kind == slot' }];
    await again.request('setExceptionBreakpoints', { filters: ['warn'], filterOptions: options });
    expect((await again.move('continue')).body.description).toBe('Stopped at EEXIST');
  });

  it.each([
    ['failed', 'result == EEXIST', 'result == EINVAL', REFUSED],
    ['failed-expectation', 'statement.kind == discard', 'statement.kind == punch', FAILED_EXPECTATION],
    ['memory-fault', 'statement.gpa == 0x80001000', 'statement.gpa == 0', NEEDS_PRIVATE],
    ['rmp-fault', 'page(statement.gpa).attribute == private', 'seq > 1000', RMP_FAULT],
    ['warn', 'statement.kind == punch', 'statement.kind == close', WRONG_MATH],
  ])('%s stops where %s, not where %s', async (filterId, met, failed, text) => {
    const run = async (condition: string) => {
      const client = await start(text, []);
      const filterOptions = [{ filterId, condition }];
      const { breakpoints } = await client.request('setExceptionBreakpoints', { filters: [], filterOptions });
      expect(breakpoints).toEqual([{ verified: true }]);
      const { event, body } = await client.move('continue');
      return event === 'stopped' ? body.reason : event;
    };
    expect(await run(met)).toBe('exception');
    expect(await run(failed)).toBe('terminated');
  });

  it('with a condition that is wrong stop, and say so', async () => {
    const client = await start(REFUSED, []);
    const filterOptions = [{ filterId: 'failed', condition: 'reslt == EINVAL' }];
    await client.request('setExceptionBreakpoints', { filters: [], filterOptions });
    expect((await client.move('continue')).body.description).toBe('Stopped at EEXIST');
    const told = client.events('output').filter(({ body }) => body.category === 'important');
    expect(told.map(({ body }) => body.output)).toEqual([expect.stringContaining('did you mean `result`?')]);
    const unread = [{ filterId: 'failed', condition: '1 +' }];
    const { breakpoints } = await client.request('setExceptionBreakpoints', {
      filters: [],
      filterOptions: unread,
    });
    expect(breakpoints).toEqual([{ verified: false, message: expect.stringContaining('cannot be read') }]);
  });

  it('stop going back as well, at the same place', async () => {
    const client = await start(REFUSED, ['failed']);
    await client.move('continue');
    const here = await client.top();
    await client.move('next');
    await client.move('next');
    expect((await client.move('reverseContinue')).body.description).toBe('Stopped at EEXIST');
    expect(await client.top()).toBe(here);
    expect((await client.move('reverseContinue')).body.description).toBe('At the start of the scenario');
  });

  it('are set but for those that do not exist or cannot be read', async () => {
    const client = await start(REFUSED, []);
    const { breakpoints } = await client.request('setExceptionBreakpoints', {
      filters: ['other', 'failed'],
      filterOptions: [{ filterId: 'warn', condition: '1 +' }],
    });
    expect(breakpoints).toEqual([
      { verified: false, message: 'There is no exception filter other.' },
      { verified: true },
      { verified: false, message: expect.stringContaining('The condition cannot be read') },
    ]);
    expect((await client.move('continue')).body.description).toBe('Stopped at EEXIST');
  });

  it('can be turned off while the scenario is suspended', async () => {
    const client = await start(REFUSED, ['failed']);
    await client.request('setExceptionBreakpoints', { filters: [] });
    expect((await client.move('continue')).event).toBe('terminated');
  });
});
