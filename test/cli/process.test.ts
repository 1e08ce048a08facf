import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Message, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { commandBundle } from '../../scripts/build';
import { debugAdapter, languageServer, type Streams } from '../../src/cli/servers';

const folder = mkdtempSync(path.join(tmpdir(), 'gmemscope-'));
const command = path.join(folder, 'cli.mjs');
const program = path.join(folder, 'a scenario.gmem');
const TEXT = 'gmem A size 5K\ngmem B size 4K\n';

beforeAll(async () => {
  writeFileSync(program, TEXT);
  await build({ ...commandBundle, minify: false, outfile: command });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

interface Received {
  readonly id?: number;
  readonly method?: string;
  readonly request_seq?: number;
  readonly event?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at parts of what both protocols send.
  readonly [key: string]: any;
}

/** Sends messages to a process, and finds those that come back. */
class Client {
  readonly process: ChildProcess;
  readonly messages: Received[] = [];
  readonly exit: Promise<number | null>;
  errors = '';
  private readonly writer: StreamMessageWriter;
  private readonly waiting = new Set<() => void>();

  constructor(...args: readonly string[]) {
    const child = spawn(process.execPath, [command, ...args], { cwd: folder });
    this.process = child;
    this.exit = once(child, 'close').then(([code]) => code as number | null);
    child.stderr.on('data', (data) => {
      this.errors += data;
    });
    this.writer = new StreamMessageWriter(child.stdin);
    new StreamMessageReader(child.stdout).listen((message) => {
      this.messages.push(message as unknown as Received);
      for (const look of this.waiting) look();
    });
  }

  async send(message: object): Promise<void> {
    await this.writer.write(message as Message);
  }

  /** The first message that matches, now or later. */
  wait(matches: (message: Received) => boolean): Promise<Received> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.messages.find(matches);
        if (found === undefined) return;
        this.waiting.delete(look);
        resolve(found);
      };
      this.waiting.add(look);
      look();
    });
  }
}

let client: Client;

afterEach(() => {
  client?.process.kill();
});

describe('gmemscope lsp', () => {
  const call = (id: number, method: string, params?: object) => {
    void client.send({ jsonrpc: '2.0', id, method, params });
    return client.wait((message) => message.id === id);
  };
  const notify = (method: string, params?: object) => client.send({ jsonrpc: '2.0', method, params });

  it.each([[[]], [['--stdio']]])('checks what an editor opens, with the options %j', async (options) => {
    client = new Client('lsp', ...options);
    const { result } = await call(1, 'initialize', { processId: null, rootUri: null, capabilities: {} });
    expect(result.capabilities.hoverProvider).toBe(true);
    await notify('initialized', {});
    const uri = pathToFileURL(program).href;
    await notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'gmem', version: 1, text: TEXT },
    });
    // They come at once, and again when the scenario has been run.
    const { params } = await client.wait(
      (message) =>
        message.method === 'textDocument/publishDiagnostics' && message.params.diagnostics.length > 0,
    );
    expect(params.uri).toBe(uri);
    expect(params.diagnostics[0].message).toContain('EINVAL');
    await call(2, 'shutdown');
    await notify('exit');
    expect(await client.exit).toBe(0);
    expect(client.errors).toBe('');
  });

  it('ends when the process of its client has ended, though its input stays open', async () => {
    const editor = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    client = new Client('lsp');
    await call(1, 'initialize', { processId: editor.pid, rootUri: null, capabilities: {} });
    expect((await call(2, 'shutdown')).result).toBeNull();
    editor.kill();
    expect(await client.exit).toBe(1);
  });

  it('ends with status 1 where the client has not said `shutdown`', async () => {
    client = new Client('lsp');
    await call(1, 'initialize', { processId: null, rootUri: null, capabilities: {} });
    await notify('exit');
    expect(await client.exit).toBe(1);
  });
});

describe('gmemscope dap', () => {
  let seq = 0;
  const request = async (name: string, args?: object) => {
    seq++;
    const own = seq;
    void client.send({ seq: own, type: 'request', command: name, arguments: args });
    return client.wait((message) => message.request_seq === own);
  };

  it.each([
    ['a path', program, ['--stdio']],
    ['a URI', pathToFileURL(program).href, []],
    ['a path from where it was started', path.basename(program), []],
  ])('runs a scenario that the client names by %s', async (_, name, options) => {
    client = new Client('dap', ...options);
    await request('initialize', { adapterID: 'gmem' });
    expect((await request('launch', { program: name })).success).toBe(true);
    await request('configurationDone');
    await client.wait(({ event }) => event === 'stopped');
    await request('continue', { threadId: 1 });
    await client.wait(({ event }) => event === 'terminated');
    const printed = client.messages.filter(({ event }) => event === 'output').map(({ body }) => body.output);
    expect(printed.length).toBe(2);
    expect(printed[0]).toContain('EINVAL');
    expect((await request('disconnect')).success).toBe(true);
    expect(await client.exit).toBe(0);
    expect(client.errors).toBe('');
  });

  it('says why a scenario cannot be read', async () => {
    client = new Client('dap');
    await request('initialize', { adapterID: 'gmem' });
    const { success, message } = await request('launch', { program: '/absent.gmem' });
    expect(success).toBe(false);
    expect(message).toBe('Cannot read /absent.gmem: there is no such file');
  });
});

describe.each(['lsp', 'dap'])('gmemscope %s', (name) => {
  it('ends when its client is gone', async () => {
    client = new Client(name);
    client.process.stdin!.end();
    expect(await client.exit).toBe(1);
  });

  it('ends, and says why, when it is sent something else', async () => {
    client = new Client(name);
    client.process.stdin!.write('GET / HTTP/1.1\r\n\r\n');
    expect(await client.exit).toBe(1);
    expect(client.errors).toMatch(/^gmemscope: the client sent an invalid message/);
  });
});

describe.each(['lsp', 'dap'])('gmemscope %s', (name) => {
  it.each([
    ['a header without an end', 'x'.repeat(100_000), /its header is longer than 4096 bytes/],
    [
      'a message of 10 TB',
      'Content-Length: 10000000000000\r\n\r\n{}',
      /10000000000000 bytes by its Content-Length/,
    ],
    [
      'a header without an end, behind requests that are not answered yet',
      `Content-Length: 2\r\n\r\n{}`.repeat(20) + 'x'.repeat(100_000),
      /its header is longer than 4096 bytes/,
    ],
    ['a line in place of a header', 'Content-Length: 2\r\nnonsense\r\n\r\n{}', /nonsense/],
    ['a length that is no number', 'Content-Length: -1\r\n\r\n{}', /no header with a Content-Length/],
    ['a body that is no JSON', 'Content-Length: 2\r\n\r\n{x', /JSON/],
  ])('ends, and says why, at %s', async (_, bytes, sentence) => {
    client = new Client(name);
    // The process ends before it has read everything.
    client.process.stdin!.on('error', () => {});
    client.process.stdin!.write(bytes);
    expect(await client.exit).toBe(1);
    expect(client.errors).toMatch(sentence);
    expect(client.errors).toMatch(/^gmemscope: the client sent an invalid message: [^\n]*\n$/);
  });

  it('reads messages in pieces of any size', async () => {
    client = new Client(name);
    const body =
      name === 'lsp'
        ? { jsonrpc: '2.0', id: 1, method: 'initialize', params: { processId: null, capabilities: {} } }
        : { seq: 1, type: 'request', command: 'initialize', arguments: { adapterID: 'ü' } };
    const json = Buffer.from(JSON.stringify(body));
    const bytes = Buffer.concat([Buffer.from(`Content-Length: ${json.length}\r\n\r\n`), json]);
    for (const byte of bytes) client.process.stdin!.write(Buffer.from([byte]));
    await client.wait(({ id, request_seq }) => id === 1 || request_seq === 1);
    expect(client.errors).toBe('');
  });
});

describe('the bundled command', () => {
  it('knows its version', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(execFileSync(process.execPath, [command, '--version'], { encoding: 'utf8' })).toBe(`${version}\n`);
  });

  it.each(['run', 'verify', 'record', 'lsp', 'dap', 'help', '--version'])('has help for %s', (name) => {
    const help = execFileSync(process.execPath, [command, 'help'], { encoding: 'utf8' });
    expect(help).toMatch(new RegExp(`^  gmemscope ${name}\\b`, 'm'));
  });
});

describe('two commands at once', () => {
  const run = async (...args: readonly string[]) => {
    const child = spawn(process.execPath, [command, ...args], { cwd: folder, stdio: 'ignore' });
    return (await once(child, 'exit'))[0];
  };

  it('that rewrite the same file leave the result of one or of both, never a part', {
    timeout: 0,
  }, async () => {
    const file = path.join(folder, 'twice.gmem');
    const lines = Array.from({ length: 300 }, (_, at) => `fault vcpu 0 write   gpa ${at * 4096}`);
    const before = `vm default\nslot 0 gpa 0 size 4M\n${lines.join('\n')}\n`;
    const resultOf = async (...commands: readonly Promise<unknown>[]) => {
      await Promise.all(commands);
      return readFileSync(file, 'utf8');
    };
    const fmt = () => run('fmt', file);
    const add = () => run('test', '--add', file);
    const results: string[] = [];
    for (const [first, second] of [
      [fmt, add],
      [add, fmt],
    ] as const) {
      writeFileSync(file, before);
      results.push(await resultOf(first()), await resultOf(second()));
    }
    for (let round = 0; round < 10; round++) {
      writeFileSync(file, before);
      expect(results).toContain(await resultOf(fmt(), add()));
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

it.each([
  [languageServer, ['--port', '1']],
  [debugAdapter, ['x.gmem']],
])('refuses a command line with more than --stdio', (serve, args) => {
  expect(() => serve(args, {} as Streams)).toThrow(/port|takes no file/);
});
