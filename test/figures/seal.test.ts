import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figureOfStep, isEdited, sealed, svg, unsealed } from '../../src/figures';
import { analyze } from '../../src/language';

const PLAIN = svg(figureOfStep(analyze('vm default\ngmem A size 4M\n'), 1, 'a.gmem', 'change'));
const DRAWING = sealed(PLAIN);

describe('the seal of a drawing', () => {
  it('can be taken off, and changes nothing else', () => {
    expect(DRAWING).not.toBe(PLAIN);
    expect(unsealed(DRAWING)).toBe(PLAIN);
    expect(DRAWING.split('\n').slice(1)).toEqual(PLAIN.split('\n').slice(1));
  });

  it('is whole in what was written, also with other line ends, and where there is none', () => {
    expect(isEdited(DRAWING)).toBe(false);
    expect(isEdited(DRAWING.replaceAll('\n', '\r\n'))).toBe(false);
    expect(isEdited(PLAIN)).toBe(false);
    expect(isEdited('')).toBe(false);
  });

  it('is broken by every edit', () => {
    const at = fc.nat({ max: DRAWING.length });
    const text = fc.string({ minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(at, fc.nat({ max: 20 }), text, (start, length, replacement) => {
        const edited = DRAWING.slice(0, start) + replacement + DRAWING.slice(start + length);
        // Without its seal, it is as a drawing of an earlier version.
        fc.pre(edited !== DRAWING && edited.includes(' data-digest="'));
        expect(isEdited(edited)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
