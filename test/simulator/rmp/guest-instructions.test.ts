import { describe, expect, it } from 'vitest';
import type { Rmp } from '../../../src/simulator/rmp/entry';
import { type AccessCheck, checkAccess } from '../../../src/simulator/rmp/guest-access';
import {
  type InstructionOutcome,
  pvalidate,
  rmpadjust,
  rmpquery,
} from '../../../src/simulator/rmp/guest-instructions';
import { ASID, CURRENT, combinations, current, GFN, hex, level, PFN, rmpText, sizes, table } from './tables';

/**
 * For each instruction of the guest, and for its accesses, the outcome for every combination of what the checks read, and
 * every entry that is left, as a table to be read: `npx vitest run --project unit test/simulator/rmp -u` writes the
 * tables anew.
 */

function outcomeText(outcome: InstructionOutcome): string {
  if ('notValidated' in outcome) return '#VC not validated';
  if ('fault' in outcome) return `#NPF RMP${outcome.fault.sizem ? '+SIZEM' : ''}`;
  return `${outcome.result}${outcome.unchanged ? ', no change (CF)' : ''}`;
}

function leftText(before: Rmp, outcome: InstructionOutcome): string {
  return 'rmp' in outcome ? rmpText(before, outcome.rmp) : '=';
}

/** The page at a gfn, `mapping` and `size` in words. */
function pageAt(gfn: number, mapping: string, size: string) {
  return { gfn, pfn: PFN + gfn - GFN, level: level(mapping), size: level(size), asid: ASID } as const;
}

describe('guest instructions', () => {
  it('PVALIDATE', async () => {
    const inputs = {
      current,
      mapping: sizes,
      size: sizes,
      validate: [true, false],
      gfn: [GFN, GFN + 1],
      vmpl: [0, 1, 3],
    };
    const text = combinations(inputs).map(({ current: name, mapping, size, validate, gfn, vmpl }) => {
      const before = CURRENT[name]!;
      const outcome = pvalidate(before, pageAt(gfn, mapping, size), { vmpl, validate });
      const asks = validate ? 'validate' : 'rescind';
      const left = leftText(before, outcome);
      return [name, mapping, size, hex(gfn), asks, `${vmpl}`, outcomeText(outcome), left];
    });
    const head = ['current', 'mapping', 'size', 'gfn', 'asks to', 'at VMPL', 'result', 'then'];
    await expect(table([head, ...text])).toMatchFileSnapshot('golden/pvalidate.txt');
  });

  /** The page is what varies: the request is one that nothing is wrong with. */
  it('RMPADJUST, by the page', async () => {
    const inputs = {
      current,
      mapping: sizes,
      size: sizes,
      gfn: [GFN, GFN + 1],
      vmpl: [0, 1],
      vmsa: ['', 'VMSA'],
    };
    const text = combinations(inputs).map(({ current: name, mapping, size, gfn, vmpl, vmsa }) => {
      const before = CURRENT[name]!;
      const request = { vmpl, target: 2, permissions: 1, vmsa: vmsa !== '' };
      const outcome = rmpadjust(before, pageAt(gfn, mapping, size), request);
      const left = leftText(before, outcome);
      return [name, mapping, size, hex(gfn), `${vmpl}`, vmsa, outcomeText(outcome), left];
    });
    const head = ['current', 'mapping', 'size', 'gfn', 'at VMPL', 'asks for', 'result', 'then'];
    await expect(table([head, ...text])).toMatchFileSnapshot('golden/rmpadjust-page.txt');
  });

  /** The request is what varies, on pages that are there, and on one that is not. */
  it('RMPADJUST, by the request', async () => {
    const inputs = {
      current: ['hypervisor', 'guest 4K', 'guest 4K, VMPL 1 rw', 'guest 2M, VMPL 1 rw', 'guest 4K, VMSA'],
      gfn: [GFN, GFN + 1],
      vmpl: [0, 1, 2, 3],
      target: [0, 1, 2, 3, 4],
      permissions: [0, 2, 15, 16],
      vmsa: ['', 'VMSA'],
    };
    const text = combinations(inputs).map(({ current: name, gfn, vmpl, target, permissions, vmsa }) => {
      const before = CURRENT[name]!;
      const size = name.includes('2M') ? '2M' : '4K';
      const request = { vmpl, target, permissions, vmsa: vmsa !== '' };
      const outcome = rmpadjust(before, pageAt(gfn, size, size), request);
      const asked = [`${vmpl}`, `${target}`, `${permissions}`, vmsa];
      return [name, hex(gfn), ...asked, outcomeText(outcome), leftText(before, outcome)];
    });
    const head = ['current', 'gfn', 'at VMPL', 'for VMPL', 'permissions', 'asks for', 'result', 'then'];
    await expect(table([head, ...text])).toMatchFileSnapshot('golden/rmpadjust-request.txt');
  });

  it('RMPQUERY', async () => {
    const rows = combinations({ current, gfn: [GFN, GFN + 1], vmpl: [0, 1, 2, 3], target: [0, 1, 2, 3, 4] });
    const text = rows.map(({ current: name, gfn, vmpl, target }) => {
      const outcome = rmpquery(CURRENT[name]!, pageAt(gfn, '4K', '4K'), { vmpl, target });
      const told =
        'fault' in outcome
          ? '#NPF RMP'
          : `${outcome.result}, permissions ${outcome.permissions}, level ${outcome.pageSize}${outcome.vmsa ? ', VMSA' : ''}`;
      return [name, hex(gfn), `${vmpl}`, `${target}`, told];
    });
    const head = ['current', 'gfn', 'at VMPL', 'of VMPL', 'result'];
    await expect(table([head, ...text])).toMatchFileSnapshot('golden/rmpquery.txt');
  });
});

function checkText(check: AccessCheck): string {
  if (check.does === 'vc') return '#VC not validated';
  if (check.does === 'access') return 'access';
  return `#NPF${check.rmp ? ' RMP' : ''}${check.vmpl ? '+VMPL' : ''}`;
}

it('the RMP check of a guest access', async () => {
  const rows = combinations({
    current,
    // A fetch has the C-bit, whatever the guest's page tables say.
    access: ['C=1 read', 'C=1 write', 'C=1 exec', 'C=0 read', 'C=0 write'],
    mapping: sizes,
    gfn: [GFN, GFN + 1],
    vmpl: [0, 1, 2],
  });
  const text = rows.map(({ current: name, access, mapping, gfn, vmpl }) => {
    const [bit, kind] = access.split(' ') as ['C=0' | 'C=1', 'read' | 'write' | 'exec'];
    const { pfn, level: at, asid } = pageAt(gfn, mapping, '4K');
    const check = checkAccess(CURRENT[name]!, {
      gfn,
      pfn,
      level: at,
      asid,
      kind,
      private: bit === 'C=1',
      vmpl,
    });
    return [name, access, mapping, hex(gfn), `${vmpl}`, checkText(check)];
  });
  await expect(
    table([['current', 'access', 'mapping', 'gfn', 'VMPL', 'result'], ...text]),
  ).toMatchFileSnapshot('golden/guest-access.txt');
});
