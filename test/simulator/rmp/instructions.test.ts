import { describe, expect, it } from 'vitest';
import { checkAccess } from '../../../src/simulator/rmp/guest-access';
import {
  type InstructionOutcome,
  pvalidate,
  rmpadjust,
  rmpquery,
} from '../../../src/simulator/rmp/guest-instructions';
import { hostMayWrite, psmash, rmpupdate } from '../../../src/simulator/rmp/host-instructions';
import * as guest from './oracle/guest';
import * as host from './oracle/host';
import { ASID, changeText, GFN, PFN, rmpOf, STATES, type Table, tableOf } from './oracle/pages';
import { combinations, decide, type Rule } from './oracle/rules';

/**
 * The RMP's instructions and checks, for every combination of what they look at, against the manual's rules as
 * test/simulator/rmp/oracle has them. Of each rule, the page golden/instructions.txt shows where it decides, to be
 * compared with the manual by a person: `npx vitest run --project unit test/simulator/rmp -u` writes it anew.
 */

/** What the simulator says of a row. */
interface Outcome {
  readonly result: string;
  readonly table: Table;
}

const current = Object.keys(STATES);
const sizes = ['4K', '2M'] as const;
const gfns = [GFN, GFN + 1];
const level = (size: '4K' | '2M') => (size === '2M' ? 2 : 1);
const RMPS = Object.fromEntries(current.map((name) => [name, rmpOf(STATES[name]!)]));
const rmpFor = (row: { readonly current: string }) => RMPS[row.current]!;

/** The page at a gfn, as the guest and the nested page tables have it. */
function pageAt({ gfn, mapping, size }: { gfn: number; mapping: '4K' | '2M'; size: '4K' | '2M' }) {
  return { gfn, pfn: PFN + gfn - GFN, level: level(mapping), size: level(size), asid: ASID } as const;
}

function instruction(before: Table, outcome: InstructionOutcome): Outcome {
  if ('notValidated' in outcome) return { result: '#VC not validated', table: before };
  if ('fault' in outcome) return { result: `#NPF RMP${outcome.fault.sizem ? '+SIZEM' : ''}`, table: before };
  const { result, unchanged, rmp } = outcome;
  return { result: `${result}${unchanged ? ', no change (CF)' : ''}`, table: tableOf(rmp) };
}

/** An instruction or a check: its rows compared with the simulator, and two rows for each rule, to be read. */
interface Subject {
  readonly name: string;
  readonly compare: () => void;
  readonly sample: () => readonly string[];
}

function subject<Row extends { readonly current: string }>(
  name: string,
  rows: readonly Row[],
  rules: readonly Rule<Row>[],
  simulated: (row: Row) => Outcome,
  changed: (row: Row) => Table,
): Subject {
  const decided = rows.map((row) => {
    const { why, result } = decide(rules, row);
    const before = STATES[row.current]!;
    return { row, why, result, left: changeText(before, why === 'otherwise' ? changed(row) : before) };
  });
  return {
    name,
    compare: () => {
      for (const { row, result, left } of decided) {
        const outcome = simulated(row);
        const told = { result: outcome.result, left: changeText(STATES[row.current]!, outcome.table) };
        expect(told, words(row)).toEqual({ result, left });
      }
    },
    sample: () => [
      `${name}: ${rows.length} rows`,
      ...rules.flatMap(({ why }) => {
        const found = decided.filter((other) => other.why === why);
        const two = [...new Set([found[0], found[Math.floor(found.length / 2)]])];
        const lines = two.map((one) => {
          if (one === undefined) throw new Error(`no row of ${name} shows: ${why}`);
          return `  ${words(one.row)} → ${one.result}${one.left === 'as before' ? '' : `; then ${one.left}`}`;
        });
        return [` ${why} (${found.length})`, ...lines];
      }),
      '',
    ],
  };
}

function words(row: { readonly current: string }): string {
  const { current: name, ...asked } = row;
  const parts = Object.entries(asked).map(([key, value]) =>
    key === 'gfn' ? `gfn 0x${Number(value).toString(16)}` : `${key} ${value}`,
  );
  return `[${name}] ${parts.join(', ')}`;
}

function forPvalidate(): Subject {
  const inputs = {
    current,
    mapping: sizes,
    size: sizes,
    validate: [true, false],
    gfn: gfns,
    vmpl: [0, 1, 3],
  };
  const simulated = (row: guest.Pvalidate) =>
    instruction(STATES[row.current]!, pvalidate(rmpFor(row), pageAt(row), row));
  return subject('PVALIDATE', combinations(inputs), guest.PVALIDATE, simulated, guest.afterPvalidate);
}

function forRmpadjust(): Subject {
  const byPage = combinations({
    current,
    mapping: sizes,
    size: sizes,
    gfn: gfns,
    vmpl: [0, 1],
    target: [2],
    permissions: [1],
    vmsa: [false, true],
  });
  const byRequest = combinations({
    current: ['hypervisor', 'guest 4K', 'guest 4K, VMPL 1 rw', 'guest 2M, VMPL 1 rw', 'guest 4K, VMSA'],
    gfn: gfns,
    vmpl: [0, 1, 2, 3],
    target: [0, 1, 2, 3, 4],
    permissions: [0, 2, 15, 16],
    vmsa: [false, true],
  }).map((row) => {
    const size: '4K' | '2M' = row.current.includes('2M') ? '2M' : '4K';
    const { current: name, ...request } = row;
    return { current: name, mapping: size, size, ...request };
  });
  const simulated = (row: guest.Rmpadjust) =>
    instruction(STATES[row.current]!, rmpadjust(rmpFor(row), pageAt(row), row));
  return subject('RMPADJUST', [...byPage, ...byRequest], guest.RMPADJUST, simulated, guest.afterRmpadjust);
}

function forRmpquery(): Subject {
  const rows = combinations({ current, gfn: gfns, vmpl: [0, 1, 2, 3], target: [0, 1, 2, 3, 4] });
  const simulated = (row: guest.Rmpquery): Outcome => {
    const table = guest.tableFor(row);
    const outcome = rmpquery(rmpFor(row), pageAt({ ...row, mapping: '4K', size: '4K' }), row);
    if ('fault' in outcome) return { result: '#NPF RMP', table };
    const { result, permissions, pageSize, vmsa } = outcome;
    const told = `${result}, permissions ${permissions}, ${pageSize === 2 ? '2M' : '4K'}${vmsa ? ', VMSA' : ''}`;
    return { result: result === 'SUCCESS' ? told : result, table };
  };
  return subject('RMPQUERY', rows, guest.RMPQUERY, simulated, guest.tableFor);
}

function forGuestAccess(): Subject {
  const rows = combinations({
    current,
    private: [true, false],
    kind: ['read', 'write', 'exec'] as const,
    mapping: sizes,
    gfn: gfns,
    vmpl: [0, 1, 2],
    // A fetch is private, whatever the guest's page tables say.
  }).filter((row) => row.private || row.kind !== 'exec');
  const simulated = (row: guest.Access): Outcome => {
    const { pfn, level: at, asid } = pageAt({ ...row, size: '4K' });
    const { gfn, kind, vmpl } = row;
    const access = { gfn, pfn, level: at, asid, kind, private: row.private, vmpl };
    const found = checkAccess(rmpFor(row), access);
    const bits = found.does === 'fault' ? `${found.rmp ? ' RMP' : ''}${found.vmpl ? '+VMPL' : ''}` : '';
    const result = { vc: '#VC not validated', access: 'access', fault: `#NPF${bits}` }[found.does];
    return { result, table: guest.tableFor(row) };
  };
  return subject('Guest access', rows, guest.ACCESS, simulated, guest.tableFor);
}

function forRmpupdate(): Subject {
  const state = Object.keys(host.NEW_STATES) as (keyof typeof host.NEW_STATES)[];
  const simulated = (row: host.Rmpupdate): Outcome => {
    const asked = { ...host.NEW_STATES[row.state], pageSize: level(row.size) } as const;
    const { result, rmp } = rmpupdate(rmpFor(row), PFN + row.page, asked);
    return { result, table: tableOf(rmp) };
  };
  const rows = combinations({ current, state, size: sizes, page: [0, 1] });
  return subject('RMPUPDATE', rows, host.RMPUPDATE, simulated, host.afterRmpupdate);
}

function forPsmash(): Subject {
  const simulated = (row: { readonly current: string; readonly page: number }): Outcome => {
    const { result, rmp } = psmash(rmpFor(row), PFN + row.page);
    return { result, table: tableOf(rmp) };
  };
  return subject('PSMASH', combinations({ current, page: [0, 1] }), host.PSMASH, simulated, host.afterPsmash);
}

function forHostWrite(): Subject {
  const simulated = (row: host.HostWrite): Outcome => ({
    result: hostMayWrite(rmpFor(row), PFN + row.page, level(row.mapping)) ? 'writes' : '#PF RMP',
    table: host.tableFor(row),
  });
  const rows = combinations({ current, mapping: sizes, page: [0, 1, 512] });
  return subject('Host write', rows, host.HOST_WRITE, simulated, host.tableFor);
}

const SUBJECTS = [
  forPvalidate(),
  forRmpadjust(),
  forRmpquery(),
  forGuestAccess(),
  forRmpupdate(),
  forPsmash(),
  forHostWrite(),
];

it.each(current)('the simulator’s form of the table `%s` says the same of each page', (name) => {
  expect(tableOf(RMPS[name]!)).toEqual(STATES[name]);
});

describe('does in every row what the manual’s rules say', () => {
  it.each(SUBJECTS.map(({ name, compare }) => [name, compare] as const))('%s', (_, compare) => compare());
});

it('shows two rows of each rule, to be read', async () => {
  const head =
    'Each rule, the first that holds decides; how many rows it decides; and two of them:\n' +
    '[RMP before] what is asked → result; the RMP then, where it changes. Page 0 is the first of 2M.\n\n';
  const text = SUBJECTS.flatMap(({ sample }) => sample()).join('\n');
  await expect(`${head}${text}`).toMatchFileSnapshot('golden/instructions.txt');
});
