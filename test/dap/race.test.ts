import { describe, expect, it } from 'vitest';
import { TestClient } from './client';

const RACE = `kernel linux-7.3 with retry-check off
vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private

race {
  task vcpu0 {
    fault vcpu 0 write gpa 0x80000000
    fault vcpu 0 read gpa 0x80001000
  }
  task vmm {
    punch A offset 0 size 4K
    allocate A offset 0 size 4K
  }
} => sometimes STALE

fault vcpu 1 read gpa 0x80000000
`;

interface Listed {
  readonly id: number;
  readonly name: string;
}

async function threads(client: TestClient): Promise<readonly Listed[]> {
  return (await client.request('threads')).threads;
}

async function threadOf(client: TestClient, task: string): Promise<number> {
  const found = (await threads(client)).find(
    ({ name }) => name.startsWith(`${task}:`) || name.startsWith(`${task} (`),
  );
  return found!.id;
}

async function atRace(): Promise<TestClient> {
  const client = new TestClient();
  await client.start(RACE);
  await client.nextToLine(9);
  return client;
}

/** Steps a task. */
async function step(client: TestClient, task: string, command = 'stepIn'): Promise<string> {
  const { body } = await client.move(command, { threadId: await threadOf(client, task) });
  return body.threadId;
}

async function names(client: TestClient): Promise<readonly string[]> {
  return (await threads(client)).map(({ name }) => name);
}

describe('play', () => {
  it('x', async () => {
    const client = await atRace();
    const say = async (m: any) =>
      console.log(
        m.event,
        JSON.stringify(m.body),
        await names(client),
        client
          .outcomes()
          .outcomes.slice(3)
          .map(({ line0, text }) => line0 + text),
      );
    for (let i = 0; i < 14; i++) await say(await client.move('gmemscope/nextChoice', {}));
    for (let i = 0; i < 6; i++) await say(await client.move('gmemscope/previousChoice', {}));
    for (let i = 0; i < 6; i++)
      await say(await client.move('gmemscope/nextChoice', { threadId: await threadOf(client, 'vmm') }));
  });
});
