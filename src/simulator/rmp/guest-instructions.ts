/**
 * The instructions with which an SNP guest changes the RMP (APM volume 3, PVALIDATE, RMPADJUST, RMPQUERY). They
 * reach the table only if the nested page tables map the page; a mismatch of owner or address faults to
 * the host, as for any private access.
 */
import { entryAt, gfnOf, permissionsOf, type Rmp, type RmpEntry, setEntries, withPermissions } from './entry';
import { pagesOfLevel, type RmpResult } from './host-instructions';

/** The operand of an instruction; `size` is the guest's operand. */
export interface GuestPage {
  readonly gfn: number;
  readonly pfn: number;
  readonly size: 1 | 2;
  /** Level of the nested page-table entry that maps it. */
  readonly level: 1 | 2;
  readonly asid: number;
}

/** A nested page fault instead of a result, with GUEST_RMP in the error code, and GUEST_SIZEM if the host must smash the entry. */
export interface InstructionFault {
  readonly fault: { readonly sizem: boolean };
}

/** #VC instead of a result: the guest has not validated the page. */
export interface InstructionException {
  readonly notValidated: true;
}

export interface InstructionResult {
  readonly result: RmpResult;
  /** CF: the page was already in the requested state. */
  readonly unchanged: boolean;
  readonly rmp: Rmp;
}

export type InstructionOutcome = InstructionFault | InstructionException | InstructionResult;

const NOT_VALIDATED: InstructionException = { notValidated: true };

/** Whether the guest owns the page, at this gfn, and the firmware does not hold it. */
function isOwn(entry: RmpEntry, { gfn, pfn, asid }: Omit<GuestPage, 'size'>): boolean {
  return entry.assigned && entry.asid === asid && gfnOf(entry, pfn) === gfn && !entry.immutable;
}

/** The failure if the page sizes do not match; null if they do. */
function checkSize(rmp: Rmp, entry: RmpEntry, { size, level }: GuestPage): InstructionOutcome | null {
  if (size < entry.pageSize) return { fault: { sizem: true } };
  // A 2M operand, but the page tables or the RMP have 4K entries.
  const mismatch = size > level || size > entry.pageSize;
  return mismatch ? { result: 'FAIL_SIZEMISMATCH', unchanged: false, rmp } : null;
}

function isAligned({ gfn, size }: GuestPage): boolean {
  return gfn % pagesOfLevel(size) === 0;
}

function write(rmp: Rmp, { pfn, size }: GuestPage, entry: RmpEntry): Rmp {
  return setEntries(rmp, pfn, pfn + pagesOfLevel(size), entry);
}

/** PVALIDATE: the guest validates a page or rescinds its validation; only at VMPL 0. */
export function pvalidate(
  rmp: Rmp,
  page: GuestPage,
  { vmpl, validate }: { readonly vmpl: number; readonly validate: boolean },
): InstructionOutcome {
  const refuse = (result: RmpResult): InstructionResult => ({ result, unchanged: false, rmp });
  if (!isAligned(page)) return refuse('FAIL_INPUT');
  if (vmpl !== 0) return refuse('FAIL_PERMISSION');
  const entry = entryAt(rmp, page.pfn);
  if (!isOwn(entry, page)) return { fault: { sizem: false } };
  const refused = checkSize(rmp, entry, page);
  if (refused !== null) return refused;
  if (entry.validated === validate) return { result: 'SUCCESS', unchanged: true, rmp };
  return { result: 'SUCCESS', unchanged: false, rmp: write(rmp, page, { ...entry, validated: validate }) };
}

export interface Adjustment {
  /** VMPL that executes the instruction, 0 to 3. */
  readonly vmpl: number;
  /** VMPL whose permissions change. */
  readonly target: number;
  readonly permissions: number;
  /** Whether the page becomes a VMSA; ignored except at VMPL 0. */
  readonly vmsa: boolean;
}

/** RMPADJUST: sets the permissions of a less privileged VMPL, or makes the page a VMSA. */
export function rmpadjust(rmp: Rmp, page: GuestPage, adjustment: Adjustment): InstructionOutcome {
  const refuse = (result: RmpResult): InstructionResult => ({ result, unchanged: false, rmp });
  const { vmpl, target, permissions, vmsa } = adjustment;
  if (!isAligned(page) || target > 3 || permissions > 15) return refuse('FAIL_INPUT');
  if (target <= vmpl) return refuse('FAIL_PERMISSION');
  const entry = entryAt(rmp, page.pfn);
  if (!isOwn(entry, page)) return { fault: { sizem: false } };
  const refused = checkSize(rmp, entry, page);
  if (refused !== null && 'fault' in refused) return refused;
  if (!entry.validated) return NOT_VALIDATED;
  if (refused !== null) return refused;
  const beyondOwn = (permissions & ~permissionsOf(entry, vmpl)) !== 0;
  if (beyondOwn) return refuse('FAIL_PERMISSION');
  const changed = { ...withPermissions(entry, target, permissions), vmsa: vmpl === 0 ? vmsa : entry.vmsa };
  return { result: 'SUCCESS', unchanged: false, rmp: write(rmp, page, changed) };
}

/** Output of RMPQUERY; it does not depend on a page size of the guest's. */
export interface QueryResult {
  readonly result: RmpResult;
  readonly permissions: number;
  readonly pageSize: 1 | 2;
  readonly vmsa: boolean;
}

/** RMPQUERY: the permissions of the current VMPL or a less privileged one. */
export function rmpquery(
  rmp: Rmp,
  page: Omit<GuestPage, 'size'>,
  { vmpl, target }: Pick<Adjustment, 'vmpl' | 'target'>,
): InstructionFault | QueryResult {
  const entry = entryAt(rmp, page.pfn);
  const { pageSize, vmsa } = entry;
  const told = (result: RmpResult, permissions = 0): QueryResult => ({ result, permissions, pageSize, vmsa });
  if (target > 3) return told('FAIL_INPUT');
  if (target < vmpl) return told('FAIL_PERMISSION');
  if (!isOwn(entry, page)) return { fault: { sizem: false } };
  return told('SUCCESS', permissionsOf(entry, target));
}
