import { spawn } from 'node:child_process';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Fetches one package file with npm, which uses the user's registry, proxy and certificates. Returns the path of the
 * packed file in `folder`.
 *
 * Not pacote: it would have to be told of that configuration, does not report progress either, is some 60 packages, and
 * its present version needs a newer Node than the project.
 *
 * npm says nothing of how far it is; what it has written into a cache of its own under `folder` tells.
 */
export async function fetchPackage(
  { name, version, packed }: { name: string; version: string; packed: number },
  folder: string,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const download = path.join(folder, 'npm-cache');
  const finished = runNpm(
    ['pack', `${name}@${version}`, '--cache', download, '--loglevel', 'error', '--ignore-scripts'],
    folder,
    signal,
  );
  const stopWatching = new AbortController();
  const watching = watch(download, (bytes) => onProgress(Math.min(bytes, packed)), stopWatching.signal);
  try {
    await finished;
  } finally {
    stopWatching.abort();
    await watching;
  }
  // npm keeps a second copy in its cache.
  await rm(download, { recursive: true, force: true, maxRetries: 3 });
  const archive = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (archive === undefined) throw new Error(`npm pack ${name}@${version} succeeded but wrote no file`);
  return path.join(folder, archive);
}

function runNpm(args: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  const npm = process.env.npm_execpath;
  const [command, leading] = npm ? [process.execPath, [npm]] : ['npm', []];
  const shell = !npm && process.platform === 'win32';
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...leading, ...args], {
      cwd,
      signal,
      shell,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      reject(new Error(`npm ${args.slice(0, 2).join(' ')} failed:\n${complaint.trim()}`));
    });
  });
}

async function watch(folder: string, onBytes: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    onBytes(await sizeOf(folder));
    await delay(250, undefined, { signal }).catch(() => undefined);
  }
}

/** Bytes of all files under a folder; a file that disappears meanwhile counts as 0. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = entries.map(async (entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return sizeOf(file);
    return (await stat(file).catch(() => undefined))?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
