import { describe, expect, it } from 'vitest';
import { ascii, type Figure, html, svg } from '../../src/figures';
import { figureOfExample } from './figures';

/** The figures that tell the stories of the examples: `npx vitest run test/figures -u` writes them anew. */
const STORIES: readonly (readonly [example: string, line: number, show: Figure['show']])[] = [
  ['hole-across-two-slots', 16, 'change'],
  ['hole-across-two-slots', 16, 'state'],
  ['range-math/clamp', 19, 'change'],
  ['range-math/shifted', 16, 'change'],
  ['range-math/shifted', 19, 'change'],
  ['range-math/warn-and-skip', 19, 'change'],
  ['hole-takes-shared-mappings', 14, 'change'],
  ['huge-page-goes-whole', 11, 'change'],
  ['huge-page-goes-whole', 15, 'change'],
  ['huge-page-goes-whole', 21, 'change'],
  ['deleted-slot-takes-every-mapping', 11, 'change'],
  ['close-and-rebind', 12, 'change'],
  ['close-and-rebind', 13, 'change'],
  ['knobs/unbind-zap', 12, 'change'],
  ['knobs/unbind-zap', 13, 'change'],
  ['sev-snp/first-fault', 16, 'change'],
  ['sev-snp/psmash', 15, 'change'],
  ['sev-snp/psmash', 20, 'change'],
  ['sev-snp/page-state-change', 15, 'change'],
  ['sev-snp/poison', 13, 'change'],
  ['sev-snp/unbind-and-rebind', 18, 'change'],
  ['sev-snp/two-guests', 11, 'change'],
  ['sev-snp/two-guests', 22, 'change'],
  ['sev-snp/private-by-mask', 12, 'change'],
  ['tdx/two-roots', 13, 'change'],
  ['tdx/two-roots', 18, 'change'],
];

/** Drawings and pages are long: a few of each show what is special to them. */
const DRAWN = new Set([
  'hole-across-two-slots-16',
  'shifted-19',
  'psmash-20',
  'two-roots-13',
  'unbind-zap-13',
]);

describe('figures of examples', () => {
  it.each(STORIES)('%s, line %i %s', async (example, line, show) => {
    const figure = figureOfExample(`${example}.gmem`, line, show);
    const name = `${example.replace(/.*\//, '')}-${line}${show === 'state' ? '-state' : ''}`;
    await expect(ascii(figure)).toMatchFileSnapshot(`golden/${name}.txt`);
    await expect(svg(figure)).toMatchFileSnapshot(`golden/${name}.svg`);
    if (DRAWN.has(name)) await expect(html(figure)).toMatchFileSnapshot(`golden/${name}.html`);
  });
});
