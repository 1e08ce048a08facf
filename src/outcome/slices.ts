/** Long runs, in slices with room between them for others: an editor stays alive, and a person can cancel. */

export interface Pace {
  /** Milliseconds after which others get a turn. */
  readonly slice: number;
  /** Milliseconds of work after which the run is cut off. */
  readonly limit: number;
  /** Milliseconds since any fixed time. */
  readonly now: () => number;
  /** Resolves when others have had their turn. */
  readonly pause: () => Promise<void>;
  readonly isCancelled: () => boolean;
}

/** How a run ended: the time in which others had their turn does not count towards its limit. */
export type RunEnd = 'done' | 'cut off' | 'cancelled';

/** Takes everything that a run gives; `null` stands for a piece of work that gave nothing yet. */
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
