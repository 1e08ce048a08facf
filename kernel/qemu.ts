/** Boots a kernel in QEMU's software emulation of AMD SVM and passes on the output of its debug port. */
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
  /** Four processors that run at the same time, with the host's clock; default: one after the other. */
  readonly parallel?: boolean;
}

const QEMU = 'qemu-system-x86_64';
/** Kills the machine when the process that started it exits for any reason; otherwise it would keep running. */
const WITH_PARENT = ['--pdeathsig', 'TERM', '--'];

/**
 * Software emulation, which does not depend on the hardware, so every machine gives the same result; a processor with
 * nested page tables, 40 address bits, and no memory encryption.
 */
const HARDWARE = ['-cpu', 'EPYC,+svm,+npt', '-m', '3G'];

/**
 * Time in the machine advances with its instructions (2^2 ns each) and skips idle periods. Without this, the kernel
 * fails to calibrate its timers on a busy host, and every grace period then takes seconds.
 */
const ALTERNATING = ['-accel', 'tcg', '-smp', '2', '-icount', 'shift=2,sleep=off'];

/** The table of processors that the small kernel reads has one for each socket. */
const PARALLEL = ['-accel', 'tcg,thread=multi', '-smp', '4,sockets=4'];

/** On a busy host the kernel cannot calibrate its clocks. Given values are wrong by a little, and only timeouts need them. */
const PARALLEL_CLOCKS = ' tsc_early_khz=2500000 tsc=reliable lpj=5000000';

/** `panic=-1`: reboot at once, which `-no-reboot` turns into an exit. */
const COMMAND_LINE = 'console=ttyS0 quiet panic=-1';

/** The guest program is busy for at most five seconds; a machine that is silent for this long is stuck. */
const SILENCE_MS = 120_000;

const CONSOLE_LINES = 30;

/** The last lines of the kernel's console, for an error message. */
async function consoleTail(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.length === 0 ? 'The console is empty.' : lines.slice(-CONSOLE_LINES).join('\n');
}

/**
 * Runs the machine until it powers off.
 * @throws Error with the end of its console if `onLine` throws, QEMU fails, or it is silent for too long.
 */
export async function bootMachine({
  image,
  initramfs,
  onLine,
  signal,
  parallel = false,
}: Machine): Promise<void> {
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
    // QEMU's own warnings about processor features that it does not emulate.
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
      ...(parallel ? PARALLEL : ALTERNATING),
      ...['-no-reboot', '-nodefaults', '-display', 'none', '-monitor', 'none'],
      ...['-serial', `file:${consolePath}`, '-debugcon', 'stdio'],
      ...[
        '-kernel',
        image,
        '-initrd',
        join(folder, 'initramfs'),
        '-append',
        parallel ? COMMAND_LINE + PARALLEL_CLOCKS : COMMAND_LINE,
      ],
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
