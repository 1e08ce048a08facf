/** Boots a kernel in QEMU's software emulation of AMD SVM and hands on what its debug port says. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command';

export interface Machine {
  /** Path of the bzImage. */
  readonly image: string;
  readonly initramfs: Uint8Array;
  /** Called with each line that the guest program writes to the debug port. */
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const QEMU = 'qemu-system-x86_64';
/** Ends the machine with the process that started it, however that one ends: nobody else would. */
const WITH_PARENT = ['--pdeathsig', 'TERM', '--'];

/**
 * Software emulation, so that nothing is asked of the hardware and every machine shows the same; a processor
 * with nested page tables, 40 address bits, and no memory encryption.
 */
const HARDWARE = ['-accel', 'tcg', '-cpu', 'EPYC,+svm,+npt', '-m', '3G', '-smp', '2'];

/**
 * Time in the machine passes with its instructions (2^2 ns each) and skips what nobody waits for in earnest.
 * Without this a busy host makes the kernel fail to calibrate its timers, and every grace period then takes
 * seconds.
 */
const TIME = ['-icount', 'shift=2,sleep=off'];

/** `panic=-1`: restart at once, which `-no-reboot` turns into an end. */
const COMMAND_LINE = 'console=ttyS0 quiet panic=-1';

/** The guest program is busy for five seconds at most; a machine that is silent for so long is stuck. */
const SILENCE_MS = 120_000;

const CONSOLE_LINES = 30;

/** What the kernel's console said last, for an error message. */
async function consoleTail(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.length === 0 ? 'The console is empty.' : lines.slice(-CONSOLE_LINES).join('\n');
}

/**
 * Runs the machine until it ends itself.
 * @throws Error with the end of its console where `onLine` throws, QEMU fails, or it falls silent.
 */
export async function bootMachine({ image, initramfs, onLine, signal }: Machine): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gmemscope-boot-'));
  const consolePath = join(folder, 'console');
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(
      () => stop.abort(new Error(`the machine was silent for ${SILENCE_MS / 1000} seconds`)),
      SILENCE_MS,
    );
  };
  const take = (line: string, stream: 'stdout' | 'stderr') => {
    // QEMU's own warnings, about features of the processor that it does not emulate.
    if (stream === 'stderr') return;
    listen();
    try {
      onLine(line);
    } catch (error) {
      stop.abort(error);
    }
  };
  try {
    await writeFile(join(folder, 'initramfs'), initramfs);
    const args = [
      ...HARDWARE,
      ...TIME,
      ...['-no-reboot', '-nodefaults', '-display', 'none', '-monitor', 'none'],
      ...['-serial', `file:${consolePath}`, '-debugcon', 'stdio'],
      ...['-kernel', image, '-initrd', join(folder, 'initramfs'), '-append', COMMAND_LINE],
    ];
    listen();
    const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
    await runCommand('setpriv', [...WITH_PARENT, QEMU, ...args], { signal: either, onLine: take });
  } catch (error) {
    if (signal?.aborted) throw error;
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(`${what}\nThe console of the machine ended with:\n${await consoleTail(consolePath)}`);
  } finally {
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  }
}
