/** Tables of an instruction's outcomes, for goldens: RMPs to start from, all combinations of inputs, and what is left. */
import { permissionText } from '../../../src/simulator/model/guest';
import {
  HYPERVISOR,
  permissionsOf,
  type Rmp,
  type RmpEntry,
  setEntries,
  VMPL_READ,
  VMPL_WRITE,
} from '../../../src/simulator/rmp/entry';

/** The page that the instructions are about: the first of 2 MiB. */
export const PFN = 0x400;
export const GFN = 0x8000;
export const ASID = 5;

/** All combinations, the last input changing fastest. */
export function combinations<T extends Record<string, readonly unknown[]>>(inputs: T) {
  type One = { [K in keyof T]: T[K][number] };
  let rows: Partial<One>[] = [{}];
  for (const [name, values] of Object.entries(inputs)) {
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  }
  return rows as One[];
}

export function table(rows: readonly (readonly string[])[]): string {
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

function owned(change: Partial<RmpEntry>): RmpEntry {
  return { ...HYPERVISOR, assigned: true, asid: ASID, gfnDelta: GFN - PFN, ...change };
}

/** One entry of 4K, `at` pages into the 2 MiB. */
function small(change: Partial<RmpEntry>, at = 0): Rmp {
  return setEntries([], PFN + at, PFN + at + 1, owned(change));
}

function large(change: Partial<RmpEntry>): Rmp {
  return setEntries([], PFN, PFN + 512, owned({ pageSize: 2, ...change }));
}

const VMPL_1_RW = { validated: true, permissions: VMPL_READ | VMPL_WRITE };

/** Tables with one thing at PFN, by name. */
export const CURRENT: Readonly<Record<string, Rmp>> = {
  hypervisor: [],
  'guest 4K': small({}),
  'guest 4K valid': small({ validated: true }),
  'guest 512×4K valid': setEntries([], PFN, PFN + 512, owned({ validated: true })),
  'guest 4K, next page': small({}, 1),
  'guest 4K, last page': small({}, 511),
  'guest 2M': large({}),
  'guest 2M valid': large({ validated: true }),
  'guest 4K, VMPL 1 rw': small(VMPL_1_RW),
  'guest 2M, VMPL 1 rw': large(VMPL_1_RW),
  'guest 4K, VMSA': small({ validated: true, vmsa: true }),
  'other guest 4K': small({ asid: ASID + 1, validated: true }),
  'other guest 2M': large({ asid: ASID + 1, validated: true }),
  'other gfn 4K': small({ gfnDelta: 0, validated: true }),
  'other gfn 2M': large({ gfnDelta: 0, validated: true }),
  'pre-guest 4K': small({ immutable: true }),
  'pre-guest 4K, last page': small({ immutable: true }, 511),
  'pre-guest 2M': large({ immutable: true }),
  'firmware 4K': small({ asid: 0, gfnDelta: -PFN, immutable: true }),
  'hypervisor-fixed 4K': setEntries([], PFN, PFN + 1, { ...HYPERVISOR, immutable: true }),
};

export const current = Object.keys(CURRENT);
export const sizes = ['4K', '2M'] as const;
export const level = (size: string) => (size === '2M' ? 2 : 1);
export const hex = (page: number) => `0x${page.toString(16)}`;

function runText({ start, end, value }: Rmp[number]): string {
  const { assigned, pageSize, asid, gfnDelta, validated, immutable, vmsa } = value;
  const granted = [1, 2, 3]
    .map((vmpl) => [vmpl, permissionsOf(value, vmpl)] as const)
    .filter(([, mask]) => mask !== 0)
    .map(([vmpl, mask]) => `${vmpl}:${permissionText(mask)}`);
  return [
    end === start + 1 ? hex(start) : `${hex(start)}..${hex(end)}`,
    pageSize === 2 ? '2M' : '4K',
    assigned ? `${asid}@${hex(start + gfnDelta)}` : 'unassigned',
    ...(validated ? ['valid'] : []),
    ...(immutable ? ['immutable'] : []),
    ...(vmsa ? ['VMSA'] : []),
    ...granted,
  ].join(' ');
}

/** Every entry that is left: `pfns size ASID@gfn flags VMPL:permissions`; `=` where nothing changed. */
export function rmpText(before: Rmp, after: Rmp): string {
  const [was, is] = [before, after].map((rmp) => rmp.map(runText).join(', ') || '-');
  return is === was ? '=' : is!;
}
