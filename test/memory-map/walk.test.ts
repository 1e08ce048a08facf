import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rect } from '../../src/memory-map/messages';
import { walk } from '../../src/memory-map/walk';

/** A file beside two slots: tall boxes on the left, one lane of small ones on the right. */
const rects: readonly Rect[] = [
  { x: 0, y: 0, width: 50, height: 100 },
  { x: 0, y: 110, width: 50, height: 100 },
  { x: 100, y: 0, width: 50, height: 30 },
  { x: 100, y: 40, width: 50, height: 30 },
  { x: 100, y: 150, width: 50, height: 30 },
  { x: 200, y: 40, width: 50, height: 30 },
];

describe('the arrow keys', () => {
  it.each([
    ['down a column', 2, 'ArrowDown', 3],
    ['down a column over a gap', 3, 'ArrowDown', 4],
    ['up a column', 4, 'ArrowUp', 3],
    ['to what is beside', 3, 'ArrowRight', 5],
    ['back from there', 5, 'ArrowLeft', 3],
    ['to the nearest of several', 0, 'ArrowRight', 3],
    ['nowhere at the end', 5, 'ArrowRight', undefined],
    ['to the first', 4, 'Home', 0],
    ['to the last', 0, 'End', 5],
    ['nowhere with another key', 0, 'a', undefined],
    ['nowhere from nowhere', -1, 'ArrowDown', undefined],
  ])('go %s', (_, from, key, to) => {
    expect(walk(rects, from, key)).toBe(to);
  });

  it('go nowhere where there is nothing', () => {
    expect(walk([], 0, 'Home')).toBeUndefined();
  });

  it('come to an end in every direction', () => {
    const side = fc.integer({ min: 1, max: 300 });
    const rect = fc.record({ x: side, y: side, width: side, height: side });
    const key = fc.constantFrom('ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight');
    fc.assert(
      fc.property(fc.array(rect, { minLength: 1, maxLength: 30 }), key, (some, direction) => {
        let at: number | undefined = 0;
        for (let steps = 0; at !== undefined; steps++) {
          expect(steps).toBeLessThan(some.length);
          at = walk(some, at, direction);
        }
      }),
    );
  });
});
