/** A text that is edited, broken, renamed or deleted while its run is stopped. */
import { describe, expect, it } from 'vitest';
import { PROGRAM, TestClient } from './client';
import { HOLE, PUNCH } from './scenarios';

const SOURCE = { path: PROGRAM };

/** What a person may do to the file meanwhile. Undefined: the file is gone. */
const BROKEN: Readonly<Record<string, string | undefined>> = {
  'a syntax error': HOLE.replace('slot 1 gpa', 'slot 1 gap'),
  'an error further down': `${HOLE}close B\n`,
  'half a line': HOLE.slice(0, HOLE.indexOf('offset 0x1ff')),
  'nothing left': '',
  'only comments left': '# nothing\n',
  'no text at all': '\u0000\ufffd\ud800',
  'a file that was deleted or renamed': undefined,
};

/** What a client may ask then. Each succeeds. */
const REQUESTS: Readonly<Record<string, (client: TestClient) => Promise<unknown>>> = {
  restart: (client) => client.request('restart'),
  'restart with arguments': (client) => client.request('restart', { arguments: { program: PROGRAM } }),
  'restart with other arguments': (client) => client.request('restart', { arguments: { program: '/none' } }),
  'restart with wrong arguments': (client) =>
    client.request('restart', { arguments: { program: PROGRAM, stopAtLine: 'last' } }),
  'gmemscope/restartHere': (client) => client.request('gmemscope/restartHere'),
  goto: async (client) => {
    const { targets } = await client.request('gotoTargets', { source: SOURCE, line: PUNCH });
    if (targets.length > 0) await client.move('goto', { threadId: 1, targetId: targets[0].id });
  },
  evaluate: async (client) => expect((await client.evaluate('slots.count')).success).toBe(true),
  'a statement in the console': async (client) => {
    expect(await client.type('fault vcpu 0 read gpa 0x80000000')).not.toMatch(/^!/);
    await client.type('back');
  },
  completions: (client) => client.request('completions', { text: 'slo', column: 4 }),
  setBreakpoints: async (client) => {
    const { breakpoints } = await client.request('setBreakpoints', {
      source: SOURCE,
      breakpoints: [{ line: 5 }, { line: 400 }],
    });
    expect(breakpoints.length).toBe(2);
  },
  setFunctionBreakpoints: (client) =>
    client.request('setFunctionBreakpoints', {
      breakpoints: [{ name: 'kvm_gmem_create' }, { name: 'slot 0 deleted' }],
    }),
  breakpointLocations: (client) =>
    client.request('breakpointLocations', { source: SOURCE, line: 1, endLine: 30 }),
  loadedSources: (client) => client.request('loadedSources'),
  stepBack: async (client) => {
    await client.move('stepBack');
    await client.move('next');
  },
  restartFrame: async (client) => {
    await client.move('restartFrame', { frameId: (await client.stack()).at(-1)!.id });
  },
  'gmemscope/memoryMap': (client) => client.request('gmemscope/memoryMap'),
  'gmemscope/timeline': (client) => client.request('gmemscope/timeline'),
};

const kinds = Object.keys(BROKEN).flatMap((broken) =>
  Object.keys(REQUESTS).map((request) => [request, broken] as const),
);

/** The client stands before the hole. */
async function beforeTheHole(): Promise<TestClient> {
  const client = new TestClient();
  await client.start(HOLE);
  client.editors[PROGRAM] = HOLE;
  await client.nextToLine(PUNCH);
  return client;
}

/** Changes the text in the editor and on disk. */
function edit(client: TestClient, text: string | undefined): void {
  if (text === undefined) {
    delete client.files[PROGRAM];
    delete client.editors[PROGRAM];
    return;
  }
  client.files[PROGRAM] = text;
  client.editors[PROGRAM] = text;
}

describe('requests once the text cannot run', () => {
  it.each(kinds)('%s, with %s', async (request, broken) => {
    const client = await beforeTheHole();
    edit(client, BROKEN[broken]);
    await REQUESTS[request]!(client);
    if (request.includes('restart') && request !== 'restartFrame') {
      const { body } = client.events('output').at(-1)!;
      expect(body).toMatchObject({
        category: 'important',
        output: expect.stringMatching(/^Cannot restart: /),
      });
      if (broken === 'an error further down' && request === 'restart') {
        expect(body).toMatchObject({ source: SOURCE, line: HOLE.split('\n').length });
      }
    }
    // Where it was, and able to go on.
    expect((await client.stack()).map(({ name }) => name)).toEqual(['punch A offset 0x1ff000 size 12K']);
    await client.move('next');
    expect((await client.stack()).map(({ name }) => name)).toEqual(['fault vcpu 0 read gpa 0x90000000']);
    // A later restart works once the text does.
    edit(client, HOLE);
    expect((await client.move('restart', {})).body.reason).toBe('entry');
  });
});

it('a restart says so if the scenario has another title by now', async () => {
  const titled = (title: string) => `scenario "${title}" {\n  gmem A size 4K\n}\n`;
  const client = new TestClient();
  await client.start(titled('one'), { scenario: 'one' });
  client.files[PROGRAM] = titled('two');
  await client.request('restart');
  expect(client.events('output').at(-1)!.body.output).toContain(
    'There is no scenario "one". There are "two".',
  );
  expect(await client.top()).toBe('gmem A size 4K:2');
});

describe('a text that was edited while its run is stopped', () => {
  const ABOVE = `# one\n# two\n${HOLE}`;

  it('the stack has the lines of the editor', async () => {
    const client = await beforeTheHole();
    edit(client, ABOVE);
    expect((await client.stack())[0]!.line).toBe(PUNCH + 2);
    edit(client, HOLE.replace('kernel linux-7.3\n', ''));
    expect((await client.stack())[0]!.line).toBe(PUNCH - 1);
    // The statement is gone: the line below it.
    edit(client, HOLE.replace(/punch A\n.*\n/, ''));
    expect((await client.stack())[0]!.line).toBe(PUNCH);
    edit(client, HOLE);
    expect((await client.stack())[0]!.line).toBe(PUNCH);
  });

  it('what is printed has the lines of the editor', async () => {
    const client = await beforeTheHole();
    edit(client, ABOVE);
    await client.move('next');
    expect(client.events('output').at(-1)!.body).toMatchObject({ line: PUNCH + 2 });
  });

  it('a breakpoint is at the statement of the run', async () => {
    const client = await beforeTheHole();
    const set = async (line: number) =>
      (await client.request('setBreakpoints', { source: SOURCE, breakpoints: [{ line }] })).breakpoints[0];
    edit(client, ABOVE);
    expect(await set(PUNCH + 4)).toMatchObject({ verified: true, line: PUNCH + 4 });
    await client.move('continue');
    expect(await client.top()).toBe(`fault vcpu 0 read gpa 0x90000000:${PUNCH + 4}`);
    // An empty line and a comment are passed, as in any text.
    expect(await set(1)).toMatchObject({ verified: true, line: 6 });
  });

  it('a breakpoint on a new statement waits for a restart', async () => {
    const client = await beforeTheHole();
    edit(client, HOLE.replace('punch A', 'close B\nclose C\npunch A'));
    const source = { source: SOURCE, breakpoints: [{ line: PUNCH }] };
    expect((await client.request('setBreakpoints', source)).breakpoints[0]).toMatchObject({
      verified: false,
      message: 'The text was edited, and this line is not in the run: restart to stop here.',
    });
    edit(client, HOLE.replace('punch A', 'gmem B size 4K\npunch A'));
    await client.request('setBreakpoints', source);
    await client.move('restart', {});
    expect(client.events('breakpoint').at(-1)!.body.breakpoint).toMatchObject({
      verified: true,
      line: PUNCH,
    });
    await client.move('continue');
    expect(await client.top()).toBe(`gmem B size 4K:${PUNCH}`);
  });

  it('breakpoints stay at their statements over several restarts, without being sent again', async () => {
    const client = await beforeTheHole();
    await client.request('setBreakpoints', { source: SOURCE, breakpoints: [{ line: PUNCH + 2 }] });
    for (const text of [ABOVE, HOLE.replace('kernel linux-7.3\n', ''), HOLE]) {
      edit(client, text);
      await client.move('restart', {});
      await client.move('continue');
      expect(await client.top()).toContain('fault vcpu 0 read gpa 0x90000000:');
    }
  });

  it('a jump goes to the statement of the run', async () => {
    const client = await beforeTheHole();
    edit(client, ABOVE);
    const { targets } = await client.request('gotoTargets', { source: SOURCE, line: 9 });
    expect(targets).toMatchObject([{ label: 'convert gpa 0x80000000 size 2M private', line: 9 }]);
    const { breakpoints } = await client.request('breakpointLocations', {
      source: SOURCE,
      line: 9,
      endLine: 9,
    });
    expect(breakpoints).toEqual([{ line: 9, column: 1 }]);
  });

  it('gmemscope/restartHere runs the edited text up to the same statement, past breakpoints', async () => {
    const client = await beforeTheHole();
    await client.request('setBreakpoints', { source: SOURCE, breakpoints: [{ line: 5 }] });
    edit(client, `# one\n${HOLE.replace('size 12K', 'size 8K')}`);
    expect((await client.move('gmemscope/restartHere', {})).body.reason).toBe('goto');
    expect(await client.top()).toBe(`punch A offset 0x1ff000 size 8K:${PUNCH + 1}`);
    expect(client.runs).toEqual([HOLE, client.files[PROGRAM]]);
    expect(client.outcomes().run).toBe(2);
  });

  it.each([
    ['deeper in a call', async (client: TestClient) => void (await client.move('stepIn'))],
    [
      'on a branch',
      async (client: TestClient) => void (await client.type('fault vcpu 0 read gpa 0x80000000')),
    ],
    ['at the end', (client: TestClient) => client.nextToLine(PUNCH + 2)],
  ])('gmemscope/restartHere %s goes to before the statement', async (where, get) => {
    const client = await beforeTheHole();
    await get(client);
    await client.move('gmemscope/restartHere', {});
    const at =
      where === 'at the end' ? 'fault vcpu 0 read gpa 0x90000000' : 'punch A offset 0x1ff000 size 12K';
    expect((await client.stack()).map(({ name }) => name)).toEqual([at]);
  });

  it('gmemscope/restartHere at the first statement, or where all below is gone', async () => {
    const first = new TestClient();
    await first.start(HOLE);
    expect((await first.move('gmemscope/restartHere', {})).body.reason).toBe('entry');
    const client = await beforeTheHole();
    edit(client, HOLE.slice(0, HOLE.indexOf('prefault')));
    await client.move('gmemscope/restartHere', {});
    expect(await client.top()).toBe('convert gpa 0x90000000 size 1M private:8');
  });

  it('a launch passes breakpoints on the way to its line if it says so', async () => {
    const set = (client: TestClient) => () =>
      client.request('setBreakpoints', { source: SOURCE, breakpoints: [{ line: 6 }] });
    const stops = new TestClient();
    await stops.start(HOLE, { stopAtLine: PUNCH }, set(stops));
    expect((await stops.stack())[0]!.line).toBe(6);
    const passes = new TestClient();
    await passes.start(HOLE, { stopAtLine: PUNCH, passBreakpoints: true }, set(passes));
    expect((await passes.stack())[0]!.line).toBe(PUNCH);
  });
});
