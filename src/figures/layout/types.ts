/** A figure with positions: what drawings are made of. All in CSS pixels, from the top left corner. */
import type { Range } from '../../simulator';
import type { LaneId } from '../figure';
import type { Word } from '../words';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a text is, which says how it looks. */
export type TextStyle =
  | 'statement'
  | 'facts'
  | 'outcome'
  | 'title'
  | 'head'
  | 'number'
  | 'size'
  | 'slot'
  | 'none'
  | 'keyword'
  | 'cell'
  | 'fold'
  | 'legend'
  | 'note';

/** A text inside `rect`, at one of its sides. */
export interface Label {
  readonly rect: Rect;
  readonly text: string;
  readonly align: 'left' | 'middle' | 'right';
  readonly style: TextStyle;
}

/** What a lane has for a range. */
export interface Box {
  readonly rect: Rect;
  readonly panel: number;
  /** Of the panel, the one that the box begins in. */
  readonly link: number;
  readonly lane: LaneId;
  readonly word: Word;
  readonly changed: boolean;
  readonly label: Label;
  /** The whole range, in pages of the axis; rows in it may be folded. */
  readonly range: Range;
  readonly axis: 'base' | 'gfn';
  /** A sentence with the numbers. */
  readonly about: string;
}

/** From a range of the base, on the left, to its gfns. */
export interface Tie {
  readonly left: { readonly x: number; readonly top: number; readonly bottom: number };
  readonly right: { readonly x: number; readonly top: number; readonly bottom: number };
}

/** Beside the rows that the statement names; open to the side of `opens`. */
export interface Bracket {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  readonly opens: 'left' | 'right';
}

/** Where lines are interrupted, for a range is drawn shorter than it is. */
export interface Break {
  readonly x: number;
  readonly y: number;
}

/** In the place of rows that are not drawn. */
export interface Fold {
  readonly rect: Rect;
}

/** The outline of what belongs together: the lanes of a slot, or those of a base. */
export interface Outline {
  readonly rect: Rect;
  /** Where lanes meet. */
  readonly borders: readonly number[];
}

export interface Swatch {
  readonly rect: Rect;
  readonly word: Word;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly labels: readonly Label[];
  readonly outlines: readonly Outline[];
  readonly boxes: readonly Box[];
  readonly ties: readonly Tie[];
  readonly brackets: readonly Bracket[];
  readonly breaks: readonly Break[];
  readonly folds: readonly Fold[];
  readonly swatches: readonly Swatch[];
}
