import { describe, expect, it } from 'vitest';
import { type Message, PROGRAM, TestClient } from './client';

/** The deletion makes the root of the prefault obsolete, then waits for its SRCU section. */
const HANGS = `kernel linux-7.3
vm default vcpus 2
slot 0 gpa 0x80000000 size 64K
slot 1 gpa 0xa0000000 size 64K
fault vcpu 0 write gpa 0xa0000000
race {
  task vcpu0 { prefault vcpu 0 gpa 0x80000000 size 8K }
  task vmm { delete slot 1 }
}
fault vcpu 1 read gpa 0x80000000
`;

const NEVER_ENDS = 'vcpu0 never ends, and no other task can step';

const VCPU0 = { threadId: 1_000_001 };
const VMM = { threadId: 1_000_002 };

async function names(client: TestClient): Promise<readonly string[]> {
  return (await client.request('threads')).threads.map(({ name }: { name: string }) => name);
}

function texts(client: TestClient): string {
  const { outcomes } = client.outcomes();
  return outcomes.map(({ text }) => text).join('\n');
}

function printed(client: TestClient): string {
  return client.events('output').at(-1)!.body.output;
}

async function stepTo(client: TestClient, task: typeof VCPU0, label: string): Promise<void> {
  const at = task.threadId - VCPU0.threadId;
  while (!(await names(client))[at]!.includes(`: ${label} `)) await client.move('stepIn', task);
}

/** Up to where the prefault retries and the deletion waits for it, or is about to. */
async function beforeHang(isBlocked = false): Promise<TestClient> {
  const client = new TestClient();
  await client.start(HANGS);
  await client.nextToLine(7);
  await stepTo(client, VMM, 'Z1');
  await stepTo(client, VCPU0, 'PF4s');
  await stepTo(client, VMM, isBlocked ? 'D4' : 'SW2w');
  if (isBlocked) await client.move('stepOut', VMM);
  return client;
}

/** Steps the prefault out of its procedures until the run ends. */
async function hang(client: TestClient): Promise<Message> {
  for (;;) {
    const stop = await client.move('stepOut', VCPU0);
    if (stop.body?.description !== undefined) return stop;
  }
}

describe('a call of a race that retries forever', () => {
  it.each([
    [true, 'livelock: KVM would retry forever'],
    [false, 'retries while vmm is suspended'],
  ])('ends the run if no other task can go on, without a signal (blocked: %s)', async (isBlocked, text) => {
    const client = await beforeHang(isBlocked);
    for (let round = 0; round < 3; round++) {
      const { event, body } = await hang(client);
      expect([event, body.description]).toEqual(['stopped', `At the end: ${NEVER_ENDS}`]);
      expect((await names(client))[1]).toMatch(/^vmm \(waits for the SRCU readers, including vcpu0\)/);
      expect((await client.ask('stepIn', VMM)).message).toContain('vmm cannot run');
      expect(printed(client)).toBe(`${NEVER_ENDS}\n`);
    }
    expect(texts(client)).toContain(text);
    expect(texts(client)).not.toContain('EINTR');
  });

  it('is in the order that is written', async () => {
    const client = await beforeHang();
    await hang(client);
    await hang(client);
    const { text, line } = await client.request('gmemscope/order');
    const written = text.split('\n').slice(line - 1);
    expect(written.slice(0, 3)).toEqual([
      'delete slot 1 until Z1 as vmm => suspended at Z1',
      'prefault vcpu 0 gpa 0x80000000 size 8K until PF4s as vcpu0 => suspended at PF4s',
      'continue vmm until SW2w => suspended at SW2w, zapped all roots',
    ]);
    expect(written.join('\n')).toContain('continue vcpu0 => retries');
    expect(written.join('\n')).not.toContain('EINTR');
  });

  it('can be undone: in another order, both calls return', async () => {
    const client = await beforeHang();
    await hang(client);
    await hang(client);
    while (!(await names(client))[0]!.includes(': PF2 ')) await client.move('gmemscope/stepBackInto', {});
    await stepTo(client, VMM, 'SW2w');
    await client.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{ line: 10 }] });
    await client.move('continue');
    expect(texts(client)).not.toContain('livelock');
    expect(await names(client)).toEqual(['scenario']);
  });

  it('ends the session if it continues', async () => {
    const client = await beforeHang();
    expect((await client.move('continue', VCPU0)).event).toBe('terminated');
    expect(printed(client)).toBe(`${NEVER_ENDS}\n`);
  });
});
