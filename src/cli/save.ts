/** Writes files so that a full disk, a signal or a second writer never leaves a truncated or empty file. */
import { randomBytes } from 'node:crypto';
import { constants, unlinkSync } from 'node:fs';
import { access, link, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { UsageError } from './exit';
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
  // If there is another handler of the signal, it decides what happens to the process.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

let watching = false;

/**
 * From the first save on, signals remove temporary files. The listeners are never removed: a signal that arrives during
 * a removal would be lost, and the process would continue.
 */
function watchSignals(): void {
  if (watching) return;
  watching = true;
  for (const signal of ENDING_SIGNALS) process.on(signal, endBySignal);
  process.on('exit', removeUnfinished);
}

/** Read and write for everyone, minus the umask, which is the default of open(2). */
const DEFAULT_MODE = 0o666;

/** Keeps the owner if the process is allowed to; only root can change the owner of a file. */
async function keepOwner(handle: Awaited<ReturnType<typeof open>>, uid: number, gid: number): Promise<void> {
  const own = await handle.stat();
  if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid).catch(() => undefined);
}

/**
 * Replaces the content of a file as a whole: writes a temporary file beside it, flushes that to the disk, and renames
 * it. At any time the file has either its old or its new content. Symbolic links are followed; mode and owner are
 * kept. A device or a pipe, such as /dev/stdout, is written in place.
 * @param exclusive Fail with EEXIST if the file exists.
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
    // A rename would succeed without write permission.
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
    // Does nothing after a rename.
    await rm(temporary, { force: true });
    unfinished.delete(temporary);
  }
}

/**
 * Saves what `--output` names.
 * @throws UsageError if that is a scenario: it would be lost.
 */
export async function saveOutput(file: string, content: string): Promise<void> {
  if (file.endsWith('.gmem')) {
    throw new UsageError(`--output ${file} would replace a scenario: name another file`);
  }
  await saveFile(file, content);
}
