/**
 * What the manual says of the host's instructions and writes (APM volume 3: RMPUPDATE, PSMASH; volume 2: the RMP check
 * of host writes), as lists of rules for a table of single entries.
 */
import { ASID, GFN, HYPERVISORS, STATES, type Table, withPages } from './pages';
import { otherwise, type Rule } from './rules';

type Size = '4K' | '2M';

/** The highest ASID of an SNP guest that the host has. */
const HIGHEST_ASID = 1006;

/** What RMPUPDATE is asked to write. */
export const NEW_STATES = {
  shared: { assigned: false, gfn: 0, asid: 0, immutable: false },
  'hypervisor-fixed': { assigned: false, gfn: 0, asid: 0, immutable: true },
  private: { assigned: true, gfn: GFN, asid: ASID, immutable: false },
  'pre-guest': { assigned: true, gfn: GFN, asid: ASID, immutable: true },
  reclaim: { assigned: true, gfn: 0, asid: 0, immutable: false },
  firmware: { assigned: true, gfn: 0, asid: 0, immutable: true },
  'highest asid': { assigned: true, gfn: GFN, asid: HIGHEST_ASID, immutable: false },
  'asid too high': { assigned: true, gfn: GFN, asid: HIGHEST_ASID + 1, immutable: false },
  'highest gfn': { assigned: true, gfn: 2 ** 40 - 512, asid: ASID, immutable: false },
  'gfn too high': { assigned: true, gfn: 2 ** 40, asid: ASID, immutable: false },
  'gfn in the middle of 2M': { assigned: true, gfn: GFN + 1, asid: ASID, immutable: false },
  'shared with an asid': { assigned: false, gfn: 0, asid: ASID, immutable: false },
  'shared with a gfn': { assigned: false, gfn: GFN, asid: 0, immutable: false },
} as const;

/** `page` counts from PFN, the first page of 2M. */
interface Asked {
  readonly current: string;
  readonly page: number;
}

export interface Rmpupdate extends Asked {
  readonly state: keyof typeof NEW_STATES;
  readonly size: Size;
}

export interface HostWrite extends Asked {
  readonly mapping: Size;
}

export const tableFor = ({ current }: Asked): Table => STATES[current]!;

/** The entries of what is asked about: one, or those of the 2M around it. */
function entries(row: Asked, size: Size): Table {
  const first = size === '2M' ? row.page - (row.page % 512) : row.page;
  return tableFor(row).slice(first, first + (size === '2M' ? 512 : 1));
}

/** The entry that would speak for all 2M around the page: the first of them. */
const firstOf2M = (row: Asked) => entries(row, '2M')[0]!;

export const RMPUPDATE: readonly Rule<Rmpupdate>[] = [
  {
    why: '2M asked for at a page in the middle of 2M',
    when: ({ size, page }) => size === '2M' && page % 512 !== 0,
    result: 'FAIL_INPUT',
  },
  {
    why: '2M asked for with a gfn in the middle of 2M',
    when: ({ size, state }) => size === '2M' && NEW_STATES[state].gfn % 512 !== 0,
    result: 'FAIL_INPUT',
  },
  {
    why: 'the gfn has more than 40 bits',
    when: ({ state }) => NEW_STATES[state].gfn / 2 ** 40 >= 1,
    result: 'FAIL_INPUT',
  },
  { why: 'there is no such ASID', when: ({ state }) => state === 'asid too high', result: 'FAIL_INPUT' },
  {
    why: 'an ASID or a gfn for a page that is not assigned',
    when: ({ state }) => state === 'shared with an asid' || state === 'shared with a gfn',
    result: 'FAIL_INPUT',
  },
  {
    why: 'an entry is immutable',
    when: (row) => entries(row, row.size).some(({ immutable }) => immutable),
    result: 'FAIL_PERMISSION',
  },
  {
    why: '4K asked for within a 2M entry',
    when: (row) => row.size === '4K' && firstOf2M(row).size === '2M',
    result: 'FAIL_OVERLAP',
  },
  {
    why: '2M asked for over 4K entries that are assigned',
    when: (row) =>
      row.size === '2M' && entries(row, '2M').some(({ assigned, size }) => assigned && size === '4K'),
    result: 'FAIL_OVERLAP',
  },
  { why: 'otherwise', when: otherwise, result: 'SUCCESS' },
];

export const PSMASH: readonly Rule<Asked>[] = [
  { why: 'a page in the middle of 2M', when: ({ page }) => page % 512 !== 0, result: 'FAIL_INPUT' },
  {
    why: 'no 2M entry that is assigned and not immutable',
    when: (row) => {
      const { assigned, size, immutable } = firstOf2M(row);
      return size === '4K' || immutable || !assigned;
    },
    result: 'FAIL_PERMISSION',
  },
  { why: 'otherwise', when: otherwise, result: 'SUCCESS' },
];

export const HOST_WRITE: readonly Rule<HostWrite>[] = [
  {
    why: 'a page of the mapping is not the hypervisor’s',
    when: (row) => entries(row, row.mapping).some(({ assigned, immutable }) => assigned || immutable),
    result: '#PF RMP',
  },
  { why: 'otherwise', when: otherwise, result: 'writes' },
];

/** The table after RMPUPDATE succeeded: what it does not name is reset, and a shared page has nothing. */
export function afterRmpupdate(row: Rmpupdate): Table {
  const { assigned, gfn, asid, immutable } = NEW_STATES[row.state];
  const page =
    assigned || immutable ? { ...HYPERVISORS, assigned, gfn, asid, immutable, size: row.size } : HYPERVISORS;
  return withPages(tableFor(row), row.page, row.size === '2M' ? 512 : 1, page);
}

/** The table after PSMASH succeeded: all else stays. */
export function afterPsmash(row: Asked): Table {
  return tableFor(row).map((page, at) => (at < 512 ? { ...page, size: '4K' } : page));
}
