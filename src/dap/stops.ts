/** Why the scenario is stopped. */
import type { Change } from '../expressions';
import type { Moment } from './moment';

/** An exception that an enabled filter reports. */
export interface Exceptional {
  /** Id of the exception filter. */
  readonly filter: string;
  /** A short name, such as `EINVAL`. */
  readonly what: string;
  /** A full sentence. */
  readonly message: string;
}

/** The changes that hit a data breakpoint. */
export interface DataHit {
  /** The text of the watch target: `gfn 0x80000..0x80010`. */
  readonly target: string;
  readonly changes: readonly Change[];
  /** The moment before the step that made the changes. */
  readonly from: Moment;
}

export type Stop =
  | { readonly kind: 'step' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'entry' }
  | { readonly kind: 'goto' }
  /** A step back or reverse run reached the start. */
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | Hit
  | {
      readonly kind: 'exception';
      readonly exceptional: Exceptional;
      /** Ids of breakpoints that were hit as well. */
      readonly ids: readonly number[];
      readonly problems: readonly RuleProblem[];
    }
  /** A branch was left; the scenario is where the branch started. */
  | { readonly kind: 'left' }
  /** A search found nothing; the scenario stays at its moment. */
  | { readonly kind: 'nowhere'; readonly message: string }
  /** The simulator failed. */
  | { readonly kind: 'failure'; readonly message: string };

/** The breakpoints that were hit, and errors in their conditions. */
export interface Hit {
  readonly kind: 'breakpoint';
  readonly ids: readonly number[];
  /** The hit of the first data breakpoint among them. */
  readonly data: DataHit | null;
  readonly problems: readonly RuleProblem[];
}

/** A condition that could not be evaluated. Its breakpoint or filter then stops unconditionally. */
export interface RuleProblem {
  /** Id of the breakpoint, or name of the filter. */
  readonly of: number | string;
  readonly text: string;
}

/** What interrupts a run besides its goal. Called for each step, from one moment to the next. */
export interface Interruptions {
  /** Why a forward run stops after the step; null if it does not. */
  readonly forward: (from: Moment, to: Moment) => Stop | null;
  /** Why a reverse run stops, and at which of the two moments; null if it does not. */
  readonly back: (from: Moment, to: Moment) => Found | null;
}

export interface Found {
  readonly stop: Stop;
  readonly at: Moment;
}
