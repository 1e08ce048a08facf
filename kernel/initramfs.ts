/** The complete userspace of the machine: the guest program and the scenarios to run. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command';
import { cpioArchive, FILE, FOLDER, PROGRAM } from './cpio';
import { kernelFolder } from './folders';

/** Compiles guest/*.c. This takes about a second, so nothing is cached. */
async function compileGuest(signal: AbortSignal | undefined): Promise<Uint8Array> {
  const source = join(kernelFolder(), 'guest');
  const folder = await mkdtemp(join(tmpdir(), 'gmemscope-guest-'));
  try {
    const program = join(folder, 'init');
    const files = (await readdir(source)).filter((name) => name.endsWith('.c')).sort();
    const args = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-static', '-s', '-o', program, ...files];
    await runCommand('gcc', args, { cwd: source, signal });
    return await readFile(program);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param scenarios Encoded scenarios, one after the other (encode.ts, races/encode.ts).
 * @param path The file that contains them: its name tells the guest program how to run them.
 */
export async function buildInitramfs(
  scenarios: string,
  signal?: AbortSignal,
  path: 'scenarios' | 'races' = 'scenarios',
): Promise<Uint8Array> {
  const empty = new Uint8Array();
  return cpioArchive([
    ...['dev', 'proc', 'sys'].map((path) => ({ path, mode: FOLDER, data: empty })),
    { path: 'init', mode: PROGRAM, data: await compileGuest(signal) },
    { path, mode: FILE, data: Buffer.from(scenarios, 'utf8') },
  ]);
}
