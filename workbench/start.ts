import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { openBrowser } from './open-browser';
import { cacheDirectory, projectRoot } from './paths';
import { progressPrinter } from './progress';
import { type RunningServer, startServer } from './server';
import { bytesNeeded, cachedBuild, megabytes, vscodeBuild } from './vscode-build';

const usage = `npm start [-- [FOLDER] [--port N] [--no-open]]

Serves VS Code with the gmemscope extension to the browser, on this machine only.
  FOLDER     the folder of scenarios to open (examples)
  --port N   the port to listen on (the first free one from 8100 on)
  --no-open  only print the address, do not open a browser`;

const defaultPort = 8100;

const argumentsTaken = {
  options: {
    port: { type: 'string' },
    'no-open': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
  allowPositionals: true,
} as const satisfies ParseArgsConfig;

class UsageError extends Error {}

interface Arguments {
  folder: string;
  port: number | undefined;
  open: boolean;
}

/** Throws UsageError for invalid arguments; undefined if help is requested. */
export function readArguments(args: readonly string[]): Arguments | undefined {
  let parsed: ReturnType<typeof parseArgs<typeof argumentsTaken & { args: string[] }>>;
  try {
    parsed = parseArgs({ ...argumentsTaken, args: [...args] });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help) return undefined;
  if (positionals.length > 1) throw new UsageError('At most one folder can be opened.');
  const folder = path.resolve(positionals[0] ?? path.join(projectRoot, 'examples'));
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UsageError(`${folder} is not a folder.`);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new UsageError(`--port takes a number from 0 to 65535, not ${values.port}.`);
  }
  return { folder, port, open: !values['no-open'] };
}

/** Runs `npm start` until it is stopped; returns the exit code. `build` builds what the server serves. */
export async function start(args: readonly string[], build: () => Promise<void>): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  try {
    const wanted = readArguments(args);
    if (wanted === undefined) {
      console.log(usage);
      return 0;
    }
    await serve(wanted, build, stop.signal);
    return 0;
  } catch (error) {
    if (stop.signal.aborted) {
      console.error('\nStopped. No partial files are kept; run `npm start` to start over.');
      return 130;
    }
    console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : explain(error));
    return 1;
  }
}

async function serve(
  { folder, port, open }: Arguments,
  build: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const cache = cacheDirectory();
  const progress = progressPrinter(process.stdout);
  const [vscode] = await Promise.all([cachedBuild(cache, vscodeBuild, progress.show, signal), build()]);
  progress.end();
  signal.throwIfAborted();
  const server: RunningServer = await startServer({
    build: { folder: vscode, version: vscodeBuild.version },
    projectRoot,
    scenarios: folder,
    port: port ?? defaultPort,
    anyPort: port === undefined,
  });
  console.log(`gmemscope is at ${server.url} with ${folder} open. Ctrl+C stops it.`);
  if (open) openBrowser(server.url);
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await server.close();
}

/** The error message, with advice. */
export function explain(error: unknown): string {
  const { code, message, stack } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return `The port is in use: choose another with --port, or omit --port. (${message})`;
    case 'ENOSPC':
      return (
        `Not enough disk space for VS Code's web build in ${cacheDirectory()}: it takes ${megabytes(vscodeBuild.kept)}, ` +
        `and ${megabytes(bytesNeeded(vscodeBuild))} while it is unpacked. (${message})`
      );
    default:
      return message.startsWith('npm ')
        ? `${message}\n\nVS Code's web build is downloaded once from the npm registry. Check the network and \`npm ping\`.`
        : String(stack ?? error);
  }
}
