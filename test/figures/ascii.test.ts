import { describe, expect, it } from 'vitest';
import { ascii } from '../../src/figures';
import { figureOfText } from './figures';

/** The lines from the first panel's head on, without the key below them. */
function drawn(text: string): string {
  const [, ...rest] = ascii(figureOfText(text)).split('\n\n');
  return rest.slice(1, -1).join('\n\n');
}

describe('plain text', () => {
  it('names slots in full, though their lanes are narrow', () => {
    const text = `vm default
slot 0 gpa 1M size 8K readonly
slot 3 gpa 2M size 4K
move slot 3 gpa 3M
`;
    expect(drawn(text)).toBe(
      `page   user         gfn   SPTEs
 0x0 +------+ --> 0x100 +- slot 0, read-only --+
  8K |      |           |                      |
 0x2 +------+     0x102 +----------------------+

 0x0 +------+ --> 0x200 +- slot 3, moved away -+
  4K |      |           |                      |
 0x1 +------+     0x201 +----------------------+

 0x0 +------+ --> 0x300 +- slot 3, moved here -+
  4K |      |           |                      |
 0x1 +------+     0x301 +----------------------+

No vCPU has run on the VM: there are no page tables yet.`,
    );
  });

  it('draws a hole where no slot is bound, and beyond the end of the file', () => {
    const text = `vm sw-protected
gmem A size 16K
slot 0 gpa 1M size 4K gmem A offset 4K
allocate A offset 0 size 16K
punch A offset 8K size 16K
`;
    expect(drawn(text)).toBe(
      `         page   file           gfn   attr.    SPTEs
          0x0 +--------+
           4K | page   |  no slot
          0x1 |        | --> 0x100 +- slot 0 -------+
           4K |        |           | shared |       |
      ,-  0x2 +--------+     0x101 +--------+-------+
punch |    8K | freed  |  no slot
      |   0x4 +--------+
      |    8K | beyond |  beyond the end
      '-  0x6 +--------+

No vCPU has run on the VM: there are no page tables yet.`,
    );
  });

  it('draws slots apart whose gfns follow each other', () => {
    const text = `vm sw-protected
gmem A size 8K
slot 0 gpa 1M size 4K gmem A offset 0
slot 1 gpa 1028K size 4K gmem A offset 4K
allocate A offset 0 size 4K
`;
    const lines = drawn(text).split('\n');
    const numbers = lines
      .map((line) => / (0x10\d) \+/.exec(line)?.[1])
      .filter((number) => number !== undefined);
    expect(numbers).toEqual(['0x100', '0x101', '0x101', '0x102']);
  });

  it('has no character beyond 7 bits, whatever the scenario is called', () => {
    const figure = { ...figureOfText('gmem A size 4K\n'), facts: ['Löcher – №1.gmem', '1×2M → 512×4K · …'] };
    expect(ascii(figure)).toContain('(L?cher ? ?1.gmem, 1x2M -> 512x4K; ...)');
  });
});
