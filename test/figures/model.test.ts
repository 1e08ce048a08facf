import { describe, expect, it } from 'vitest';
import type { Figure, LaneId } from '../../src/figures';
import { figureOfExample, figureOfText } from './figures';

/** `slot 0: zapped [801ff, 80200)` for each range that is new, or stale, in the order of the panels and lanes. */
function news({ panels }: Figure, only?: LaneId): readonly string[] {
  return panels.flatMap(({ lanes, links }) =>
    links.flatMap(({ labels, segments }) =>
      lanes
        .filter(({ id }) => only === undefined || id === only)
        .flatMap(({ id }) =>
          (segments[id] ?? [])
            .filter(({ changed, word }) => changed || word === 'stale')
            .map(
              ({ word, start, end }) => `${labels[0]}: ${word} [${start.toString(16)}, ${end.toString(16)})`,
            ),
        ),
    ),
  );
}

describe('what a statement changed', () => {
  it.each([
    [
      'a hole across two slots',
      ['hole-across-two-slots.gmem', 16],
      [
        'slot 0: freed [1ff, 200)',
        'slot 0: zapped [801ff, 80200)',
        'slot 1: freed [200, 202)',
        'slot 1: zapped [90000, 90002)',
      ],
    ],
    [
      'wrong range math: stale where it freed, zapped in a slot of no file',
      ['range-math/shifted.gmem', 16],
      ['slot 1: freed [210, 220)', 'slot 1: stale [90010, 90020)', 'slot 2: zapped [90210, 90220)'],
    ],
    [
      'skipped slots: everything stays, and is stale',
      ['range-math/warn-and-skip.gmem', 19],
      [
        'slot 0: freed [1ff, 200)',
        'slot 0: stale [801ff, 80200)',
        'slot 1: freed [200, 202)',
        'slot 1: stale [90000, 90002)',
      ],
    ],
    [
      'a conversion that zaps a huge leaf whole',
      ['huge-page-goes-whole.gmem', 15],
      ['slot 0: private [20201, 20202)', 'slot 0: zapped [20200, 20400)'],
    ],
    [
      'a deleted slot of a default VM: the other slot loses its mapping too',
      ['deleted-slot-takes-every-mapping.gmem', 11],
      [
        'slot 0: zapped [10000, 10001)',
        'slot 1, deleted: freed [0, 1)',
        'slot 1, deleted: zapped [20000, 20001)',
      ],
    ],
    [
      'a mapping that outlives its slot',
      ['knobs/unbind-zap.gmem', 12],
      ['slot 0, deleted: stale [30000, 30004)'],
    ],
    [
      'a file that is closed under its slot',
      ['close-and-rebind.gmem', 12],
      ['slot 0, loses its file: freed [0, 4)', 'slot 0, loses its file: zapped [30000, 30004)'],
    ],
    [
      'a hole that smashes an RMP entry: its other pages stay the guest’s',
      ['sev-snp/psmash.gmem', 20],
      [
        'slot 0: freed [0, 1)',
        'slot 0: hypervisor [0, 1)',
        'slot 0: assigned [1, 200)',
        'slot 0: zapped [80000, 80200)',
      ],
    ],
    [
      'an accepted page, which no event tells of',
      ['sev-snp/first-fault.gmem', 16],
      ['slot 0: assigned [10, 11)'],
    ],
    [
      'a hole in the file of another VM than the one at hand',
      ['sev-snp/two-guests.gmem', 22],
      ['slot 0: freed [0, 2)', 'slot 0: hypervisor [0, 2)', 'slot 0: zapped [80000, 80001)'],
    ],
    ['an access to nowhere', ['sev-snp/private-by-mask.gmem', 12], ['no slot: mmio [90000, 90001)']],
  ] as const)('%s', (_, [example, line], expected) => {
    expect(news(figureOfExample(example, line))).toEqual(expected);
  });

  it('is in the page tables for private or for shared memory of a TDX guest', () => {
    const hole = figureOfExample('tdx/two-roots.gmem', 13);
    expect(news(hole, 'zapped-mirror')).toEqual(['slot 0: zapped [40000, 40001)']);
    expect(news(hole, 'zapped-direct')).toEqual([]);
    const discard = figureOfExample('tdx/two-roots.gmem', 18);
    expect(news(discard, 'zapped-mirror')).toEqual([]);
    expect(news(discard, 'zapped-direct')).toEqual(['slot 0: zapped [40100, 40101)']);
  });

  it('covers both places of a slot that moves', () => {
    const figure = figureOfText(`vm default
slot 0 gpa 0x100000 size 16K
fault vcpu 0 write gpa 0x101000
move slot 0 gpa 0x101000
`);
    expect(news(figure)).toEqual(['slot 0, moved away: zapped [101, 102)']);
    expect(figure.panels[0]!.links.map(({ labels }) => labels[0])).toEqual([
      'slot 0, moved away',
      'slot 0, moved here',
    ]);
  });

  it('says that RMP and slot disagree on the gfn of a page', () => {
    const { panels } = figureOfExample('sev-snp/unbind-and-rebind.gmem', 18);
    expect(panels[0]!.links[0]!.segments.rmp).toMatchObject([{ word: 'misplaced', start: 0, end: 1 }]);
  });
});

const BOUND = `vm sw-protected
gmem A size 64K
slot 0 gpa 1M size 16K gmem A offset 32K
convert gpa 1M size 16K private
`;

describe('the state alone', () => {
  it('has nothing that is new, zapped or asked for', () => {
    const figure = figureOfExample('hole-across-two-slots.gmem', 16, 'state');
    expect(news(figure)).toEqual([]);
    expect(figure.outcome).toEqual([]);
    expect(figure.panels.map(({ asked }) => asked)).toEqual([null]);
    expect(figure.panels[0]!.lanes.map(({ id }) => id)).toEqual(['file', 'attributes', 'sptes-direct']);
  });

  it('binds ranges of the file to gfns, and leaves the rest without a slot', () => {
    const { panels } = figureOfText(BOUND);
    expect(panels[0]!.links.map(({ slot, base, gfns }) => [slot, base, gfns])).toEqual([
      [null, { start: 0, end: 8 }, null],
      [0, { start: 8, end: 12 }, { start: 0x100, end: 0x104 }],
      [null, { start: 12, end: 16 }, null],
    ]);
  });
});

describe('the range that a statement names', () => {
  it.each([
    ['punch A offset 32K size 8K', { axis: 'base', keyword: 'punch', start: 8, end: 10 }],
    ['allocate A offset 0 size 4K', { axis: 'base', keyword: 'allocate', start: 0, end: 1 }],
    ['fault vcpu 0 read gpa 0x100ffc', { axis: 'gfn', keyword: 'fault', start: 0x100, end: 0x101 }],
    ['convert gpa 1M size 8K shared', { axis: 'gfn', keyword: 'convert', start: 0x100, end: 0x102 }],
    ['discard slot 0 offset 4K size 4K', { axis: 'gfn', keyword: 'discard', start: 0x101, end: 0x102 }],
    ['host write slot 0 offset 0x2fff', { axis: 'gfn', keyword: 'host write', start: 0x102, end: 0x103 }],
    ['close A', null],
  ])('%s', (statement, asked) => {
    expect(figureOfText(`${BOUND}${statement}\n`).panels[0]!.asked).toEqual(asked);
  });

  it('reaches beyond the end of the file', () => {
    const { panels } = figureOfText(`${BOUND}punch A offset 60K size 8K\n`);
    const { base, segments } = panels[0]!.links.at(-1)!;
    expect(base).toEqual({ start: 16, end: 17 });
    expect(segments.file).toMatchObject([{ word: 'beyond', start: 16, end: 17 }]);
  });
});

describe('what a figure leaves out', () => {
  it.each([
    [
      'a VM with nothing',
      'vm sw-protected\n',
      ['There is nothing to draw: the VM has no memslot, no guest_memfd and no page table.'],
    ],
    ['page tables before a vCPU ran', BOUND, ['No vCPU has run on the VM: there are no page tables yet.']],
    [
      'page tables that are gone',
      'vm default\nslot 0 gpa 1M size 4K\nfault vcpu 0 read gpa 1M\ndelete slot 0\n',
      ['All page tables of the VM are gone: the next vCPU that runs allocates new ones.'],
    ],
  ])('is said of %s', (_, text, notes) => {
    expect(figureOfText(text).notes).toEqual(notes);
  });

  it('is files beyond the eighth, unless the statement changed them', () => {
    const files = Array.from({ length: 20 }, (_, at) => `gmem F${at} size 4K\n`).join('');
    const { panels, notes } = figureOfText(`vm sw-protected\n${files}allocate F15 offset 0 size 4K\n`);
    expect(panels.length).toBe(8);
    expect(panels.some(({ title }) => title.startsWith('guest_memfd F15:'))).toBe(true);
    expect(notes.at(-1)).toBe('12 more files omitted.');
  });
});
