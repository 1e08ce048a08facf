import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../../workbench/server';

let scratch: string;
let scenarios: string;
let server: RunningServer;

beforeAll(async () => {
  scratch = await realpath(await mkdtemp(path.join(tmpdir(), 'gmemscope-server-')));
  scenarios = path.join(scratch, 'project', 'examples');
  const build = path.join(scratch, 'vscode');
  await mkdir(scenarios, { recursive: true });
  await mkdir(path.join(scratch, 'project', 'src'), { recursive: true });
  await mkdir(build);
  await writeFile(path.join(build, 'workbench.js'), 'export default 1');
  await writeFile(path.join(scratch, 'project', 'package.json'), '{}');
  await writeFile(path.join(scratch, 'project', 'src', 'secret.ts'), 'secret');
  await writeFile(path.join(scratch, 'outside.txt'), 'secret');
  await writeFile(path.join(scenarios, 'a b.gmem'), 'vm default\n');
  await symlink(path.join(scratch, 'outside.txt'), path.join(scenarios, 'link.gmem'));
  execFileSync('sh', ['-c', 'mkfifo fifo.gmem'], { cwd: scenarios });
  await writeFile(path.join(scenarios, 'huge.gmem'), '');
  await truncate(path.join(scenarios, 'huge.gmem'), 1 << 30);
  await symlink(path.join(scratch, 'not-there.txt'), path.join(scenarios, 'dangling.gmem'));
  const projectRoot = path.join(scratch, 'project');
  server = await startServer({
    build: { folder: build, version: '1.0' },
    projectRoot,
    scenarios,
    port: 0,
    anyPort: true,
  });
});

afterAll(async () => {
  await server.close();
  await rm(scratch, { recursive: true, force: true });
});

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A request as it is written: fetch would mend the path and choose the headers. */
function ask(
  target: string,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<{ status: number; text: string }> {
  const { port, host } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path: target, method, headers: { host, ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    asked.on('error', reject).end(body);
  });
}

const own = () => ({ origin: new URL(server.url).origin });

describe('the workbench server', () => {
  test('answers with a page that opens the first scenario', async () => {
    const { status, text } = await ask('/');
    expect(status).toBe(200);
    expect(text).toContain('"path":"/examples/a b.gmem"');
  });

  test.each([
    ['/vscode-1.0/workbench.js', 200],
    ['/extension/package.json', 200],
    ['/files/a%20b.gmem', 200],
    ['/files/?list', 200],
    ['/files/none.gmem', 404],
    ['/extension/src/secret.ts', 404],
    ['/vscode-1.0/../outside.txt', 404],
    ['/vscode-1.0/%2e%2e/outside.txt', 404],
    ['/extension/media/../src/secret.ts', 404],
    ['/files/../src/secret.ts', 403],
    ['/files/%2e%2e%2fsrc%2fsecret.ts', 403],
    ['/files/link.gmem', 403],
    ['/files/fifo.gmem', 403],
    ['/files/huge.gmem', 403],
    ['/files/%00', 403],
    ['/files/%', 403],
    ['/files/a%5c..%5cb', 403],
    ['/elsewhere', 404],
  ])('GET %s: %i', async (target, status) => {
    expect((await ask(target)).status).toBe(status);
  });

  test.each([['evil.example'], ['localhost:1'], ['evil.localhost.example:80']])(
    'refuses a request for the host %s, which may be a name that points here',
    async (host) => expect((await ask('/', { headers: { host } })).status).toBe(403),
  );

  test('serves a webview, which has a host name of its own, the build only', async () => {
    const host = `some-view.localhost:${new URL(server.url).port}`;
    expect((await ask('/vscode-1.0/workbench.js', { headers: { host } })).status).toBe(200);
    expect((await ask('/files/?list', { headers: { host } })).status).toBe(403);
  });

  test.each<[string, Asked]>([
    ['from a page of another origin', { headers: { origin: 'http://evil.example' } }],
    ['without an origin', {}],
  ])('changes nothing %s', async (_title, asked) => {
    expect((await ask('/files/new.gmem?create', { ...asked, method: 'PUT', body: 'x' })).status).toBe(403);
    expect((await ask('/files/new.gmem')).status).toBe(404);
  });
});

describe('the folder of scenarios', () => {
  const put = (target: string, body: string) => ask(target, { method: 'PUT', headers: own(), body });
  const post = (target: string) => ask(target, { method: 'POST', headers: own() });

  test('is written, listed, renamed and deleted as a disk is', async () => {
    expect((await put('/files/n.gmem?create', 'vm default')).status).toBe(204);
    expect(await readFile(path.join(scenarios, 'n.gmem'), 'utf8')).toBe('vm default');
    expect((await put('/files/n.gmem?create', 'again')).status).toBe(409);
    expect((await put('/files/n.gmem?create&overwrite', 'again')).status).toBe(204);
    expect(JSON.parse((await ask('/files/n.gmem?stat')).text)).toMatchObject({ type: 1, size: 5 });
    expect((await post('/files/sub?mkdir')).status).toBe(204);
    expect((await post('/files/n.gmem?rename=sub%2Fm.gmem')).status).toBe(204);
    expect(JSON.parse((await ask('/files/sub?list')).text)).toEqual([['m.gmem', 1]]);
    expect((await post('/files/sub/m.gmem?rename=a%20b.gmem')).status).toBe(409);
    expect((await ask('/files/sub?recursive', { method: 'DELETE', headers: own() })).status).toBe(204);
    expect((await ask('/files/sub?stat')).status).toBe(404);
  });

  test.each([
    ['a rename out of it', () => post('/files/a%20b.gmem?rename=..%2F..%2Fstolen.gmem')],
    ['a write through a link', () => put('/files/link.gmem?overwrite', 'x')],
    ['a write through a dangling link', () => put('/files/dangling.gmem?create&overwrite', 'x')],
    ['a write to a pipe', () => put('/files/fifo.gmem?overwrite', 'x')],
    ['its own end', () => ask('/files/?recursive', { method: 'DELETE', headers: own() })],
  ])('refuses %s', async (_title, act) => {
    expect((await act()).status).toBe(403);
  });
});
