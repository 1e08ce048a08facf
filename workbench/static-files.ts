import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { resolveInside } from './paths';

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.cjs': 'text/javascript; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.mp3': 'audio/mpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

/** The folders and files of the project that the .vsix contains; nothing else of it is served. */
const extensionParts = [
  'package.json',
  'language-configuration.json',
  'README.md',
  'LICENSE',
  'dist',
  'media',
  'snippets',
  'syntaxes',
];

export function belongsToExtension(urlPath: string): boolean {
  return extensionParts.includes(urlPath.split('/')[0] ?? '');
}

/**
 * Sends a file of a folder, or 404. Not sirv 3: it either remembers sizes from the start, and the extension is built
 * anew while it is served, or looks at the disk synchronously; it names no charset for scripts and styles; and a file
 * that vanishes while it is read ends the server. The check of paths would stay, since the file service needs it too.
 */
export async function sendFile(
  response: ServerResponse,
  folder: string,
  urlPath: string,
  cacheControl: string,
): Promise<void> {
  const file = resolveInside(folder, urlPath);
  const status = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file === undefined || !status?.isFile()) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n');
    return;
  }
  response.writeHead(200, {
    'Content-Type': contentTypes[path.extname(file)] ?? 'application/octet-stream',
    'Content-Length': status.size,
    'Cache-Control': cacheControl,
    // A webview has another localhost host name and loads its own files with CORS.
    'Access-Control-Allow-Origin': '*',
  });
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}
