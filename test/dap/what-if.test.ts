import { describe, expect, it } from 'vitest';
import { PROGRAM, TestClient } from './client';
import { HOLE, PUNCH, REFUSED } from './scenarios';

const PUNCH_NAME = 'punch A offset 0x1ff000 size 12K';

async function atLine(line: number, text = HOLE): Promise<TestClient> {
  const client = new TestClient();
  await client.start(text);
  await client.nextToLine(line);
  return client;
}

/** A session in a procedure of the `punch`, before its step of that label. */
async function atLabel(procedure: string, label: string): Promise<TestClient> {
  const client = await atLine(PUNCH);
  await client.request('setFunctionBreakpoints', { breakpoints: [{ name: procedure }] });
  await client.move('continue');
  await client.request('setFunctionBreakpoints', { breakpoints: [] });
  for (;;) {
    const { source, line } = (await client.stack())[0]!;
    const { content } = await client.request('source', { source, ...source });
    if (content.split('\n')[line - 1].startsWith(`${label} `)) return client;
    await client.move('stepIn');
  }
}

async function names(client: TestClient): Promise<readonly string[]> {
  return (await client.stack()).map(({ name }) => name);
}

/** Everything there is to see. */
async function everything(client: TestClient): Promise<string> {
  const scopes = (await client.scopes()).map(({ name }) => name);
  const trees: string[] = [];
  for (const scope of scopes) trees.push(await client.tree(scope));
  const frames = (await client.stack()).map(({ id: _, ...frame }) => frame);
  return JSON.stringify([scopes, trees, frames, client.outcomes().outcomes, await client.request('threads')]);
}

describe('a statement in the console', () => {
  it('runs from here on a branch, and says what it did', async () => {
    const client = await atLine(PUNCH);
    expect(await client.type('punch A offset 2M size 8K')).toBe(
      'zapped slot 1 gfn 0x90000..0x90002 · freed A pages 0x200..0x202 · flush',
    );
    expect(await client.type('spte(0x90000000)')).toBe('not mapped');
    expect(await client.type('spte(0x801ff000).level')).toBe('4K');
  });

  it('runs in a task of a race as it does elsewhere, with set-up too', async () => {
    const race =
      'gmem A size 64K\nrace {\n  task a {\n    close A\n  }\n  task b {\n    punch A offset 0 size 4K => never ok\n  }\n}\n';
    const client = await atLine(4, race);
    expect(await client.type('gmem B size 64K')).toBe('B: pages 0x0..0x10');
    expect(await client.type('punch A offset 0 size 4K')).toContain('no page to free');
  });

  it('can be opened: its answer has what it did by parts', async () => {
    const client = await atLine(PUNCH);
    const { body } = await client.evaluate('punch A offset 2M size 8K', 'repl');
    const rows = await client.variables(body.variablesReference);
    expect(rows.map(({ name, value }) => `${name}: ${value}`).slice(0, 8)).toEqual([
      'result: ok',
      'exit: none',
      'zapped: 0x90000..0x90002',
      'mapped: none',
      'converted: none',
      'allocated: none',
      'freed: 0x200..0x202',
      'flush: yes',
    ]);
  });

  it('is the last statement then: what it did has its names', async () => {
    const client = await atLine(PUNCH);
    expect([await client.type('zapped'), await client.type('flush')]).toEqual(['none', 'no']);
    await client.type('punch A offset 2M size 8K');
    expect([await client.type('zapped'), await client.type('flush')]).toEqual(['0x90000..0x90002', 'yes']);
    await client.type('back');
    expect([await client.type('zapped'), await client.type('flush')]).toEqual(['none', 'no']);
  });

  it('leaves no doubt that one is on a branch', async () => {
    const client = await atLine(PUNCH);
    const from = client.messages.length;
    await client.type('punch A offset 2M size 8K');
    const stopped = await client.event('stopped', from);
    expect(stopped.body).toMatchObject({ description: 'What if: step', preserveFocusHint: true });
    expect(await names(client)).toEqual([`on a branch: ${PUNCH_NAME}`]);
    expect((await client.request('threads')).threads[0].name).toBe('what if (a branch of the scenario)');
    const notes = client.events('output').filter(({ body }) => body.category === 'console');
    expect(notes.map(({ body }) => body.output)).toEqual([
      expect.stringContaining(
        `On a branch from line ${PUNCH}: it does not change the run of the scenario itself.`,
      ),
    ]);
    expect(client.events('gmemscope/outcomes').at(-1)!.body.branch).toBe(true);
  });

  it('stands behind the line that it was typed before, and on the slots that lost', async () => {
    const client = await atLine(PUNCH);
    await client.type('punch A offset 2M size 8K');
    const { outcomes } = client.outcomes();
    expect(outcomes.slice(-2)).toMatchObject([
      {
        line0: PUNCH - 1,
        text: expect.stringContaining('what if punch A offset 2M size 8K: zapped slot 1'),
        tone: 'zapped',
        kind: 'what-if',
      },
      { line0: 5, text: 'lost gfn 0x90000..0x90002', kind: 'slot' },
    ]);
    expect(outcomes[1]!.text).toContain('slot 0 at gfn');
  });

  it('may be several', async () => {
    const client = await atLine(PUNCH);
    const answer = await client.type('punch A offset 2M size 4K fault vcpu 0 read gpa 0x90000000');
    expect(answer.split('\n')).toEqual([
      expect.stringContaining('zapped slot 1 gfn 0x90000'),
      expect.stringContaining('mapped 4K gfn 0x90000 rwx'),
    ]);
  });

  it('knows the names that are there: of the scenario so far, and of the branch', async () => {
    const client = await atLine(PUNCH);
    expect(await client.type('gmem B size 64K')).toBe('B: pages 0x0..0x10');
    expect(await client.type('slot 5 gpa 0xa0000000 size 64K gmem B offset 0')).toContain(
      'slot 5 at gfn 0xa0000..0xa0010',
    );
    expect(await client.type('B.bindings[0].gfns')).toBe('0xa0000..0xa0010');
    await client.type('back');
    expect(await client.type('slot 5 gpa 0xa0000000 size 64K gmem B offset 0')).toContain(
      '! no guest_memfd file',
    );
    expect(await client.type('B')).toContain(
      '! Unknown name `B`. Known names include A, slots, spte(…), seq; type `help` in the console for the full list.',
    );
  });

  it.each([
    ['punch A offset 0', '! expected the size of the hole'],
    ['pnch A offset 0 size 4K', '! `pnch` is not a statement: did you mean `punch`? (G001)'],
    ['punch Z offset 0 size 4K', '! no guest_memfd file is called `Z`'],
    ['fault vcpu 3 read gpa 0', '! '],
    ['slot 0 gpa 0x1z size 4K', '! '],
    ['kernel linux-6.12', '! The kernel is chosen before the first call'],
    ['kernel', '! The kernel is chosen before the first call'],
    ['punch A offset 0 size 4K\nkernel linux-6.12', '! The kernel is chosen before the first call'],
    ['scenario "a hole" {', '! A scenario block cannot be typed here'],
    ['scenario "a hole" { punch A offset 0 size 4K }', '! A scenario block cannot be typed here'],
    ['race', '! A race cannot be typed here'],
    ['race { task a { close A } task b { close A } }', '! A race cannot be typed here'],
    ['task a { close A }', '! A task cannot be typed here'],
    ['let hole = 4K', '! A typed constant is known only to statements in the same input'],
    ['let hole', '! expected its value, for instance'],
    ['vm sev', '! no VM type is called `sev`'],
    ['=> flush', '! An expectation follows a statement, as in `punch A offset 0 size 4K => flush`.'],
    ['# a hole', '! A comment has no effect here.'],
    ['punch A offset 0 size 4K )', '! '],
  ])('with an error says what the language says, and nothing moves: %s', async (line, answer) => {
    const client = await atLine(PUNCH);
    const before = await everything(client);
    expect(await client.type(line)).toContain(answer);
    expect(await everything(client)).toBe(before);
  });

  it.each([
    ['let hole = 4K\npunch A offset 2M size hole', 'freed A page 0x200'],
    ['# a hole\npunch A offset 2M size 4K', 'freed A page 0x200'],
    ['vm default vcpus 2', 'ok'],
    ['punch A offset 2M size 4K => freed A page 0x201', 'NOT AS EXPECTED (freed A page 0x201)'],
  ])('runs where there are other words with it: %j', async (line, answer) => {
    const client = await atLine(PUNCH);
    expect(await client.type(line)).toContain(answer);
  });

  it('that fails is an outcome like any other', async () => {
    const client = await atLine(PUNCH);
    expect(await client.type('punch A offset 1 size 4K')).toContain('EINVAL');
    expect(client.outcomes().outcomes.at(-1)).toMatchObject({ tone: 'failed', kind: 'what-if' });
  });

  it('runs at the very beginning, and behind the end', async () => {
    const first = await atLine(4);
    expect(await first.type('gmem Z size 4K')).toBe('Z: page 0x0');
    const last = await atLine(5, REFUSED);
    await last.move('next');
    expect(await last.type('punch A offset 0 size 4K')).toBe('no page to free, no mapping to zap');
    expect(await names(last)).toEqual(['what if: punch A offset 0 size 4K (returned)']);
    const { body } = await last.move('continue');
    expect(body.description).toBe('What if: At the end of the scenario');
    expect(await last.type('back')).toBe('Back on line 5, as it was.');
    expect(await names(last)).toEqual(['convert gpa 0x10000000 size 4K private (returned)']);
  });
});

describe('leaving a branch', () => {
  it.each([
    ['back', async (client: TestClient) => void (await client.type('back'))],
    ['the request', async (client: TestClient) => void (await client.move('gmemscope/leaveBranch', {}))],
    [
      'stepping back out of it',
      async (client: TestClient) => {
        await client.move('stepBack');
        await client.move('stepBack');
      },
    ],
    [
      'going to a tick',
      async (client: TestClient) => {
        const { tick } = await client.request('gmemscope/timeline');
        await client.move('gmemscope/goTo', { tick });
      },
    ],
  ])('by %s restores the exact moment', async (_, leave) => {
    const client = await atLine(PUNCH);
    const before = await everything(client);
    await client.type('punch A offset 0 size 4M');
    expect(await everything(client)).not.toBe(before);
    await leave(client);
    expect(await everything(client)).toBe(before);
    await client.move('next');
    expect(client.outcomes().outcomes.at(-3)!.text).toContain('zapped slot 0 gfn 0x801ff · slot 1');
  });

  it('leaves all of several branches at once; steps back go one by one', async () => {
    const client = await atLine(PUNCH);
    const before = await everything(client);
    await client.type('punch A offset 2M size 4K');
    const first = await everything(client);
    await client.type('punch A offset 2052K size 4K');
    await client.move('stepBack');
    expect(await names(client)).toEqual(['what if: punch A offset 2052K size 4K']);
    const { body } = await client.move('stepBack');
    expect(body.description).toBe('What if: Back where the branch starts');
    expect(await everything(client)).toBe(first);
    await client.type('punch A offset 2052K size 4K');
    await client.type('back');
    expect(await everything(client)).toBe(before);
  });

  it('a reverse run goes on through the past of the scenario', async () => {
    const client = await atLine(PUNCH);
    await client.type('fault vcpu 0 read gpa 0x90000000');
    await client.request('setDataBreakpoints', { breakpoints: [{ dataId: 'slot 1 mapped' }] });
    await client.move('reverseContinue');
    expect((await client.stack()).at(-1)!).toMatchObject({
      name: 'prefault vcpu 0 gpa 0x90000000 size 16K',
      line: 10,
    });
    expect(client.outcomes().outcomes.some(({ kind }) => kind === 'what-if')).toBe(false);
  });

  it('who did it last is found on the branch first', async () => {
    const client = await atLine(PUNCH);
    await client.type('punch A offset 2M size 4K');
    expect(await client.type('who zapped slot(1)')).toContain('in `punch A offset 2M size 4K`');
    expect((await names(client)).at(-1)).toBe('what if: punch A offset 2M size 4K');
    expect(await client.type('who mapped slot(1)')).toContain('in `prefault vcpu 0 gpa 0x90000000 size 16K`');
    expect((await names(client)).at(-1)).toBe('prefault vcpu 0 gpa 0x90000000 size 16K');
  });
});

describe('on a branch', () => {
  it('one steps into the statement that was typed', async () => {
    const client = await atLine(PUNCH);
    await client.type('punch A offset 2M size 8K');
    await client.move('stepBack');
    expect(await names(client)).toEqual(['what if: punch A offset 2M size 8K']);
    await client.move('stepIn');
    expect(await names(client)).toEqual(['fallocate(2)', 'what if: punch A offset 2M size 8K']);
    await client.move('stepOut');
    expect(await names(client)).toEqual([`on a branch: ${PUNCH_NAME}`]);
  });

  it('data breakpoints stop in it, and the answer says what happened', async () => {
    const client = await atLine(PUNCH);
    await client.request('setDataBreakpoints', {
      breakpoints: [{ dataId: 'gfn 0x90000', condition: 'nonsense' }],
    });
    expect(await client.type('punch A offset 2M size 8K')).toBe(
      'gfn 0x90000: zapped 4K gfn 0x90000..0x90002, was rwx-d: by kvm_unmap_gfn_range, UZ1, in ' +
        '`punch A offset 2M size 8K` (typed at line 12)\n' +
        'It stopped before it returned: Continue resumes it, `back` leaves the branch.',
    );
    const [wrong] = client.events('output').filter(({ body }) => body.category === 'important');
    expect(wrong!.body.output).toContain('Unknown name `nonsense`');
  });

  it('breakpoints stop in it, and Continue resumes it', async () => {
    const client = await atLine(PUNCH);
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_gmem_punch_hole' }] });
    expect(await client.type('punch A offset 2M size 8K')).toContain('stopped before it returned');
    expect(await names(client)).toEqual([
      'kvm_gmem_punch_hole',
      'fallocate(2)',
      'what if: punch A offset 2M size 8K',
    ]);
    await client.request('setFunctionBreakpoints', { breakpoints: [] });
    await client.move('next');
    await client.move('continue');
    const texts = client.events('output').map(({ body }) => body.output);
    expect(texts).toContainEqual(
      expect.stringContaining('what if: punch A offset 2M size 8K: zapped slot 1'),
    );
  });

  it('the scenario goes on, with what was typed done', async () => {
    const client = await atLine(PUNCH);
    await client.type('punch A offset 2M size 4K');
    await client.move('next');
    expect(await names(client)).toEqual(['on a branch: fault vcpu 0 read gpa 0x90000000']);
    const { outcomes } = client.outcomes();
    const punched = outcomes.find(({ line0, kind }) => line0 === PUNCH - 1 && kind === 'statement')!;
    expect(punched.text).toContain('zapped slot 0 gfn 0x801ff · slot 1 gfn 0x90001');
    await client.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{ line: 14 }] });
    const { body } = await client.move('continue');
    expect(body.description).toBe('What if: At the end of the scenario');
    await client.move('reverseContinue');
    expect(await names(client)).toEqual(['on a branch: fault vcpu 0 read gpa 0x90000000']);
  });

  it('breakpoints of the scenario count its hits and those of the branch', async () => {
    const client = await atLine(PUNCH);
    await client.request('setFunctionBreakpoints', {
      breakpoints: [{ name: 'kvm_unmap_gfn_range', hitCondition: '3' }],
    });
    await client.type('fault vcpu 0 read gpa 0x80000000');
    await client.move('continue');
    expect(await client.type('start')).toBe('0x801ff');
    await client.move('reverseContinue');
    expect((await client.stack()).at(-1)!.line).toBe(4);
  });

  it('a restart begins the scenario itself', async () => {
    const client = await atLine(PUNCH);
    await client.type('punch A offset 2M size 4K');
    await client.move('restart', {});
    expect(await names(client)).toEqual(['gmem A size 4M']);
    expect((await client.request('threads')).threads[0].name).toBe('scenario');
  });
});

describe('in the middle of a call', () => {
  it('a statement runs while the call is suspended, which then goes on', async () => {
    const client = await atLabel('kvm_gmem_punch_hole', 'PH3');
    expect(await client.type('fault vcpu 0 read gpa 0x90003000')).toBe('no fault: gfn 0x90003 is mapped');
    expect((await names(client)).slice(0, 1)).toEqual(['kvm_gmem_punch_hole']);
    await client.move('stepBack');
    expect(await names(client)).toEqual([
      'what if: fault vcpu 0 read gpa 0x90003000',
      'kvm_gmem_punch_hole',
      'fallocate(2)',
      `${PUNCH_NAME} (suspended)`,
    ]);
    await client.move('stepIn');
    expect((await names(client))[0]).toBe('ioctl(KVM_RUN)');
    expect((await client.evaluate('start', 'watch', 2)).body.result).toBe('0x1ff');
    await client.move('stepOut');
    expect((await names(client))[0]).toBe('kvm_gmem_punch_hole');
    await client.move('stepOut');
    await client.move('stepOut');
    expect(await names(client)).toEqual(['on a branch: fault vcpu 0 read gpa 0x90000000']);
    expect(await client.type('spte(0x90000000)')).toBe('not mapped');
  });

  it('a fault in the range of an invalidation retries for as long as that is in progress', async () => {
    const client = await atLabel('kvm_gmem_punch_hole', 'PH3');
    const before = await everything(client);
    expect(await client.type('in_progress')).toBe('1');
    expect(await client.type('fault vcpu 0 read gpa 0x90000000')).toContain(
      `retries while line ${PUNCH} is suspended`,
    );
    // It goes on by itself, once the hole is there.
    const from = client.messages.length;
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_tdp_mmu_map' }] });
    await client.move('continue');
    expect((await names(client)).at(-1)).toBe('what if: fault vcpu 0 read gpa 0x90000000');
    expect((await client.event('output', from)).body.output).toContain('freed A pages 0x1ff..0x202');
    await client.request('setFunctionBreakpoints', { breakpoints: [] });
    await client.type('back');
    expect(await everything(client)).toBe(before);
  });

  it('one that needs a lock that the call holds waits for it, and says so', async () => {
    const client = await atLabel('kvm_gmem_invalidate_begin', 'I2r');
    const before = await everything(client);
    expect(await client.type('convert gpa 0x80100000 size 4K shared')).toBe(
      `waits for mmu_lock, held by line ${PUNCH}`,
    );
    expect(await client.type('attribute(0x80100000)')).toBe('private');
    // It goes on by itself behind the call that has the lock.
    await client.move('continue');
    expect(await client.type('attribute(0x80100000)')).toBe('shared');
    await client.type('back');
    await client.type('back');
    expect(await everything(client)).toBe(before);
  });

  it('statements can be typed in the middle of what was typed', async () => {
    const client = await atLabel('kvm_gmem_punch_hole', 'PH3');
    const before = await everything(client);
    await client.request('setFunctionBreakpoints', { breakpoints: [{ name: 'kvm_vm_set_mem_attributes' }] });
    await client.type('convert gpa 0xa0000000 size 4K private');
    await client.request('setFunctionBreakpoints', { breakpoints: [] });
    await client.type('fault vcpu 0 read gpa 0x90003000');
    expect(await names(client)).toEqual([
      'kvm_vm_set_mem_attributes',
      'kvm_vm_ioctl_set_mem_attributes',
      'ioctl(KVM_SET_MEMORY_ATTRIBUTES)',
      'what if: convert gpa 0xa0000000 size 4K private',
      'kvm_gmem_punch_hole',
      'fallocate(2)',
      `${PUNCH_NAME} (suspended)`,
    ]);
    for (let k = 0; k < 3; k++) await client.move('stepOut');
    expect((await names(client))[0]).toBe('kvm_gmem_punch_hole');
    await client.move('continue');
    expect(await client.type('attribute(0xa0000000)')).toBe('private');
    await client.type('back');
    expect(await everything(client)).toBe(before);
  });
});
