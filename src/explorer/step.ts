/** What a step does to a row. */
import type { Lock, TracedEvent } from '../simulator';
import type { Outcome } from './outcome';

export interface Step {
  readonly kind: 'step';
  readonly procedure: string;
  readonly label: string;
  /** Pairs of a column and the number of its new part. */
  readonly changes: Int32Array;
  /** What it touched: see `Footprints`. */
  readonly footprint: number;
  /** VMs of which an invalidation ended: snapshots of their counts are stale now. */
  readonly ended: readonly number[];
  /** It allocated frames, which have no name yet. */
  readonly allocates: boolean;
  /** It can change the names of numbers: see `Counters`. */
  readonly recounts: boolean;
  /** It changed what decides whether a page that is gone is mapped. */
  readonly visible: boolean;
  readonly events: readonly TracedEvent[];
  /** The call that returned with this step, and its outcome; null if it goes on. */
  readonly returns: { readonly call: number; readonly outcome: Outcome } | null;
  /** What is inconsistent in the simulated state, if the simulator found that. */
  readonly error: string | null;
}

/** The task has to wait for a lock. */
export interface Blocked {
  readonly kind: 'blocked';
  readonly lock: Lock;
}
