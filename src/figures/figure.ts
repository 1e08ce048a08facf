/**
 * What a figure shows, as plain data: lanes with the ranges in them, in page numbers, and which range of a file
 * is bound to which gfns. It holds no bigint and no function, so it can be sent as JSON.
 */
import type { Range, Root } from '../simulator';
import type { Word } from './words';

export type RootKind = Root['kind'];

/**
 * A column of the figure. `file` (pages of the file), `memory` (pages of a slot's userspace memory) and `rmp` are
 * by base page, all others by gfn. What was zapped stands beside what is mapped: a fault may do both to one gfn.
 */
export type LaneId =
  | 'file'
  | 'memory'
  | 'rmp'
  | 'attributes'
  | `zapped-${RootKind}`
  | `sptes-${RootKind}`
  | 'userspace';

export interface Lane {
  readonly id: LaneId;
  readonly axis: 'base' | 'gfn';
  /** From the longest to the shortest. */
  readonly titles: readonly string[];
  /** How often the texts in its boxes may get shorter before something is missed. */
  readonly spare: number;
}

/** A range of a lane in which everything is alike, in pages of the lane's axis; half-open. */
export interface Segment extends Range {
  readonly word: Word;
  /** What stands in its box, from the longest text to the shortest. */
  readonly texts: readonly string[];
  /** Whether this step made it so. */
  readonly changed: boolean;
  /** The whole truth about it, in a sentence without the numbers of the range. */
  readonly about: string;
}

/**
 * A range of the base and the gfns at which the guest sees it: a slot with what is behind it. Where no slot is
 * bound to a range of a file there are no gfns; where no slot has gfns there is no base. Both have as many pages.
 */
export interface Link {
  /** From the longest text to the shortest. */
  readonly labels: readonly string[];
  readonly slot: number | null;
  readonly base: Range | null;
  readonly gfns: Range | null;
  /** By lane, ascending and disjoint, inside `base` or `gfns`. */
  readonly segments: Readonly<Partial<Record<LaneId, readonly Segment[]>>>;
}

/** Whether there is news in it: what this step did, or what should not be so. */
export function isNews({ changed, word }: Segment): boolean {
  return changed || word === 'stale' || word === 'misplaced';
}

/** The range that the statement names. */
export interface Asked extends Range {
  readonly axis: 'base' | 'gfn';
  readonly keyword: string;
}

/** A file with the slots bound to it; or the slots without a file; or host pages that no file has any more. */
export interface Panel {
  readonly kind: 'file' | 'slots' | 'frames';
  /** Id of the file; null where it is of none. */
  readonly file: number | null;
  readonly title: string;
  /** What the numbers of the base count. */
  readonly unit: string;
  readonly lanes: readonly Lane[];
  /** Those of a file cover it from its first page on, one after the other. */
  readonly links: readonly Link[];
  readonly asked: Asked | null;
}

export interface Figure {
  /** `change`: what the statement did, on the state after it. `state`: that state alone. */
  readonly show: 'change' | 'state';
  /** The statement, in canonical form. */
  readonly statement: string;
  /** Where it stands and what it ran on: `line 16`, `linux-7.3`… */
  readonly facts: readonly string[];
  /** What it did, as behind its line in the editor; of a state, nothing. */
  readonly outcome: readonly string[];
  readonly panels: readonly Panel[];
  /** What the figure leaves out, and why. */
  readonly notes: readonly string[];
}
