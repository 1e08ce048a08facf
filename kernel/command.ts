/** Runs other programs: cancellable, with errors that quote their output. */

import { type SpawnOptions, spawn } from 'node:child_process';
import { lastOf, must } from '../src/simulator';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Sends SIGTERM to the program when it is aborted (`make` forwards it to its compilers). */
  readonly signal?: AbortSignal | undefined;
  /** Called with each complete line of output. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

/** Number of last lines that an error quotes. */
const QUOTED_LINES = 15;

/** Splits chunks into lines; an unfinished last line is kept for the next call. */
export function lineSplitter(onLine: (line: string) => void): (piece: string) => void {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lastOf(lines);
    for (const line of lines.slice(0, -1)) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  };
}

/**
 * Runs a program until it exits and returns its standard output.
 * @throws Error if it cannot be started or fails (with its last lines); the signal's reason if aborted.
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
    const stream = must(child[name], `${name} of ${command}`);
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
        const end = code === null ? `was killed by ${signal}` : `failed with status ${code}`;
        reject(new Error([`\`${[command, ...args].join(' ')}\` ${end}:`, ...last].join('\n')));
      }
    });
  });
}
