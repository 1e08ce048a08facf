/** Moves from shape to shape with the arrow keys: to the nearest one in that direction. */
import type { Rect } from './messages';

function middle({ x, y, width, height }: Rect): { readonly x: number; readonly y: number } {
  return { x: x + width / 2, y: y + height / 2 };
}

/** How far the middle of `to` is ahead in a direction, and how far its nearest edge is to the side. */
function away(key: string, from: Rect, to: Rect): { readonly ahead: number; readonly beside: number } {
  const [a, b] = [middle(from), middle(to)];
  const isVertical = key === 'ArrowUp' || key === 'ArrowDown';
  const sign = key === 'ArrowUp' || key === 'ArrowLeft' ? -1 : 1;
  const gap = (at: number, start: number, size: number) => Math.max(start - at, at - start - size, 0);
  return isVertical
    ? { ahead: sign * (b.y - a.y), beside: gap(a.x, to.x, to.width) }
    : { ahead: sign * (b.x - a.x), beside: gap(a.y, to.y, to.height) };
}

/** Distance to the side weighs more than distance ahead, so that a key walks a whole column or row. */
const BESIDE = 4;

/** Index of the shape that a key moves to; undefined if there is none in that direction. */
export function walk(rects: readonly Rect[], from: number, key: string): number | undefined {
  if (rects.length === 0) return undefined;
  if (key === 'Home') return 0;
  if (key === 'End') return rects.length - 1;
  const start = rects[from];
  if (start === undefined || !key.startsWith('Arrow')) return undefined;
  let best: { readonly at: number; readonly cost: number } | undefined;
  rects.forEach((rect, at) => {
    const { ahead, beside } = away(key, start, rect);
    if (at === from || ahead <= 1) return;
    const cost = ahead + BESIDE * beside;
    if (best === undefined || cost < best.cost) best = { at, cost };
  });
  return best?.at;
}
