/** Writing files so that a full disk, a signal or a second writer never leaves one cut or empty. */
import { randomBytes } from 'node:crypto';
import { constants, unlinkSync } from 'node:fs';
import { access, link, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { followLinks } from './links';

/** Temporary files of this process that are being written. */
const unfinished = new Set<string>();

function removeUnfinished(): void {
  for (const file of unfinished) {
    try {
      unlinkSync(file);
    } catch {
      // It has been renamed or removed already.
    }
  }
  unfinished.clear();
}

/** Signals that ask a process to end. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Removes the temporary files, then lets the signal end the process as it would have. */
function endBySignal(signal: NodeJS.Signals): void {
  removeUnfinished();
  for (const one of ENDING_SIGNALS) process.removeListener(one, endBySignal);
  // Where something else handles the signal, that decides what happens to the process.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

let watching = false;

/**
 * From the first save on, signals remove what is unfinished. The listeners stay: a signal that arrives while one is
 * being removed would be lost, and the process would go on.
 */
function watchSignals(): void {
  if (watching) return;
  watching = true;
  for (const signal of ENDING_SIGNALS) process.on(signal, endBySignal);
  process.on('exit', removeUnfinished);
}

/** Read and write for everyone, less the umask; as open(2) creates files by default. */
const DEFAULT_MODE = 0o666;

/** Keeps the owner where the process may: only root can give files away. */
async function keepOwner(handle: Awaited<ReturnType<typeof open>>, uid: number, gid: number): Promise<void> {
  const own = await handle.stat();
  if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid).catch(() => undefined);
}

/**
 * Replaces the content of a file as a whole: writes a temporary file beside it, flushes that to the disk, and renames
 * it. At every moment the file has its old content or its new one. Symbolic links are followed; mode and owner are
 * kept. A device or a pipe, such as /dev/stdout, is written in place.
 * @param exclusive Fail with EEXIST where the file exists.
 * @throws Error from the file system. The file then has its old content, and there is no temporary file.
 */
export async function saveFile(
  file: string,
  content: string | Uint8Array,
  { exclusive = false }: { readonly exclusive?: boolean } = {},
): Promise<void> {
  const place = followLinks(file);
  const status = await stat(place).catch(() => null);
  if (status !== null) {
    if (exclusive) throw Object.assign(new Error(`${file} exists`), { code: 'EEXIST' });
    if (!status.isFile()) return writeFile(place, content);
    // A rename does not ask for it.
    await access(place, constants.W_OK);
  }
  const temporary = `${place}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  watchSignals();
  unfinished.add(temporary);
  try {
    const handle = await open(temporary, 'wx', DEFAULT_MODE);
    try {
      await handle.writeFile(content);
      if (status !== null) {
        await keepOwner(handle, status.uid, status.gid);
        await handle.chmod(status.mode & 0o7777);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (exclusive) await link(temporary, place);
    else await rename(temporary, place);
  } finally {
    // Nothing is left of it after a rename.
    await rm(temporary, { force: true });
    unfinished.delete(temporary);
  }
}
