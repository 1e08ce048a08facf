import { describe, expect, it } from 'vitest';
import { TestClient } from './client';

const SHARED = `vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
`;

const REPEATS = `kernel linux-7.3
${SHARED}race {
  task vcpu0 repeats {
    fault vcpu 0 write gpa 0x80000000
  }
  task vmm {
    punch A offset 0 size 4K
    punch A offset 0 size 4K
  }
}
`;

const STALE = `kernel linux-7.3 with retry-check off
${SHARED}race {
  task vcpu0 {
    fault vcpu 0 write gpa 0x80000000
  }
  task vmm {
    punch A offset 0 size 4K
  }
} => sometimes STALE
`;

const VCPU0 = { threadId: 1_000_001 };
const VMM = { threadId: 1_000_002 };

const BEGINS_IN_RACE =
  'There is no choice here: this what-if branch begins in the race. Leave it with `back` first.';

async function names(client: TestClient): Promise<readonly string[]> {
  return (await client.request('threads')).threads.map(({ name }: { name: string }) => name);
}

async function atRace(text: string): Promise<TestClient> {
  const client = new TestClient();
  await client.start(text);
  await client.nextToLine(8);
  return client;
}

/** The order in which the fault has read its page before the hole, as a scenario. */
async function staleOrder(client: TestClient): Promise<readonly string[]> {
  while (!(await names(client))[0]!.includes(': TP5 ')) await client.move('stepIn', VCPU0);
  await client.move('next', VMM);
  const { text, line } = await client.request('gmemscope/order');
  return text.split('\n').slice(line - 1);
}

const STALE_ORDER = [
  'fault vcpu 0 write gpa 0x80000000 until TP5 as vcpu0 => suspended at TP5',
  'punch A offset 0 size 4K => freed A page 0x0',
  'continue vcpu0 => mapped 4K gfn 0x80000 rwx, STALE gfn 0x80000',
  '',
];

describe('a branch that begins in a race', () => {
  it('runs if all calls of a task that repeats were made before', async () => {
    const client = await atRace(REPEATS);
    await client.move('next', VCPU0);
    await client.move('next', VMM);
    const before = await names(client);
    expect(await client.type('punch A offset 0 size 4K')).toBe('no page to free, no mapping to zap');
    expect(await names(client)).toEqual(['what if (a branch of the scenario)']);
    expect(await client.type('back')).toMatch(/^Back on line/);
    expect(await names(client)).toEqual(before);
  });

  it('has no choices, with the reason', async () => {
    const client = await atRace(REPEATS);
    await client.type('punch A offset 0 size 4K');
    await client.move('next');
    await client.type('fault vcpu 1 read gpa 0x80002000');
    expect(await names(client)).toEqual(['what if (a branch of the scenario)']);
    for (const [command, args] of [
      ['stepIn', VMM],
      ['next', VCPU0],
      ['gmemscope/nextChoice', VMM],
      ['gmemscope/nextChoice', {}],
      ['gmemscope/previousChoice', {}],
    ] as const) {
      expect((await client.ask(command, args)).message).toBe(BEGINS_IN_RACE);
    }
    const [frame] = await client.stack();
    const { targets } = await client.request('stepInTargets', { frameId: frame!.id });
    expect(targets.map(({ label }: { label: string }) => label).join()).not.toContain('vmm');
    expect((await client.ask('gmemscope/order', {})).success).toBe(false);
  });
});

describe('a branch that begins above a race', () => {
  it('has choices, and leaves those of the scenario alone', async () => {
    const client = new TestClient();
    await client.start(STALE);
    await client.nextToLine(5);
    await client.type('slot 1 gpa 0x90000000 size 64K');
    await client.type('delete slot 0');
    await client.nextToLine(8);
    expect((await names(client)).length).toBe(2);
    await client.move('gmemscope/nextChoice', VCPU0);
    await client.type('back');
    if ((await names(client))[0] !== 'scenario') await client.type('back');
    await client.nextToLine(8);
    expect(await staleOrder(client)).toEqual(STALE_ORDER);
  });
});
