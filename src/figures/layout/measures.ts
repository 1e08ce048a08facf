/** Sizes, in CSS pixels. Texts use any monospaced font of the reader. */
import type { Rect, TextStyle } from './types';

/** Font size of each style. */
export const FONT_SIZES: Readonly<Record<TextStyle, number>> = {
  statement: 14,
  facts: 11,
  outcome: 12,
  title: 12,
  head: 11,
  number: 11,
  size: 10,
  slot: 11,
  none: 11,
  keyword: 11,
  cell: 12,
  fold: 11,
  legend: 10,
  note: 11,
};

/**
 * Advance of a character relative to the font size. Monospaced fonts have 0.6 or slightly less; this leaves room for
 * the widest.
 */
const ADVANCE = 0.61;

export function advance(style: TextStyle): number {
  return FONT_SIZES[style] * ADVANCE;
}

export function textWidth(text: string, style: TextStyle): number {
  return text.length * advance(style);
}

/** Number of characters that fit. */
export function charactersIn(width: number, style: TextStyle): number {
  return Math.max(0, Math.floor(width / advance(style)));
}

/** Distance between two lines of a style. */
export function lineHeight(style: TextStyle): number {
  return Math.ceil(FONT_SIZES[style] * 1.45);
}

/** Height of a text. */
function textHeight(style: TextStyle): number {
  return FONT_SIZES[style] + 1;
}

/** The rectangle of one line of text whose middle is at `y`. */
export function lineAt(
  x: number,
  y: number,
  text: string,
  style: TextStyle,
  align: 'left' | 'middle' | 'right' = 'left',
): Rect {
  const width = textWidth(text, style);
  const height = textHeight(style);
  const left = align === 'left' ? x : align === 'middle' ? x - width / 2 : x - width;
  return { x: left, y: y - height / 2, width, height };
}

export const MARGIN = 14;

/** Between a box and its text. */
export const PADDING = 6;

/** Height of the shortest row, and of a row drawn shorter than its size. */
export const ROW = 28;
export const SHORTENED_ROW = 40;

/** Space above a slot for its name, below the previous slot. */
export const SLOT_GAP = 26;

/** From the base to the gfns. */
export const TIE_GAP = 34;

/** Space for a bracket, without its keyword. */
export const BRACKET = 14;
