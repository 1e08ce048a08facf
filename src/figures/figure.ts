/**
 * The contents of a figure as plain data: lanes and their ranges, in page numbers, and which file range is bound to
 * which gfns. It contains no bigint and no function, so it can be sent as JSON.
 */
import type { NonEmpty, Range, Root } from '../simulator';
import type { LaneWord } from './lane-words';

export type RootKind = Root['kind'];

/**
 * A column of the figure. `file` (pages of the file), `memory` (pages of a slot's userspace memory) and `rmp` are by
 * base page, all others by gfn. Zapped and mapped leaves have separate lanes: a fault may do both to one gfn.
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
  readonly titles: NonEmpty<string>;
  /** How often the texts in its boxes may be shortened without losing information. */
  readonly spare: number;
}

/** A range of a lane with the same content throughout, in pages of the lane's axis; half-open. */
export interface Segment extends Range {
  readonly word: LaneWord;
  /** The text of its box, from the longest to the shortest. */
  readonly texts: NonEmpty<string>;
  /** Whether this step made it so. */
  readonly changed: boolean;
  /** A complete description, as a sentence without the numbers of the range. */
  readonly about: string;
}

/**
 * A range of the base and its gfns: a slot with its backing memory. An unbound range of a file has no gfns; gfns
 * without a slot have no base. Both have the same number of pages.
 */
export interface Link {
  /** From the longest text to the shortest. */
  readonly labels: NonEmpty<string>;
  readonly slot: number | null;
  readonly base: Range | null;
  readonly gfns: Range | null;
  /** By lane, ascending and disjoint, inside `base` or `gfns`. */
  readonly segments: Readonly<Partial<Record<LaneId, readonly Segment[]>>>;
}

/** Whether it deserves attention: this step changed it, or it is wrong. */
export function isNews({ changed, word }: Segment): boolean {
  return changed || word === 'stale' || word === 'misplaced';
}

/** The range that the statement names. */
export interface Asked extends Range {
  readonly axis: 'base' | 'gfn';
  readonly keyword: string;
}

/** A file with the slots bound to it; the slots without a file; or host pages that no file has. */
export interface Panel {
  readonly kind: 'file' | 'slots' | 'frames';
  /** Id of the file; null if it has none. */
  readonly file: number | null;
  readonly title: string;
  /** The unit of the base's numbers. */
  readonly unit: string;
  readonly lanes: readonly Lane[];
  /** The links of a file cover it contiguously from its first page. */
  readonly links: readonly Link[];
  readonly asked: Asked | null;
}

export interface Figure {
  /** `change`: the state after the statement with its changes. `state`: that state alone. */
  readonly show: 'change' | 'state';
  /** The statement, in canonical form. */
  readonly statement: string;
  /** Its source location and what it ran on: `line 16`, `linux-7.3`… */
  readonly facts: readonly string[];
  /** Its outcome, as after its line in the editor; empty for a state. */
  readonly outcome: readonly string[];
  readonly panels: readonly Panel[];
  /** What the figure omits, and why. */
  readonly notes: readonly string[];
}
