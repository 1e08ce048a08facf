import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, it } from 'vitest';
import { type Message, PROGRAM, TestClient } from './client';

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

async function names(client: TestClient): Promise<readonly string[]> {
  return (await threads(client)).map(({ name }) => name);
}

/** The label of the step that a task makes next. */
async function labelOf(client: TestClient, task: string): Promise<string> {
  const found = (await names(client)).find((name) => name.startsWith(task));
  return /: (\w+) /.exec(found ?? '')?.[1] ?? '';
}

async function step(client: TestClient, task: string, command = 'stepIn'): Promise<Message> {
  return client.move(command, { threadId: await threadOf(client, task) });
}

async function stepTo(client: TestClient, task: string, label: string): Promise<void> {
  while ((await labelOf(client, task)) !== label) await step(client, task);
}

/** `name:line` of the entries of a task's stack, innermost first. */
async function stackOf(client: TestClient, task: string): Promise<readonly DebugProtocol.StackFrame[]> {
  return (await client.request('stackTrace', { threadId: await threadOf(client, task) })).stackFrames;
}

function texts(client: TestClient): readonly string[] {
  return client.outcomes().outcomes.map(({ line0, text }) => `${line0 + 1} ${text}`);
}

/** Everything that a client shows. */
async function shown(client: TestClient): Promise<unknown> {
  const { tick } = await client.request('gmemscope/timeline');
  const listed = await threads(client);
  const stacks = [];
  for (const { id } of listed) {
    const { stackFrames } = await client.request('stackTrace', { threadId: id });
    stacks.push(stackFrames.map((frame: DebugProtocol.StackFrame) => `${frame.name}:${frame.line}`));
  }
  return { tick, listed, stacks, texts: texts(client), slots: await client.tree('Memslots') };
}

describe('the threads of a race', () => {
  it('are its tasks, each before the first step of its first call', async () => {
    const client = await atRace();
    expect(await names(client)).toEqual([
      'vcpu0: fault vcpu 0 write gpa 0x80000000',
      'vmm: FL1 EBADF for a bad descriptor; otherwise take a reference to the file',
    ]);
    const stack = await stackOf(client, 'vmm');
    expect(stack.map(({ name }) => name)).toEqual(['fallocate(2)', 'punch A offset 0 size 4K']);
    expect(stack.at(-1)!.line).toBe(13);
  });

  it('are the scenario again behind the race', async () => {
    const client = await atRace();
    await client.nextToLine(18);
    expect(await names(client)).toEqual(['scenario']);
  });

  it('say what they wait for, and which call holds it', async () => {
    const client = await atRace();
    await stepTo(client, 'vcpu0', 'TP5');
    await step(client, 'vcpu0');
    await stepTo(client, 'vmm', 'I3');
    const waiting = 'vmm (waits for mmu_lock, held by vcpu0_1): I3 ';
    expect((await names(client))[1]).toContain(waiting);
    const { success, message } = await client.ask('stepIn', { threadId: await threadOf(client, 'vmm') });
    expect([success, message]).toEqual([
      false,
      'vmm cannot run: it waits for mmu_lock, held by vcpu0_1. Step another thread.',
    ]);
    await step(client, 'vcpu0', 'stepOut');
    expect((await names(client))[1]).not.toContain('waits');
  });
});

describe('a step on a thread', () => {
  it('moves that thread alone', async () => {
    const client = await atRace();
    const stop = await step(client, 'vmm');
    expect(stop.body.threadId).toBe(await threadOf(client, 'vmm'));
    expect([await labelOf(client, 'vcpu0'), await labelOf(client, 'vmm')]).toEqual(['VR1', 'FL2']);
    await step(client, 'vcpu0');
    await step(client, 'vcpu0');
    await step(client, 'vmm');
    expect([await labelOf(client, 'vcpu0'), await labelOf(client, 'vmm')]).toEqual(['VR3', 'FL3']);
  });

  it('makes the whole call if it steps over one that has not begun', async () => {
    const client = await atRace();
    await step(client, 'vcpu0');
    await step(client, 'vmm', 'next');
    expect(await stackOf(client, 'vmm')).toMatchObject([
      {},
      { name: 'allocate A offset 0 size 4K', line: 14 },
    ]);
    expect(await labelOf(client, 'vcpu0')).toBe('VR1');
    expect(texts(client)).toContain('13 no page to free, no mapping to zap');
  });

  it('steps over a called procedure, and out of one', async () => {
    const client = await atRace();
    await stepTo(client, 'vmm', 'FL4');
    await step(client, 'vmm', 'next');
    expect(await labelOf(client, 'vmm')).toBe('FL4r');
    await client.move('gmemscope/stepBackInto', {});
    expect(await labelOf(client, 'vmm')).not.toBe('FL4r');
    await step(client, 'vmm', 'stepOut');
    expect(await labelOf(client, 'vmm')).toBe('FL4r');
  });

  it('ends where the task has to wait', async () => {
    const client = await atRace();
    await stepTo(client, 'vcpu0', 'TP5');
    await step(client, 'vcpu0');
    await step(client, 'vmm', 'next');
    expect((await names(client))[1]).toContain('(waits for mmu_lock');
    expect(texts(client)).toContain('13 waits for mmu_lock, held by vcpu0_1');
  });

  it('lets a bug happen: the page is mapped after it was freed', async () => {
    const client = await atRace();
    await stepTo(client, 'vcpu0', 'TP5');
    await step(client, 'vmm', 'next');
    await client.nextToLine(18);
    expect(texts(client)).toContain(
      '9 mapped 4K gfn 0x80000 rwx · STALE gfn 0x80000: still mapped, to pages already freed · allocated A page 0x0',
    );
  });
});

describe('step into targets', () => {
  async function targets(client: TestClient, task: string): Promise<readonly DebugProtocol.StepInTarget[]> {
    const [frame] = await stackOf(client, task);
    return (await client.request('stepInTargets', { frameId: frame!.id })).targets;
  }

  it('are the tasks that can make the next step', async () => {
    const client = await atRace();
    await step(client, 'vcpu0');
    const offered = await targets(client, 'vmm');
    expect(offered.map(({ label }) => label)).toEqual(await names(client));
    await client.move('stepIn', { threadId: await threadOf(client, 'vcpu0'), targetId: offered[1]!.id });
    expect([await labelOf(client, 'vcpu0'), await labelOf(client, 'vmm')]).toEqual(['VR1', 'FL2']);
  });

  it('leave out tasks that wait, and include the procedures ahead of the running one', async () => {
    const client = await atRace();
    await stepTo(client, 'vcpu0', 'TP5');
    await step(client, 'vcpu0');
    await stepTo(client, 'vmm', 'I3');
    await step(client, 'vcpu0');
    const labels = (await targets(client, 'vcpu0')).map(({ label }) => label);
    expect(labels[0]).toMatch(/^vcpu0: /);
    expect(labels.some((label) => label.startsWith('vmm'))).toBe(false);
    expect(labels).toContain('kvm_tdp_mmu_map');
  });
});

describe('going back over an order', () => {
  it('restores what was shown at each step, and forwards again', async () => {
    const client = await atRace();
    const seen = [await shown(client)];
    for (const task of ['vmm', 'vcpu0', 'vcpu0', 'vmm', 'vmm', 'vcpu0', 'vmm']) {
      await step(client, task);
      seen.push(await shown(client));
    }
    const at = (index: number) => ({ ...(seen[index] as object) });
    for (let index = seen.length - 2; index >= 2; index--) {
      await client.move('gmemscope/stepBackInto', {});
      expect(await shown(client)).toEqual(at(index));
    }
    // The order is kept: a run forwards takes it again.
    for (let index = 3; index < seen.length; index++) {
      await client.move('stepIn');
      expect(await shown(client)).toEqual(at(index));
    }
  });

  it('undoes what a step of a thread did, by the thread', async () => {
    const client = await atRace();
    await stepTo(client, 'vcpu0', 'VR4');
    await step(client, 'vmm');
    await step(client, 'vmm');
    await step(client, 'vcpu0', 'stepBack');
    expect([await labelOf(client, 'vcpu0'), await labelOf(client, 'vmm')]).toEqual(['VR3', 'FL1']);
  });

  it('replaces what comes next if another task steps from there', async () => {
    const client = await atRace();
    await stepTo(client, 'vcpu0', 'TP5');
    await step(client, 'vmm', 'next');
    await client.move('stepBack', { threadId: await threadOf(client, 'vmm') });
    await client.move('stepBack', { threadId: 1 });
    while ((await labelOf(client, 'vmm')) !== 'FL1') await client.move('gmemscope/stepBackInto', {});
    await step(client, 'vcpu0', 'stepOut');
    await step(client, 'vcpu0', 'stepOut');
    await client.nextToLine(18);
    expect(texts(client).join('\n')).not.toContain('STALE');
  });

  it('goes back to before the last step of the thread, also if that task is next', async () => {
    const client = await atRace();
    for (let count = 0; count < 3; count++) await step(client, 'vcpu0');
    expect(await labelOf(client, 'vcpu0')).toBe('VR3');
    await step(client, 'vmm', 'next');
    await step(client, 'vcpu0', 'stepBack');
    expect([await labelOf(client, 'vcpu0'), await labelOf(client, 'vmm')]).toEqual(['VR2', 'FL1']);
    await step(client, 'vcpu0');
    await step(client, 'vcpu0', 'stepBack');
    expect([await labelOf(client, 'vcpu0'), await labelOf(client, 'vmm')]).toEqual(['VR2', 'FL1']);
  });

  it('is undone by the next task if that task has not made a step', async () => {
    const client = await atRace();
    await step(client, 'vcpu0', 'next');
    await step(client, 'vcpu0', 'next');
    expect((await names(client)).length).toBe(1);
    await step(client, 'vmm', 'stepBack');
    expect((await stackOf(client, 'vcpu0')).at(-1)!.line).toBe(10);
  });

  it('stops at breakpoints on the way, before the steps of the order', async () => {
    const client = await atRace();
    await stepTo(client, 'vcpu0', 'TP5');
    await step(client, 'vmm', 'next');
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_gmem_invalidate_begin' }] });
    await client.move('reverseContinue');
    expect(await labelOf(client, 'vmm')).toBe('I1');
    expect(await labelOf(client, 'vcpu0')).toBe('TP5');
    await client.request('setFunctionBreakpoints', { breakpoints: [] });
    await client.move('reverseContinue');
    expect((await client.stack())[0]!.line).toBe(3);
    await client.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{ line: 18 }] });
    await client.move('continue');
    expect(texts(client).join('\n')).toContain('STALE');
  });
});

describe('in the middle of an order', () => {
  it('a statement can be typed, and the branch be left again', async () => {
    const client = await atRace();
    await stepTo(client, 'vcpu0', 'TP5');
    await step(client, 'vmm');
    const before = await shown(client);
    await client.type('punch A offset 4K size 4K');
    expect(await client.type('zapped')).not.toMatch(/^!/);
    await client.move('next');
    await client.type('back');
    expect(await shown(client)).toEqual(before);
  });

  it('a frame can be restarted, and a statement be jumped to', async () => {
    const client = await atRace();
    await stepTo(client, 'vmm', 'FL3');
    await stepTo(client, 'vcpu0', 'NP5');
    await stepTo(client, 'vmm', 'I3');
    const stack = await stackOf(client, 'vmm');
    const punch = stack.find(({ name }) => name === 'kvm_gmem_punch_hole')!;
    await client.move('restartFrame', { frameId: punch.id });
    expect([await labelOf(client, 'vmm'), await labelOf(client, 'vcpu0')]).toEqual(['PH1', 'NP5']);
    const { targets } = await client.request('gotoTargets', { source: { path: PROGRAM }, line: 9 });
    await client.move('goto', { threadId: 1, targetId: targets[0].id });
    expect(await labelOf(client, 'vmm')).toBe('FL3');
    expect((await stackOf(client, 'vcpu0')).map(({ line }) => line)).toEqual([9]);
  });

  it('the editor shows what calls have done so far, and the memory map the last step', async () => {
    const client = await atRace();
    await stepTo(client, 'vcpu0', 'G5');
    await step(client, 'vmm');
    expect(texts(client)).toContain('9 allocated A page 0x0');
    const { where, line } = await client.request('gmemscope/memoryMap', {});
    expect([where, line]).toEqual(['in statement 6 of 8, before step 2 of 7 of fallocate(2)', 13]);
    const stop = client.outcomes();
    expect(client.events('gmemscope/outcomes').at(-1)!.body.race).toBe(true);
    expect(stop.outcomes.length).toBe(4);
  });
});

describe('choices', () => {
  it('are where the next step touches what another task may still touch', async () => {
    const client = await atRace();
    const labels = [];
    for (let count = 0; count < 7; count++) {
      await client.move('gmemscope/nextChoice', {});
      labels.push(await labelOf(client, 'vcpu0'));
    }
    expect(labels).toEqual(expect.arrayContaining(['FA1', 'G4']));
    expect(labels).not.toContain('VR1');
    await client.move('gmemscope/previousChoice', {});
    expect(await labelOf(client, 'vcpu0')).toBe(labels.at(-2));
    await client.move('gmemscope/nextChoice', { threadId: await threadOf(client, 'vmm') });
    expect(await labelOf(client, 'vcpu0')).toBe(labels.at(-2));
    expect(await labelOf(client, 'vmm')).not.toBe('FL1');
  });

  it('are refused outside a race', async () => {
    const client = new TestClient();
    await client.start(RACE);
    for (const command of ['gmemscope/nextChoice', 'gmemscope/previousChoice']) {
      const { message } = await client.ask(command, {});
      expect(message).toBe('There is no choice here: the scenario is not in a race.');
    }
  });
});

describe('an order so far', () => {
  it('can be written as a scenario that takes it', async () => {
    const client = await atRace();
    await stepTo(client, 'vcpu0', 'TP5');
    await step(client, 'vmm', 'next');
    const { text, line } = await client.request('gmemscope/order');
    expect(text.split('\n').slice(line - 1)).toEqual([
      'fault vcpu 0 write gpa 0x80000000 until TP5 as vcpu0_1 => suspended at TP5',
      'punch A offset 0 size 4K => freed A page 0x0',
      'continue vcpu0_1 => mapped 4K gfn 0x80000 rwx, STALE gfn 0x80000',
      'fault vcpu 0 read gpa 0x80001000 => mapped 4K gfn 0x80001 rwx',
      'allocate A offset 0 size 4K',
      '',
      'fault vcpu 1 read gpa 0x80000000',
      '',
    ]);
  });

  it('is refused above the race', async () => {
    const client = new TestClient();
    await client.start(RACE);
    expect((await client.ask('gmemscope/order')).message).toMatch(/^There is no order to write/);
  });
});

describe('a task that repeats', () => {
  const REPEATS = RACE.replace('task vcpu0 {', 'task vcpu0 repeats {');

  it('makes its calls again if its thread is stepped', async () => {
    const client = new TestClient();
    await client.start(REPEATS);
    await client.nextToLine(9);
    await step(client, 'vcpu0', 'next');
    await step(client, 'vcpu0', 'next');
    expect((await stackOf(client, 'vcpu0')).map(({ line }) => line).at(-1)).toBe(9);
    await step(client, 'vmm', 'next');
    await step(client, 'vcpu0', 'next');
    expect(texts(client).slice(3)).toEqual([
      '9 mapped 4K gfn 0x80000 rwx · allocated A page 0x0',
      '10 mapped 4K gfn 0x80001 rwx · allocated A page 0x1',
      '13 zapped slot 0 gfn 0x80000 · freed A page 0x0 · flush',
      '9 mapped 4K gfn 0x80000 rwx · allocated A page 0x0',
    ]);
    const { text, line } = await client.request('gmemscope/order');
    expect(text.split('\n').slice(line - 1, line + 3)).toEqual([
      'fault vcpu 0 write gpa 0x80000000 => mapped 4K gfn 0x80000 rwx',
      'fault vcpu 0 read gpa 0x80001000 => mapped 4K gfn 0x80001 rwx',
      'punch A offset 0 size 4K => zapped slot 0 gfn 0x80000, freed A page 0x0, flush',
      'fault vcpu 0 write gpa 0x80000000 => mapped 4K gfn 0x80000 rwx',
    ]);
    await client.nextToLine(18);
    expect(texts(client).length).toBe(3 + 6);
  });
});

describe('a race that nobody steers', () => {
  it('makes the calls of its tasks in the order of the text', async () => {
    const client = new TestClient();
    await client.start(RACE);
    await client.move('continue');
    expect(texts(client).slice(3)).toEqual([
      '9 mapped 4K gfn 0x80000 rwx · allocated A page 0x0',
      '10 mapped 4K gfn 0x80001 rwx · allocated A page 0x1',
      '13 zapped slot 0 gfn 0x80000 · freed A page 0x0 · flush',
      '14 allocated A page 0x0',
      '18 mapped 4K gfn 0x80000 rwx',
    ]);
  });
});
