/** A figure with positions: what drawings are made of. All in CSS pixels, from the top left corner. */
import type { Range } from '../../simulator';
import type { LaneId } from '../figure';
import type { LaneWord } from '../lane-words';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The role of a text, which determines its style. */
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

/** A text inside `rect`, aligned to one of its sides. */
export interface Label {
  readonly rect: Rect;
  readonly text: string;
  readonly align: 'left' | 'middle' | 'right';
  readonly style: TextStyle;
}

/** A range of a lane. */
export interface Box {
  readonly rect: Rect;
  readonly panel: number;
  /** The link of the panel in which the box begins. */
  readonly link: number;
  readonly lane: LaneId;
  readonly word: LaneWord;
  readonly changed: boolean;
  readonly label: Label;
  /** The whole range, in pages of the axis; some of its rows may be folded. */
  readonly range: Range;
  readonly axis: 'base' | 'gfn';
  /** A sentence with the numbers. */
  readonly about: string;
}

/** Connects a range of the base, on the left, with its gfns. */
export interface Tie {
  readonly left: { readonly x: number; readonly top: number; readonly bottom: number };
  readonly right: { readonly x: number; readonly top: number; readonly bottom: number };
}

/** Beside the rows that the statement names; open towards `opens`. */
export interface Bracket {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  readonly opens: 'left' | 'right';
}

/** A break in lines whose range is drawn shorter than its size. */
export interface Break {
  readonly x: number;
  readonly y: number;
}

/** Replaces rows that are not drawn. */
export interface Fold {
  readonly rect: Rect;
}

/** The outline around the lanes of a slot, or those of a base. */
export interface Outline {
  readonly rect: Rect;
  /** Borders between lanes. */
  readonly borders: readonly number[];
}

export interface Swatch {
  readonly rect: Rect;
  readonly word: LaneWord;
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
