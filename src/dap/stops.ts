/** Why the scenario stands still. */
import type { Change } from '../expressions';
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

/** What a data breakpoint was hit by. */
export interface DataHit {
  /** What it watches: `gfn 0x80000..0x80010`. */
  readonly target: string;
  readonly changes: readonly Change[];
  /** The moment before the step that did it. */
  readonly from: Moment;
}

export type Stop =
  | { readonly kind: 'step' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'entry' }
  | { readonly kind: 'goto' }
  /** A step or a reverse run that can go back no further. */
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | Hit
  | {
      readonly kind: 'exception';
      readonly exceptional: Exceptional;
      /** Of breakpoints that were hit as well. */
      readonly ids: readonly number[];
      readonly problems: readonly RuleProblem[];
    }
  /** A branch was left: the scenario is where it came off. */
  | { readonly kind: 'left' }
  /** What was looked for is nowhere: the scenario is where it was. */
  | { readonly kind: 'nowhere'; readonly message: string }
  /** The simulator could not go on. */
  | { readonly kind: 'failure'; readonly message: string };

/** Breakpoints that were hit, and what is wrong with their conditions. */
export interface Hit {
  readonly kind: 'breakpoint';
  readonly ids: readonly number[];
  /** Of the first data breakpoint among them. */
  readonly data: DataHit | null;
  readonly problems: readonly RuleProblem[];
}

/** A condition that could not be evaluated: then its breakpoint, or its filter, stops. */
export interface RuleProblem {
  /** Of the breakpoint, or the name of the filter. */
  readonly of: number | string;
  readonly text: string;
}

/** What interrupts a run besides its goal: it is asked about each step, from one moment to the next. */
export interface Interruptions {
  /** Why a run forward stops after the step. */
  readonly forward: (from: Moment, to: Moment) => Stop | null;
  /** Why a run back stops, and at which of the two moments. */
  readonly back: (from: Moment, to: Moment) => Found | null;
}

export interface Found {
  readonly stop: Stop;
  readonly at: Moment;
}
