/** Attributes and patterns that drawings share. */
import type { LaneWord } from '../lane-words';
import type { Rect } from '../layout/types';
import { PATTERNS } from './style';

/** A number of pixels, to a hundredth. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function rectAttributes({ x, y, width, height }: Rect): string {
  return `x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}"`;
}

/** The patterns of the words in the drawing. */
export function patternsOf(words: ReadonlySet<LaneWord>): readonly string[] {
  const lines: Readonly<Partial<Record<LaneWord, string>>> = {
    freed: 'M0 8L8 0M-2 2L2 -2M6 10L10 6',
    zapped: 'M0 0L8 8M-2 6L2 10M6 -2L10 2M0 4L4 8M4 0L8 4',
    stale: 'M0 0L8 8M0 8L8 0',
    mmio: 'M0 2h2M4 6h2',
    beyond: 'M0 4h8',
    misplaced: 'M4 0v8',
  };
  return PATTERNS.filter((word) => words.has(word)).map(
    (word) =>
      `<pattern id="gmem-${word}" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="${word}-back" width="8" height="8"/><path class="${word}-lines" d="${lines[word]}"/></pattern>`,
  );
}
