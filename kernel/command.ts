/** Running other programs: cancellable, and with an error that says what they said. */
import { type SpawnOptions, spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sends the program SIGTERM when it is aborted (`make` hands that on to its compilers). */
  readonly signal?: AbortSignal | undefined;
  /** Called with each whole line of output. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** How many of the last lines an error quotes. */
const QUOTED_LINES = 15;

/** Splits what comes in pieces into lines; the last piece without a line end is kept for the next call. */
export function lineSplitter(onLine: (line: string) => void): (piece: string) => void {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  };
}

/**
 * Runs a program to its end and gives its standard output.
 * @throws Error where it cannot be started or fails (with its last lines); the signal's reason where aborted.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  options.signal?.throwIfAborted();
  const spawnOptions: SpawnOptions = {
    cwd: options.cwd,
    env: { ...process.env, ...options.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  const child = spawn(command, args, spawnOptions);
  const stop = () => child.kill('SIGTERM');
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    return await collect(child, command, args, options);
  } finally {
    options.signal?.removeEventListener('abort', stop);
    options.signal?.throwIfAborted();
  }
}

function collect(
  child: ReturnType<typeof spawn>,
  command: string,
  args: readonly string[],
  { onLine }: CommandOptions,
): Promise<string> {
  const last: string[] = [];
  let output = '';
  for (const name of ['stdout', 'stderr'] as const) {
    const split = lineSplitter((line) => {
      last.push(line);
      if (last.length > QUOTED_LINES) last.shift();
      onLine?.(line, name);
    });
    const stream = child[name]!;
    stream.setEncoding('utf8');
    stream.on('data', (piece: string) => {
      if (name === 'stdout') output += piece;
      split(piece);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`${command} cannot be started: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else {
        const end = code === null ? `was ended by ${signal}` : `failed with status ${code}`;
        reject(new Error([`\`${[command, ...args].join(' ')}\` ${end}:`, ...last].join('\n')));
      }
    });
  });
}
