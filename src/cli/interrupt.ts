/** Cleans up when a signal ends the process. */
import { ENDING_SIGNALS } from './save';

/**
 * Runs `work`, whose signal is aborted by Ctrl+C, SIGTERM or SIGHUP. When the work has removed what it made, the signal
 * ends the process as it would without a handler, so that a shell sees status 130 and stops its script.
 */
export async function untilSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let received: NodeJS.Signals | null = null;
  const stop = (signal: NodeJS.Signals) => {
    received ??= signal;
    abort.abort(new Error(`interrupted by ${signal}`));
  };
  for (const signal of ENDING_SIGNALS) process.on(signal, stop);
  try {
    return await work(abort.signal);
  } finally {
    for (const signal of ENDING_SIGNALS) process.off(signal, stop);
    if (received !== null) process.kill(process.pid, received);
  }
}
