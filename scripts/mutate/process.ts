import { type ChildProcess, spawn } from 'node:child_process';

/** What a command came to; `late` where it was ended because it took too long. */
export type Ending = 'passed' | 'failed' | 'late';

const running = new Set<ChildProcess>();

/** Ends whatever runs, with the processes that it started. */
export function endAll(): void {
  for (const child of running) end(child);
}

function end({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

interface Watched {
  readonly folder: string;
  /** Milliseconds. */
  readonly limit: number;
  readonly env?: NodeJS.ProcessEnv;
  /** Sees each line of the output; ends the command by saying what it has come to. */
  readonly onLine?: (line: string) => Ending | undefined;
  /** Asked once a second, so that a part of the command can have a limit of its own. */
  readonly onSecond?: () => Ending | undefined;
}

/** Runs a command in a process group of its own. */
export function run(command: readonly string[], watched: Watched): Promise<Ending> {
  const { folder, limit, env, onLine, onSecond } = watched;
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: folder,
    detached: true,
    env: { ...process.env, CI: 'true', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  running.add(child);
  return new Promise((resolve) => {
    const settle = (ending: Ending) => {
      clearTimeout(timer);
      clearInterval(seconds);
      end(child);
      running.delete(child);
      resolve(ending);
    };
    const timer = setTimeout(settle, limit, 'late');
    const seconds = setInterval(() => {
      const ending = onSecond?.();
      if (ending !== undefined) settle(ending);
    }, 1000);
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const ending = onLine?.(line);
        if (ending !== undefined) return settle(ending);
      }
    });
    child.on('error', () => settle('failed'));
    child.on('close', (code) => settle(code === 0 ? 'passed' : 'failed'));
  });
}
