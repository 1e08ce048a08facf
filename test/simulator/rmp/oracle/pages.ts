/** The RMP as the manual draws it: an entry for each page of 4K, whatever ranges the simulator makes of them. */
import { permissionsOf, type Rmp, setEntries } from '../../../../src/simulator/rmp/entry';

/** The first page of 2 MiB; every state below lies in these 2 MiB, and the 2 MiB after it are the hypervisor's. */
export const PFN = 0x400;
export const GFN = 0x8000;
export const ASID = 5;
const PAGES = 1024;

export interface Page {
  readonly assigned: boolean;
  readonly size: '4K' | '2M';
  readonly asid: number;
  readonly gfn: number;
  readonly validated: boolean;
  readonly immutable: boolean;
  readonly vmsa: boolean;
  /** Permissions of VMPLs 1, 2 and 3, four bits each. */
  readonly vmpls: readonly [number, number, number];
}

/** The entry of each page, from PFN on. */
export type Table = readonly Page[];

export const HYPERVISORS: Page = {
  assigned: false,
  size: '4K',
  asid: 0,
  gfn: 0,
  validated: false,
  immutable: false,
  vmsa: false,
  vmpls: [0, 0, 0],
};

/** The table after `count` pages from page `first` on have got an entry, their gfns counting up where they have one. */
export function withPages(table: Table, first: number, count: number, page: Page): Table {
  return table.map((old, at) => {
    if (at < first || at >= first + count) return old;
    return page.assigned ? { ...page, gfn: page.gfn + at - first } : page;
  });
}

const EMPTY: Table = Array.from({ length: PAGES }, () => HYPERVISORS);
const GUESTS: Page = { ...HYPERVISORS, assigned: true, asid: ASID, gfn: GFN };

function small(page: Partial<Page>, at = 0): Table {
  return withPages(EMPTY, at, 1, { ...GUESTS, gfn: GFN + at, ...page });
}

function large(page: Partial<Page>): Table {
  return withPages(EMPTY, 0, 512, { ...GUESTS, size: '2M', ...page });
}

const WRITE = 2;
const READ_AND_WRITE = 3;
const VMPL_1_RW: Partial<Page> = { validated: true, vmpls: [READ_AND_WRITE, 0, 0] };

/** Tables with one thing at PFN, by name. */
export const STATES: Readonly<Record<string, Table>> = {
  hypervisor: EMPTY,
  'guest 4K': small({}),
  'guest 4K valid': small({ validated: true }),
  'guest 512×4K valid': withPages(EMPTY, 0, 512, { ...GUESTS, validated: true }),
  'guest 4K, next page': small({}, 1),
  'guest 4K, last page': small({}, 511),
  'guest 2M': large({}),
  'guest 2M valid': large({ validated: true }),
  'guest 4K, VMPL 1 rw': small(VMPL_1_RW),
  'guest 2M, VMPL 1 rw': large(VMPL_1_RW),
  'guest 4K, VMPL 1 w': small({ validated: true, vmpls: [WRITE, 0, 0] }),
  'guest 4K, VMSA': small({ validated: true, vmsa: true }),
  'other guest 4K': small({ asid: ASID + 1, validated: true }),
  'other guest 2M': large({ asid: ASID + 1, validated: true }),
  'other gfn 4K': small({ gfn: PFN, validated: true }),
  'other gfn 2M': large({ gfn: PFN, validated: true }),
  'pre-guest 4K': small({ immutable: true }),
  'pre-guest 4K, last page': small({ immutable: true }, 511),
  'pre-guest 2M': large({ immutable: true }),
  'firmware 4K': small({ asid: 0, gfn: 0, immutable: true }),
  'hypervisor-fixed 4K': withPages(EMPTY, 0, 1, { ...HYPERVISORS, immutable: true }),
};

/** The simulator's form of a table. */
export function rmpOf(table: Table): Rmp {
  return table.reduce<Rmp>((rmp, page, at) => {
    if (page === HYPERVISORS) return rmp;
    const { assigned, asid, gfn, validated, immutable, vmsa, vmpls } = page;
    const permissions = vmpls[0] | (vmpls[1] << 4) | (vmpls[2] << 8);
    const pageSize = page.size === '2M' ? 2 : 1;
    const gfnDelta = assigned ? gfn - PFN - at : 0;
    const entry = { assigned, pageSize, asid, gfnDelta, validated, immutable, vmsa, permissions } as const;
    return setEntries(rmp, PFN + at, PFN + at + 1, entry);
  }, []);
}

/** What the simulator's form says of each page. */
export function tableOf(rmp: Rmp): Table {
  const table = [...EMPTY];
  for (const { start, end, value } of rmp) {
    const { assigned, pageSize, asid, gfnDelta, validated, immutable, vmsa } = value;
    const size = pageSize === 2 ? '2M' : '4K';
    const vmpls = [permissionsOf(value, 1), permissionsOf(value, 2), permissionsOf(value, 3)] as const;
    const gfn = (pfn: number) => (assigned ? pfn + gfnDelta : 0);
    for (let pfn = start; pfn < end; pfn++) {
      table[pfn - PFN] = { assigned, size, asid, gfn: gfn(pfn), validated, immutable, vmsa, vmpls };
    }
  }
  return table;
}

const letters = (mask: number) =>
  ['r', 'w', 'u', 's'].map((letter, bit) => (mask & (1 << bit) ? letter : '-')).join('');

function pageText({ assigned, size, asid, validated, immutable, vmsa, vmpls }: Page): string {
  return [
    size,
    assigned ? `ASID ${asid}` : 'unassigned',
    ...(validated ? ['valid'] : []),
    ...(immutable ? ['immutable'] : []),
    ...(vmsa ? ['VMSA'] : []),
    ...vmpls.flatMap((mask, at) => (mask === 0 ? [] : [`VMPL ${at + 1} ${letters(mask)}`])),
  ].join(' ');
}

/** Both tables in words, pages alike in a row together; `as before` where nothing changed. */
export function changeText(before: Table, after: Table): string {
  const [was, is] = [before, after].map((table) => runsOf(table).join(', ') || 'all hypervisor') as [
    string,
    string,
  ];
  return was === is ? 'as before' : is;
}

function runsOf(table: Table): readonly string[] {
  const runs: { first: number; last: Page; at: number }[] = [];
  table.forEach((page, at) => {
    const run = runs.at(-1);
    const follows = run !== undefined && run.at === at - 1 && continues(run.last, page);
    if (follows) Object.assign(run, { last: page, at });
    else if (page.assigned || page.immutable) runs.push({ first: at, last: page, at });
  });
  return runs.map(({ first, last, at }) => {
    const { gfn } = table[first]!;
    const place = first === at ? `page ${first}` : `pages ${first}..${at + 1}`;
    return `${place}: ${pageText(last)}${last.assigned ? ` gfn 0x${gfn.toString(16)}` : ''}`;
  });
}

function continues(before: Page, page: Page): boolean {
  return (
    (page.assigned || page.immutable) &&
    pageText(before) === pageText(page) &&
    page.gfn - before.gfn === (page.assigned ? 1 : 0)
  );
}
