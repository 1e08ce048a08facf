/** Why the scenario stands still. */
import type { Moment } from './moment';

/** Something that a person asked to be stopped at. */
export interface Exceptional {
  /** Id of the exception filter. */
  readonly filter: string;
  /** In a few words, for instance `EINVAL`. */
  readonly what: string;
  /** In a sentence. */
  readonly message: string;
}

export type Stop =
  | { readonly kind: 'step' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'entry' }
  /** A step or a reverse run that can go back no further. */
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'breakpoint'; readonly ids: readonly number[] }
  | { readonly kind: 'exception'; readonly exceptional: Exceptional }
  /** The simulator could not go on. */
  | { readonly kind: 'failure'; readonly message: string };

/** What interrupts a run besides its goal. */
export interface Interruptions {
  /** Ids of the breakpoints at a moment. */
  readonly breakpointsAt: (moment: Moment) => readonly number[];
  /** What is exceptional in the step from one moment to the next, if anything. */
  readonly exceptionalIn: (from: Moment, to: Moment) => Exceptional | null;
}
