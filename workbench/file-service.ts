import { mkdir, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { MOST_BYTES } from '../src/cli/limits';
import { followLinks } from '../src/cli/links';
import { saveFile } from '../src/cli/save';
import { resolveInside } from './paths';

/**
 * The folder of scenarios over HTTP, for the file system provider of files-extension: a save in the browser is written
 * to the folder at once.
 *
 * GET ?list, GET ?stat, GET, PUT, DELETE, POST ?mkdir, POST ?rename=<path>
 */
export function fileService(folder: string) {
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    urlPath: string,
    query: URLSearchParams,
  ) => {
    try {
      const file = await inside(folder, urlPath);
      await answer(folder, file, request, response, query);
    } catch (error) {
      const [status, message] = describe(error);
      response.writeHead(status, { 'Content-Type': 'text/plain' }).end(`${message}\n`);
    }
  };
}

class Refused extends Error {}

/** The file a path names; a symbolic link that leads out of the folder is refused as `..` is, dangling or not. */
async function inside(folder: string, urlPath: string): Promise<string> {
  const file = resolveInside(folder, urlPath);
  if (file === undefined) throw new Refused('outside the folder');
  const root = await realpath(folder).catch(() => {
    throw new Refused('the folder is gone');
  });
  const real = followLinks(file);
  if (real !== root && !real.startsWith(root + path.sep)) throw new Refused('outside the folder');
  return file;
}

async function answer(
  folder: string,
  file: string,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const json = (value: unknown) =>
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
  const done = () => response.writeHead(204).end();
  switch (request.method) {
    case 'GET': {
      if (query.has('list')) {
        const entries = await readdir(file, { withFileTypes: true });
        return void json(entries.map((entry) => [entry.name, entry.isDirectory() ? 2 : 1]));
      }
      if (query.has('stat')) {
        const status = await stat(file);
        const type = status.isDirectory() ? 2 : 1;
        return void json({ type, ctime: status.ctimeMs, mtime: status.mtimeMs, size: status.size });
      }
      await checkRegular(file);
      const content = await readFile(file);
      response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(content);
      return;
    }
    case 'PUT': {
      await checkRegular(file);
      const content = await body(request);
      await saveFile(file, content, { exclusive: query.has('create') && !query.has('overwrite') });
      return void done();
    }
    case 'DELETE':
      if (file === folder) throw new Refused('the root folder');
      await rm(file, { recursive: query.has('recursive') });
      return void done();
    case 'POST': {
      const target = query.get('rename');
      if (target === null) {
        await mkdir(file);
        return void done();
      }
      const to = await inside(folder, target);
      if (!query.has('overwrite') && (await stat(to).catch(() => undefined))) {
        throw Object.assign(new Error('the file exists'), { code: 'EEXIST' });
      }
      await rename(file, to);
      return void done();
    }
    default:
      response.writeHead(405).end();
  }
}

const TOO_LARGE = `larger than ${MOST_BYTES / 1024 / 1024} MiB`;

/** Reading a pipe or a device could wait forever, and writing one changes what is not a file of the folder. */
async function checkRegular(file: string): Promise<void> {
  const status = await stat(file).catch(() => null);
  if (status === null || status.isDirectory()) return;
  if (!status.isFile()) throw new Refused('not a regular file');
  if (status.size > MOST_BYTES) throw new Refused(TOO_LARGE);
}

async function body(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Refused(TOO_LARGE);
    chunks.push(chunk);
  }
  // A body truncated by a closed tab must not replace a file.
  if (!request.complete) throw new Error('the request was truncated');
  return Buffer.concat(chunks);
}

function describe(error: unknown): [status: number, message: string] {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof Refused || code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return [403, message];
  if (code === 'ENOENT' || code === 'ENOTDIR') return [404, message];
  if (code === 'EEXIST') return [409, message];
  return [500, message];
}
