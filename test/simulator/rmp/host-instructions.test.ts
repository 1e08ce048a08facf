import { describe, expect, it } from 'vitest';
import { hostMayWrite, MAX_ASID, psmash, rmpupdate } from '../../../src/simulator/rmp/host-instructions';
import { ASID, CURRENT, combinations, current, GFN, hex, level, PFN, rmpText, sizes, table } from './tables';

/**
 * For each instruction of the host, its outcome for every combination of what its checks read, and every entry that is
 * left, as a table to be read: `npx vitest run --project unit test/simulator/rmp -u` writes the tables anew.
 */

/** What RMPUPDATE is asked for. */
const STATES = {
  shared: { assigned: false, gfn: 0, asid: 0, immutable: false },
  'hypervisor-fixed': { assigned: false, gfn: 0, asid: 0, immutable: true },
  private: { assigned: true, gfn: GFN, asid: ASID, immutable: false },
  'pre-guest': { assigned: true, gfn: GFN, asid: ASID, immutable: true },
  reclaim: { assigned: true, gfn: 0, asid: 0, immutable: false },
  firmware: { assigned: true, gfn: 0, asid: 0, immutable: true },
  'highest asid': { assigned: true, gfn: GFN, asid: MAX_ASID, immutable: false },
  'asid too high': { assigned: true, gfn: GFN, asid: MAX_ASID + 1, immutable: false },
  'highest gfn': { assigned: true, gfn: 2 ** 40 - 512, asid: ASID, immutable: false },
  'gfn too high': { assigned: true, gfn: 2 ** 40, asid: ASID, immutable: false },
  'gfn in the middle of 2M': { assigned: true, gfn: GFN + 1, asid: ASID, immutable: false },
  'shared with an asid': { assigned: false, gfn: 0, asid: ASID, immutable: false },
  'shared with a gfn': { assigned: false, gfn: GFN, asid: 0, immutable: false },
};

describe('host instructions', () => {
  it('RMPUPDATE', async () => {
    const rows = combinations({ current, state: Object.keys(STATES), size: sizes, pfn: [PFN, PFN + 1] });
    const text = rows.map(({ current: name, state, size, pfn }) => {
      const before = CURRENT[name]!;
      const { result, rmp } = rmpupdate(before, pfn, { ...STATES[state as 'shared'], pageSize: level(size) });
      return [name, state, size, hex(pfn), result, rmpText(before, rmp)];
    });
    await expect(
      table([['current', 'new state', 'size', 'pfn', 'result', 'then'], ...text]),
    ).toMatchFileSnapshot('golden/rmpupdate.txt');
  });

  it('PSMASH', async () => {
    const text = combinations({ current, pfn: [PFN, PFN + 1] }).map(({ current: name, pfn }) => {
      const before = CURRENT[name]!;
      const { result, rmp } = psmash(before, pfn);
      return [name, hex(pfn), result, rmpText(before, rmp)];
    });
    await expect(table([['current', 'pfn', 'result', 'then'], ...text])).toMatchFileSnapshot(
      'golden/psmash.txt',
    );
  });

  it('a write by the host', async () => {
    const text = combinations({ current, size: sizes, pfn: [PFN, PFN + 1, PFN + 512] }).map(
      ({ current: name, size, pfn }) => [
        name,
        size,
        hex(pfn),
        hostMayWrite(CURRENT[name]!, pfn, level(size)) ? 'writes' : '#PF with the RMP bit',
      ],
    );
    await expect(table([['current', 'mapping', 'pfn', 'result'], ...text])).toMatchFileSnapshot(
      'golden/host-write.txt',
    );
  });
});
