/** Executes long runs in slices, so that an editor stays responsive and the user can cancel. */

export interface Pace {
  /** Length of a slice in milliseconds. */
  readonly slice: number;
  /** Milliseconds of work after which the run is cut off; the time between slices does not count. */
  readonly limit: number;
  /** The current time in milliseconds, from any origin. */
  readonly now: () => number;
  /** Resolves when other tasks have run. */
  readonly pause: () => Promise<void>;
  readonly isCancelled: () => boolean;
}

/** How a run ended. */
export type RunEnd = 'done' | 'cut off' | 'cancelled';

/** Collects what a run yields; null means that work was done without a result yet. */
export async function inSlices<T>(
  run: Iterable<T | null>,
  take: (result: T) => void,
  { slice, limit, now, pause, isCancelled }: Pace,
): Promise<RunEnd> {
  let worked = 0;
  let start = now();
  for (const result of run) {
    if (result !== null) take(result);
    const inSlice = now() - start;
    if (worked + inSlice >= limit) return 'cut off';
    if (inSlice < slice) continue;
    worked += inSlice;
    await pause();
    if (isCancelled()) return 'cancelled';
    start = now();
  }
  return 'done';
}
