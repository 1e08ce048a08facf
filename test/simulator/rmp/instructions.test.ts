import { describe, expect, it } from 'vitest';
import {
  entryAt,
  HYPERVISOR,
  type Rmp,
  type RmpEntry,
  setEntries,
  VMPL_READ,
  VMPL_WRITE,
} from '../../../src/simulator/rmp/entry';
import { type AccessCheck, checkAccess } from '../../../src/simulator/rmp/guest-access';
import {
  type InstructionOutcome,
  pvalidate,
  rmpadjust,
  rmpquery,
} from '../../../src/simulator/rmp/guest-instructions';
import { hostMayWrite, MAX_ASID, psmash, rmpupdate } from '../../../src/simulator/rmp/host-instructions';

/**
 * For each instruction, its outcome for every combination of what its checks read, as a table to be read:
 * `npx vitest run test/simulator/rmp -u` writes the tables anew.
 */

/** All combinations, the last input changing fastest. */
function combinations<T extends Record<string, readonly unknown[]>>(inputs: T) {
  type One = { [K in keyof T]: T[K][number] };
  let rows: Partial<One>[] = [{}];
  for (const [name, values] of Object.entries(inputs)) {
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  }
  return rows as One[];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return `${rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}

const PFN = 0x400;
const GFN = 0x8000;
const ASID = 5;

function owned(change: Partial<RmpEntry>): RmpEntry {
  return { ...HYPERVISOR, assigned: true, asid: ASID, gfnDelta: GFN - PFN, ...change };
}

/** Tables with one thing at PFN, by name. */
const CURRENT: Readonly<Record<string, Rmp>> = {
  hypervisor: [],
  'guest 4K': setEntries([], PFN, PFN + 1, owned({})),
  'guest 4K valid': setEntries([], PFN, PFN + 1, owned({ validated: true })),
  'guest 512×4K valid': setEntries([], PFN, PFN + 512, owned({ validated: true })),
  'guest 4K, next page': setEntries([], PFN + 1, PFN + 2, owned({})),
  'guest 2M': setEntries([], PFN, PFN + 512, owned({ pageSize: 2 })),
  'guest 4K, VMPL 1 rw': setEntries(
    [],
    PFN,
    PFN + 1,
    owned({ validated: true, permissions: VMPL_READ | VMPL_WRITE }),
  ),
  'guest 2M valid': setEntries([], PFN, PFN + 512, owned({ pageSize: 2, validated: true })),
  'other guest 4K': setEntries([], PFN, PFN + 1, owned({ asid: ASID + 1, validated: true })),
  'other gfn 4K': setEntries([], PFN, PFN + 1, owned({ gfnDelta: 0, validated: true })),
  'pre-guest 4K': setEntries([], PFN, PFN + 1, owned({ immutable: true })),
  'firmware 4K': setEntries([], PFN, PFN + 1, owned({ asid: 0, gfnDelta: -PFN, immutable: true })),
  'hypervisor-fixed 4K': setEntries([], PFN, PFN + 1, { ...HYPERVISOR, immutable: true }),
};

const current = Object.keys(CURRENT);
const sizes = ['4K', '2M'] as const;
const level = (size: string) => (size === '2M' ? 2 : 1);
const flag = (on: boolean) => (on ? 'yes' : 'no');

describe('host instructions', () => {
  it('RMPUPDATE', async () => {
    const states = {
      shared: { assigned: false, gfn: 0, asid: 0, immutable: false },
      private: { assigned: true, gfn: GFN, asid: ASID, immutable: false },
      'pre-guest': { assigned: true, gfn: GFN, asid: ASID, immutable: true },
      'asid too high': { assigned: true, gfn: GFN, asid: MAX_ASID + 1, immutable: false },
      'shared with an asid': { assigned: false, gfn: 0, asid: ASID, immutable: false },
      'gfn in the middle of 2M': { assigned: true, gfn: GFN + 1, asid: ASID, immutable: false },
    };
    const rows = combinations({ current, state: Object.keys(states), size: sizes, pfn: [PFN, PFN + 1] });
    const text = rows.map(({ current: name, state, size, pfn }) => {
      const before = CURRENT[name]!;
      const { result, rmp } = rmpupdate(before, pfn, { ...states[state as 'shared'], pageSize: level(size) });
      if (result !== 'SUCCESS') expect(rmp).toBe(before);
      return [name, state, size, `pfn 0x${pfn.toString(16)}`, result];
    });
    await expect(table([['current', 'new state', 'size', 'page', 'result'], ...text])).toMatchFileSnapshot(
      'golden/rmpupdate.txt',
    );
  });

  it('PSMASH', async () => {
    const text = combinations({ current, pfn: [PFN, PFN + 1] }).map(({ current: name, pfn }) => {
      const { result, rmp } = psmash(CURRENT[name]!, pfn);
      const after = rmp.find(({ start, end }) => start <= PFN && end > PFN)?.value;
      const left =
        after === undefined ? '-' : `${after.pageSize === 2 ? '2M' : '4K'}${after.validated ? ' valid' : ''}`;
      return [name, `pfn 0x${pfn.toString(16)}`, result, left];
    });
    await expect(table([['current', 'page', 'result', 'then'], ...text])).toMatchFileSnapshot(
      'golden/psmash.txt',
    );
  });

  it('a write by the host', async () => {
    const text = combinations({ current, size: sizes, pfn: [PFN, PFN + 1, PFN + 512] }).map(
      ({ current: name, size, pfn }) => [
        name,
        size,
        `pfn 0x${pfn.toString(16)}`,
        hostMayWrite(CURRENT[name]!, pfn, level(size)) ? 'writes' : '#PF with the RMP bit',
      ],
    );
    await expect(table([['current', 'mapping', 'page', 'result'], ...text])).toMatchFileSnapshot(
      'golden/host-write.txt',
    );
  });
});

function outcomeText(outcome: InstructionOutcome): string {
  if ('notValidated' in outcome) return '#VC not validated';
  if ('fault' in outcome) return `#NPF RMP${outcome.fault.sizem ? '+SIZEM' : ''}`;
  return `${outcome.result}${outcome.unchanged ? ', no change (CF)' : ''}`;
}

describe('guest instructions', () => {
  it('PVALIDATE', async () => {
    const inputs = {
      current,
      mapping: sizes,
      size: sizes,
      validate: [true, false],
      gfn: [GFN, GFN + 1],
      vmpl: [0, 1],
    };
    const text = combinations(inputs).map(({ current: name, mapping, size, validate, gfn, vmpl }) => {
      const page = {
        gfn,
        pfn: PFN + gfn - GFN,
        level: level(mapping),
        size: level(size),
        asid: ASID,
      } as const;
      const outcome = pvalidate(CURRENT[name]!, page, { vmpl, validate });
      const asks = validate ? 'validate' : 'rescind';
      return [name, mapping, size, `gfn 0x${gfn.toString(16)}`, asks, `${vmpl}`, outcomeText(outcome)];
    });
    const head = ['current', 'mapping', 'size', 'page', 'asks to', 'at VMPL', 'result'];
    await expect(table([head, ...text])).toMatchFileSnapshot('golden/pvalidate.txt');
  });

  it('RMPADJUST', async () => {
    const inputs = {
      current,
      mapping: sizes,
      size: sizes,
      vmpl: [0, 1],
      target: [0, 1, 2, 4],
      vmsa: [false, true],
    };
    const text = combinations(inputs).map(({ current: name, mapping, size, vmpl, target, vmsa }) => {
      const page = { gfn: GFN, pfn: PFN, level: level(mapping), size: level(size), asid: ASID } as const;
      const outcome = rmpadjust(CURRENT[name]!, page, { vmpl, target, permissions: 3, vmsa });
      const after = 'rmp' in outcome && entryAt(outcome.rmp, PFN).vmsa ? ', VMSA' : '';
      return [name, mapping, size, `${vmpl}`, `${target}`, flag(vmsa), `${outcomeText(outcome)}${after}`];
    });
    const head = ['current', 'mapping', 'size', 'at VMPL', 'for VMPL', 'VMSA', 'result'];
    await expect(table([head, ...text])).toMatchFileSnapshot('golden/rmpadjust.txt');
  });

  it('RMPQUERY', async () => {
    const rows = combinations({ current, vmpl: [0, 1], target: [0, 1, 4] });
    const text = rows.map(({ current: name, vmpl, target }) => {
      const page = { gfn: GFN, pfn: PFN, level: 1, asid: ASID } as const;
      const outcome = rmpquery(CURRENT[name]!, page, { vmpl, target });
      const told =
        'fault' in outcome
          ? '#NPF RMP'
          : `${outcome.result}, permissions ${outcome.permissions}, level ${outcome.pageSize}`;
      return [name, `${vmpl}`, `${target}`, told];
    });
    const head = ['current', 'at VMPL', 'of VMPL', 'result'];
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
    private: [true, false],
    kind: ['read', 'write', 'exec'] as const,
    mapping: sizes,
    vmpl: [0, 1],
  });
  const text = rows.map(({ current: name, private: isPrivate, kind, mapping, vmpl }) => {
    const check = checkAccess(CURRENT[name]!, {
      gfn: GFN,
      pfn: PFN,
      level: level(mapping),
      asid: ASID,
      kind,
      private: isPrivate,
      vmpl,
    });
    return [name, isPrivate ? 'C=1' : 'C=0', kind, mapping, `${vmpl}`, checkText(check)];
  });
  await expect(
    table([['current', 'C-bit', 'access', 'mapping', 'VMPL', 'result'], ...text]),
  ).toMatchFileSnapshot('golden/guest-access.txt');
});
