/**
 * What the manual says of the instructions and the accesses of a guest (APM volume 3: PVALIDATE, RMPADJUST, RMPQUERY;
 * volume 2: the RMP and VMPL checks), as lists of rules for a table of single entries. Nothing is shared with
 * src/simulator/rmp, which works on ranges.
 */
import { ASID, GFN, type Page, STATES, type Table, withPages } from './pages';
import { otherwise, type Rule } from './rules';

type Size = '4K' | '2M';

/** The page that the guest means: page `gfn - GFN` of the table, where the nested page tables map it. */
interface Asked {
  readonly current: string;
  readonly gfn: number;
}

export interface Pvalidate extends Asked {
  readonly mapping: Size;
  readonly size: Size;
  readonly validate: boolean;
  readonly vmpl: number;
}

export interface Rmpadjust extends Asked {
  readonly mapping: Size;
  readonly size: Size;
  readonly vmpl: number;
  readonly target: number;
  readonly permissions: number;
  readonly vmsa: boolean;
}

export interface Rmpquery extends Asked {
  readonly vmpl: number;
  readonly target: number;
}

export interface Access extends Asked {
  readonly private: boolean;
  readonly kind: 'read' | 'write' | 'exec';
  readonly mapping: Size;
  readonly vmpl: number;
}

export const tableFor = ({ current }: Asked): Table => STATES[current]!;
const at = ({ gfn }: Asked) => gfn - GFN;
const pageOf = (row: Asked): Page => tableFor(row)[at(row)]!;

/** Not assigned to this guest at this gfn, or still immutable: the RMP check fails as for any private access. */
function isForeign(row: Asked): boolean {
  const { assigned, asid, gfn, immutable } = pageOf(row);
  return !(assigned && asid === ASID && gfn === row.gfn && !immutable);
}

const FOREIGN = 'the entry is not this guest’s at this gfn, or it is immutable';
const MISALIGNED = '2M asked for at a gfn that is not a multiple of 2M';
const isMisaligned = ({ size, gfn }: { size: Size; gfn: number }) => size === '2M' && (gfn & 0x1ff) !== 0;
const hasLargerEntry = (row: Asked & { size: Size }) => row.size === '4K' && pageOf(row).size === '2M';
const hasSmallerMapping = (row: Asked & { size: Size; mapping: Size }) =>
  row.size === '2M' && (row.mapping === '4K' || pageOf(row).size === '4K');

export const PVALIDATE: readonly Rule<Pvalidate>[] = [
  { why: MISALIGNED, when: isMisaligned, result: 'FAIL_INPUT' },
  { why: 'only VMPL 0 may', when: ({ vmpl }) => vmpl > 0, result: 'FAIL_PERMISSION' },
  { why: FOREIGN, when: isForeign, result: '#NPF RMP' },
  { why: '4K asked for in a 2M entry', when: hasLargerEntry, result: '#NPF RMP+SIZEM' },
  { why: '2M asked for, entry or mapping is 4K', when: hasSmallerMapping, result: 'FAIL_SIZEMISMATCH' },
  {
    why: 'the page is in that state already: CF',
    when: (row) => pageOf(row).validated === row.validate,
    result: 'SUCCESS, no change (CF)',
  },
  { why: 'otherwise', when: otherwise, result: 'SUCCESS' },
];

export const RMPADJUST: readonly Rule<Rmpadjust>[] = [
  { why: MISALIGNED, when: isMisaligned, result: 'FAIL_INPUT' },
  {
    why: 'there is no such VMPL',
    when: ({ target }) => ![0, 1, 2, 3].includes(target),
    result: 'FAIL_INPUT',
  },
  {
    why: 'permissions have four bits',
    when: ({ permissions }) => permissions >> 4 !== 0,
    result: 'FAIL_INPUT',
  },
  {
    why: 'a VMPL changes those below it (higher numbers) only',
    when: ({ vmpl, target }) => vmpl >= target,
    result: 'FAIL_PERMISSION',
  },
  { why: FOREIGN, when: isForeign, result: '#NPF RMP' },
  { why: '4K asked for in a 2M entry', when: hasLargerEntry, result: '#NPF RMP+SIZEM' },
  { why: 'the page is not validated', when: (row) => !pageOf(row).validated, result: '#VC not validated' },
  { why: '2M asked for, entry or mapping is 4K', when: hasSmallerMapping, result: 'FAIL_SIZEMISMATCH' },
  {
    why: 'a VMPL gives no permission that it lacks',
    when: (row) => [1, 2, 4, 8].some((bit) => row.permissions & bit && !(ownPermissions(row) & bit)),
    result: 'FAIL_PERMISSION',
  },
  { why: 'otherwise', when: otherwise, result: 'SUCCESS' },
];

/** VMPL 0 has every permission. */
function ownPermissions(row: Asked & { vmpl: number }): number {
  return row.vmpl === 0 ? 15 : pageOf(row).vmpls[row.vmpl - 1]!;
}

export const RMPQUERY: readonly Rule<Rmpquery>[] = [
  { why: 'there is no such VMPL', when: ({ target }) => target === 4, result: 'FAIL_INPUT' },
  {
    why: 'a VMPL asks about itself and those below it only',
    when: ({ vmpl, target }) => vmpl > target,
    result: 'FAIL_PERMISSION',
  },
  { why: FOREIGN, when: isForeign, result: '#NPF RMP' },
  {
    why: 'otherwise: permissions, size, VMSA',
    when: otherwise,
    result: (row) => {
      const { size, vmsa } = pageOf(row);
      const permissions = ownPermissions({ ...row, vmpl: row.target });
      return `SUCCESS, permissions ${permissions}, ${size}${vmsa ? ', VMSA' : ''}`;
    },
  },
];

/** What an access needs: a write without the permission to read is none. */
const BITS = { read: [1], write: [1, 2], exec: [4] };

/** The entries that a mapping of the page covers. */
function mappedEntries(row: Access): Table {
  const first = row.mapping === '2M' ? at(row) - (at(row) % 512) : at(row);
  return tableFor(row).slice(first, first + (row.mapping === '2M' ? 512 : 1));
}

export const ACCESS: readonly Rule<Access>[] = [
  {
    why: 'a shared write through a mapping with a page that is assigned',
    when: (row) =>
      !row.private && row.kind === 'write' && mappedEntries(row).some(({ assigned }) => assigned),
    result: '#NPF RMP',
  },
  { why: 'any other shared access', when: (row) => !row.private, result: 'access' },
  { why: FOREIGN, when: isForeign, result: '#NPF RMP' },
  {
    why: 'the mapping and the entry are not of one size',
    when: (row) => row.mapping !== pageOf(row).size,
    result: '#NPF RMP',
  },
  { why: 'the page is not validated', when: (row) => !pageOf(row).validated, result: '#VC not validated' },
  {
    why: 'the VMPL lacks the permission',
    when: (row) => BITS[row.kind].some((bit) => (ownPermissions(row) & bit) === 0),
    result: '#NPF RMP+VMPL',
  },
  { why: 'otherwise', when: otherwise, result: 'access' },
];

/** The table after PVALIDATE succeeded. */
export function afterPvalidate(row: Pvalidate): Table {
  return withPages(tableFor(row), at(row), row.size === '2M' ? 512 : 1, {
    ...pageOf(row),
    validated: row.validate,
  });
}

/** The table after RMPADJUST succeeded: VMPL 0 also says whether the page is a VMSA. */
export function afterRmpadjust(row: Rmpadjust): Table {
  const page = pageOf(row);
  const [one, two, three] = page.vmpls.map((mask, below) =>
    below + 1 === row.target ? row.permissions : mask,
  );
  return withPages(tableFor(row), at(row), row.size === '2M' ? 512 : 1, {
    ...page,
    vmpls: [one!, two!, three!],
    vmsa: row.vmpl === 0 ? row.vmsa : page.vmsa,
  });
}
