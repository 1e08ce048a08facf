import { describe, expect, it } from 'vitest';
import { DebugSession } from '../../src/dap/session';
import { type Message, PROGRAM, TestClient } from './client';
import { HOLE, REFUSED } from './scenarios';

describe('initialize', () => {
  it('says what the debugger can do, and only that', async () => {
    const capabilities = await new TestClient().initialize();
    expect(capabilities).toMatchObject({ supportsStepBack: true, supportsSetVariable: false });
    expect(capabilities.exceptionBreakpointFilters!.map(({ filter }) => filter)).toEqual([
      'failed',
      'failed-expectation',
      'memory-fault',
      'rmp-fault',
      'warn',
    ]);
  });

  it('refuses a path format that it does not know', async () => {
    const { success, message } = await new TestClient().ask('initialize', { pathFormat: 'inode' });
    expect([success, message]).toEqual([false, 'Paths in the format inode are not understood.']);
  });
});

describe('launch', () => {
  it('stops at the first statement', async () => {
    const client = new TestClient();
    expect((await client.start(HOLE)).body).toMatchObject({ reason: 'entry', threadId: 1 });
    expect(await client.top()).toBe('gmem A size 4M:4');
    expect((await client.request('threads')).threads).toEqual([{ id: 1, name: 'scenario' }]);
  });

  it('runs to a line, and stops before its statement', async () => {
    const client = new TestClient();
    const { body } = await client.start(HOLE, { stopAtLine: 9 });
    expect(body.reason).toBe('step');
    expect((await client.top()).split(':').at(-1)).toBe('9');
    const first = new TestClient();
    expect((await first.start(HOLE, { stopAtLine: 1 })).body.reason).toBe('entry');
  });

  it('runs at once without stopOnEntry, up to a breakpoint on the very first statement', async () => {
    const client = new TestClient();
    const set = () =>
      client.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{ line: 1 }] });
    expect((await client.start(HOLE, { stopOnEntry: false }, set)).body.reason).toBe('breakpoint');
    expect(await client.top()).toBe('gmem A size 4M:4');
  });

  it('without debugging passes breakpoints and the entry', async () => {
    const client = new TestClient();
    const set = () =>
      client.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{ line: 7 }] });
    expect((await client.start(HOLE, { noDebug: true }, set)).event).toBe('terminated');
  });

  it.each([
    ['no file', undefined, 'Cannot read /scenarios/test.gmem: there is no such file'],
    ['an error', 'vm sw-protected\nslot 0 gpa 0 size 4K gmem B offset 0\n', 'line 2: '],
    ['several errors', 'slot\nslot\nslot\n', ', and '],
    ['nothing to run', '# nothing\nvm default\n', 'There is nothing to run'],
    ['an empty file', '', 'There is nothing to run'],
    ['bytes', '\u0000\u0001\ufffd\ud800', 'The scenario cannot run: line 1'],
  ])('with %s fails, and can be tried again', async (_, text, message) => {
    const client = new TestClient();
    if (text !== undefined) client.files[PROGRAM] = text;
    await client.initialize();
    const response = await client.ask('launch', { program: PROGRAM });
    expect(response.success).toBe(false);
    expect(response.message).toContain(message);
    expect(client.events('output')[0]!.body.output).toBe(`${response.message}\n`);
    client.files[PROGRAM] = HOLE;
    await client.request('launch', { program: PROGRAM });
    expect((await client.move('configurationDone', {})).body.reason).toBe('entry');
  });

  it.each([
    [{}, 'The argument program is missing'],
    [{ program: 7 }, 'The argument program is not a string.'],
    [{ program: PROGRAM, stopAtLine: -1 }, 'The argument stopAtLine is not a non-negative integer.'],
    [{ program: PROGRAM, stopOnEntry: 'yes' }, 'The argument stopOnEntry is neither true nor false.'],
    [[], 'The arguments of the request are not an object.'],
  ])('refuses the arguments %j', async (args, message) => {
    const client = new TestClient({ [PROGRAM]: HOLE });
    await client.initialize();
    expect((await client.ask('launch', args)).message).toContain(message);
  });

  it('takes a byte order mark for no part of the text', async () => {
    const client = new TestClient();
    await client.start(`\uFEFF${HOLE}`);
    expect(await client.top()).toBe('gmem A size 4M:4');
  });
});

describe('restart', () => {
  it('reads the scenario anew, and its breakpoints stay at their statements', async () => {
    const client = new TestClient();
    await client.start(REFUSED, {}, () =>
      client.request('setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{ line: 5 }] }),
    );
    await client.move('continue');
    client.files[PROGRAM] = `\n${REFUSED}`;
    expect((await client.move('restart', {})).body.reason).toBe('entry');
    expect(client.outcomes()).toMatchObject({ run: 2, outcomes: [] });
    expect(client.events('breakpoint').at(-1)!.body.breakpoint).toMatchObject({ id: 1, line: 6 });
    await client.move('continue');
    expect(await client.top()).toBe('convert gpa 0x10000000 size 4K private:6');
  });

  it('of a text that cannot run prints the error with its line, and leaves the session where it is', async () => {
    const client = new TestClient();
    await client.start(REFUSED);
    client.files[PROGRAM] = '\nslot';
    expect((await client.ask('restart')).success).toBe(true);
    expect(client.events('output').at(-1)!.body).toMatchObject({
      category: 'important',
      output: expect.stringMatching(/^Cannot restart: line 2: .* The session stays where it is\.\n$/),
      source: { path: PROGRAM },
      line: 2,
    });
    await client.move('next');
    expect(await client.top()).toContain(':3');
  });

  it('before the client is configured waits for it', async () => {
    const client = new TestClient({ [PROGRAM]: HOLE });
    await client.initialize();
    await client.request('launch', { program: PROGRAM });
    client.files[PROGRAM] = REFUSED;
    await client.request('restart');
    expect(client.events('stopped')).toEqual([]);
    await client.move('configurationDone', {});
    expect(await client.top()).toBe('gmem A size 64K:2');
  });
});

describe('messages out of order', () => {
  const COMMANDS = ['continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue', 'pause'];
  const LOOKS = ['stackTrace', 'scopes', 'variables', 'exceptionInfo', 'source', 'loadedSources'];

  it.each([...COMMANDS, ...LOOKS, 'launch', 'setBreakpoints', 'threads', 'configurationDone'])(
    '%s before initialize is refused',
    async (command) => {
      const { success, message } = await new TestClient().ask(command, { threadId: 1 });
      expect(success).toBe(false);
      expect(message).toBe(`${command} is not possible now. The first request must be initialize.`);
    },
  );

  it.each([...COMMANDS, ...LOOKS, 'configurationDone', 'restart'])(
    '%s before launch is refused',
    async (command) => {
      const client = new TestClient();
      await client.initialize();
      const { success, message } = await client.ask(command, { threadId: 1 });
      expect(success).toBe(false);
      expect(message).toContain('send launch first');
    },
  );

  it.each([...COMMANDS, 'stackTrace'])('%s before configurationDone is refused', async (command) => {
    const client = new TestClient({ [PROGRAM]: HOLE });
    await client.initialize();
    await client.request('launch', { program: PROGRAM });
    const { message } = await client.ask(command, { threadId: 1 });
    expect(message).toContain('send configurationDone first');
  });

  it.each([
    ['initialize', {}, 'The session is initialized already.'],
    ['launch', { program: PROGRAM }, 'launch is not possible now.'],
    ['configurationDone', {}, 'configurationDone is not possible now.'],
    ['pause', { threadId: 1 }, 'pause is not possible now. The scenario is loaded and stopped.'],
    ['next', { threadId: 2 }, 'There is no thread 2.'],
    ['next', {}, 'The argument threadId is missing.'],
    ['next', null, 'The argument threadId is missing.'],
    ['next', 'now', 'The arguments of the request are not an object.'],
    ['stackTrace', { threadId: '1' }, 'The argument threadId is not a non-negative integer.'],
    ['stackTrace', { threadId: 1, levels: -1 }, 'The argument levels is not a non-negative integer.'],
    ['scopes', { frameId: 99 }, 'The frame is unknown'],
    ['scopes', {}, 'The argument frameId is missing.'],
    ['variables', { variablesReference: 99 }, 'The variables reference is unknown'],
    ['source', { sourceReference: 9999 }, 'There is no source with the reference 9999.'],
    ['exceptionInfo', { threadId: 1 }, 'The scenario did not stop at an exception.'],
    ['setBreakpoints', {}, 'The argument source is missing or not an object.'],
    ['setBreakpoints', { source: {} }, 'The source has neither a path nor a reference.'],
    ['setBreakpoints', { source: { path: PROGRAM }, breakpoints: [3] }, 'is not a list of objects.'],
    ['setBreakpoints', { source: { path: PROGRAM }, breakpoints: [{}] }, 'The argument line is missing.'],
    ['setExceptionBreakpoints', {}, 'The argument filters is not a list of strings.'],
    ['evaluate', { expression: '1 +' }, 'Expected a number, a name or a bracket, found the end.'],
    ['setVariable', {}, 'There is no request setVariable.'],
    ['toString', {}, 'There is no request toString.'],
    ['', {}, 'The request has no command.'],
  ])('%s %j is refused once the scenario is suspended', async (command, args, message) => {
    const client = new TestClient();
    await client.start(HOLE);
    const response = await client.ask(command, args);
    expect(response.success).toBe(false);
    expect(response.message).toContain(message);
    expect(response.body.error.format).toBe(response.message);
    expect(await client.top()).toBe('gmem A size 4M:4');
  });

  it.each([
    ['setVariable', true],
    ['gmemscope/other', false],
  ])('the refusal of %s is shown to a person: %s', async (command, shown) => {
    const client = new TestClient();
    await client.start(HOLE);
    const { body } = await client.ask(command, {});
    expect(body.error.showUser).toBe(shown);
  });

  it('attach is refused, also while a scenario runs', async () => {
    const client = new TestClient();
    await client.initialize();
    expect((await client.ask('attach')).message).toContain(
      'attach is not supported: a scenario is run by a launch request.',
    );
    const running = new TestClient();
    await running.start(HOLE);
    expect((await running.ask('attach')).message).toContain(
      'attach is not supported: a scenario is run by a launch request.',
    );
  });

  it('requests while the file is read are refused, and a client may leave then', async () => {
    const client = new TestClient({ [PROGRAM]: HOLE });
    await client.initialize();
    let open = () => {};
    client.gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const launched = client.ask('launch', { program: PROGRAM });
    expect((await client.ask('launch', { program: PROGRAM })).message).toContain('still being loaded');
    await client.request('disconnect');
    open();
    expect((await launched).success).toBe(false);
    expect(client.events('initialized')).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'continue'],
    ['a list', []],
    ['no type', { seq: 1 }],
    ['an event', { seq: 1, type: 'event', event: 'stopped' }],
    ['a response', { seq: 1, type: 'response', request_seq: 3 }],
  ])('%s is ignored', (_, message) => {
    const client = new TestClient();
    client.session.handleMessage(message);
    expect(client.messages).toEqual([]);
  });

  it.each([
    ['no number', { type: 'request', command: 'next' }],
    ['a wrong number', { type: 'request', seq: 'one', command: 'next' }],
    ['no command', { type: 'request', seq: 0 }],
    ['a wrong command', { type: 'request', seq: 0, command: {} }],
  ])('a request with %s gets a response that says no', (_, message) => {
    const client = new TestClient();
    client.session.handleMessage(message);
    expect(client.messages.map(({ success, request_seq }) => [success, request_seq])).toEqual([[false, 0]]);
  });
});

describe('all messages', () => {
  it('are numbered one by one, and each request is answered once, before what it causes', async () => {
    const client = new TestClient();
    await client.start(HOLE);
    for (const command of ['next', 'stepIn', 'stepIn', 'stepOut', 'stepBack', 'continue']) {
      await client.move(command);
    }
    expect(client.messages.map(({ seq }) => seq)).toEqual(client.messages.map((_, at) => at + 1));
    const answered = client.messages.filter(({ type }) => type === 'response');
    expect(answered.map(({ request_seq }) => request_seq)).toEqual(answered.map((_, at) => at + 1));
    const first = client.messages.findIndex(({ command }) => command === 'next');
    const stopped = (message: Message) => message.event === 'stopped';
    expect(client.messages.slice(first).findIndex(stopped)).toBeGreaterThan(0);
  });

  it('end with dispose, and with the disposal of a listener', async () => {
    const session = new DebugSession({ readFile: async () => HOLE });
    const heard: unknown[] = [];
    const listener = session.onDidSendMessage((message) => heard.push(message));
    session.handleMessage({ seq: 1, type: 'request', command: 'initialize', arguments: {} });
    expect(heard.length).toBe(1);
    listener.dispose();
    session.handleMessage({ seq: 2, type: 'request', command: 'threads' });
    session.onDidSendMessage((message) => heard.push(message));
    session.dispose();
    session.handleMessage({ seq: 3, type: 'request', command: 'threads' });
    expect(heard.length).toBe(1);
  });
});
