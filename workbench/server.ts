import { readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileService } from './file-service';
import { page } from './page';
import { belongsToExtension, sendFile } from './static-files';

export interface ServerOptions {
  /** The folder of the VS Code web build, and its version. */
  build: { folder: string; version: string };
  projectRoot: string;
  /** The folder of the extension, if it is not the project itself. */
  extension?: string;
  /** The folder of scenarios to open. */
  scenarios: string;
  port: number;
  /** Use the next free port if `port` is in use. */
  anyPort: boolean;
}

export interface RunningServer {
  url: string;
  close(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const server = createServer((request, response) => {
    handle(request, response, options, (server.address() as AddressInfo).port).catch((error) => {
      console.error(error);
      response.headersSent ? response.destroy() : response.writeHead(500).end();
    });
  });
  const port = await listen(server, options.port, options.anyPort);
  return {
    url: `http://localhost:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Listens on the loopback address only, so the files are not reachable from the network. */
async function listen(server: Server, port: number, anyPort: boolean): Promise<number> {
  const last = anyPort && port !== 0 ? port + 20 : port;
  for (let candidate = port; ; candidate++) {
    try {
      return await new Promise<number>((resolve, reject) => {
        server.once('error', reject);
        server.listen(candidate, '127.0.0.1', () => {
          server.off('error', reject);
          resolve((server.address() as AddressInfo).port);
        });
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || candidate >= last) throw error;
    }
  }
}

/**
 * A foreign page can resolve its own host name to 127.0.0.1 (DNS rebinding); checking the Host header rejects it. Names
 * under .localhost always resolve to this machine; webviews use them to get an origin of their own.
 */
function knownHost(host: string | undefined, port: number): 'own' | 'webview' | undefined {
  if (host === `localhost:${port}` || host === `127.0.0.1:${port}`) return 'own';
  if (host !== undefined && /^[a-z0-9-]+\.localhost:\d+$/.test(host) && host.endsWith(`:${port}`))
    return 'webview';
  return undefined;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
  port: number,
): Promise<void> {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  const host = knownHost(request.headers.host, port);
  if (host === undefined) return refuse(response, 'This server only answers requests to localhost.');

  // Split the path by hand: `new URL` would resolve `..` before resolveInside sees it.
  const [rawPath = '/', rawQuery = ''] = (request.url ?? '/').split('?', 2);
  const buildPrefix = `/vscode-${options.build.version}`;
  const under = (prefix: string) =>
    rawPath.startsWith(`${prefix}/`) ? rawPath.slice(prefix.length + 1) : undefined;

  const inBuild = under(buildPrefix);
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (inBuild !== undefined && reading) {
    return sendFile(response, options.build.folder, inBuild, 'public, max-age=31536000, immutable');
  }
  if (host === 'webview') return refuse(response, 'This host name only serves files of VS Code.');

  const inFiles = under('/files');
  if (inFiles !== undefined) {
    const own = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
    // Pages of other origins may neither write nor read: no CORS header is sent here.
    if (!reading && !own.includes(request.headers.origin ?? ''))
      return refuse(response, 'Cross-origin request rejected.');
    return fileService(options.scenarios)(request, response, inFiles, new URLSearchParams(rawQuery));
  }
  if (!reading) return refuse(response, 'This path is read-only.');

  const inExtension = under('/extension');
  if (inExtension !== undefined && belongsToExtension(inExtension)) {
    return sendFile(response, options.extension ?? options.projectRoot, inExtension, 'no-store');
  }
  const inProvider = under('/files-extension');
  if (inProvider !== undefined) {
    return sendFile(
      response,
      path.join(options.projectRoot, 'dist', 'files-extension'),
      inProvider,
      'no-store',
    );
  }
  if (rawPath === '/') {
    const html = page({
      origin: `http://${request.headers.host}`,
      port,
      build: buildPrefix,
      folder: path.basename(options.scenarios),
      openFile: firstScenario(options.scenarios),
    });
    response
      .writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'no-store',
        'Content-Security-Policy': "frame-ancestors 'self'",
      })
      .end(html);
    return;
  }
  response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n');
}

function refuse(response: ServerResponse, reason: string): void {
  response.writeHead(403, { 'Content-Type': 'text/plain' }).end(`${reason}\n`);
}

const favourite = 'hole-across-two-slots.gmem';

/** Open the central example on the first visit. */
function firstScenario(folder: string): string | undefined {
  const scenarios = readdirSync(folder).filter((name) => name.endsWith('.gmem'));
  return scenarios.includes(favourite) ? favourite : scenarios.sort()[0];
}
