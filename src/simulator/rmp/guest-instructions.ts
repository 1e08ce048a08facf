/**
 * The instructions with which an SNP guest changes the RMP (APM volume 3, PVALIDATE, RMPADJUST, RMPQUERY). They
 * come to the table only where the nested page tables map the page; a mismatch of owner or address faults to
 * the host as any private access does.
 */
import { entryAt, gfnOf, permissionsOf, type Rmp, type RmpEntry, setEntries, withPermissions } from './entry';
import { pagesOfLevel, type RmpResult } from './host-instructions';

/** The page that an instruction is about: `size` as the guest gave it. */
export interface GuestPage {
  readonly gfn: number;
  readonly pfn: number;
  readonly size: 1 | 2;
  readonly asid: number;
}

/** A nested page fault instead of a result: with GUEST_RMP, and GUEST_SIZEM where the host has to smash. */
export interface InstructionFault {
  readonly fault: { readonly sizem: boolean };
}

export interface InstructionResult {
  readonly result: RmpResult;
  /** CF: the page was validated, or not, already. */
  readonly unchanged: boolean;
  readonly rmp: Rmp;
}

export type InstructionOutcome = InstructionFault | InstructionResult;

/** What every instruction checks first; null where it may go on. */
function check(rmp: Rmp, { gfn, pfn, size, asid }: GuestPage): InstructionOutcome | null {
  const refuse = (result: RmpResult): InstructionResult => ({ result, unchanged: false, rmp });
  if (gfn % pagesOfLevel(size) !== 0) return refuse('FAIL_INPUT');
  const entry = entryAt(rmp, pfn);
  if (!entry.assigned || entry.asid !== asid || gfnOf(entry, pfn) !== gfn) return { fault: { sizem: false } };
  if (entry.immutable) return refuse('FAIL_INPUT');
  if (size < entry.pageSize) return { fault: { sizem: true } };
  return size > entry.pageSize ? refuse('FAIL_SIZEMISMATCH') : null;
}

function write(rmp: Rmp, { pfn, size }: GuestPage, entry: RmpEntry): Rmp {
  return setEntries(rmp, pfn, pfn + pagesOfLevel(size), entry);
}

/** PVALIDATE: the guest accepts a page as its own, or rescinds that. */
export function pvalidate(rmp: Rmp, page: GuestPage, validate: boolean): InstructionOutcome {
  const refused = check(rmp, page);
  if (refused !== null) return refused;
  const entry = entryAt(rmp, page.pfn);
  if (entry.validated === validate) return { result: 'SUCCESS', unchanged: true, rmp };
  return { result: 'SUCCESS', unchanged: false, rmp: write(rmp, page, { ...entry, validated: validate }) };
}

export interface Adjustment {
  /** VMPL that executes the instruction, 0 to 3. */
  readonly vmpl: number;
  /** VMPL whose permissions change. */
  readonly target: number;
  readonly permissions: number;
  readonly vmsa: boolean;
}

/** RMPADJUST: a VMPL gives permissions to one below it, or makes the page a VMSA. */
export function rmpadjust(rmp: Rmp, page: GuestPage, adjustment: Adjustment): InstructionOutcome {
  const refuse = (result: RmpResult): InstructionResult => ({ result, unchanged: false, rmp });
  const { vmpl, target, permissions, vmsa } = adjustment;
  if (target > 3 || permissions > 15) return refuse('FAIL_INPUT');
  const refused = check(rmp, page);
  if (refused !== null) return refused;
  const entry = entryAt(rmp, page.pfn);
  const beyondOwn = (permissions & ~permissionsOf(entry, vmpl)) !== 0;
  if (target <= vmpl || beyondOwn || (vmsa && vmpl !== 0)) return refuse('FAIL_PERMISSION');
  const changed = { ...withPermissions(entry, target, permissions), vmsa };
  return { result: 'SUCCESS', unchanged: false, rmp: write(rmp, page, changed) };
}

/** RMPQUERY: the permissions of a VMPL at or below the one that asks. */
export function rmpquery(
  rmp: Rmp,
  page: GuestPage,
  { vmpl, target }: Pick<Adjustment, 'vmpl' | 'target'>,
): InstructionFault | { readonly result: RmpResult; readonly permissions: number } {
  if (target > 3) return { result: 'FAIL_INPUT', permissions: 0 };
  const refused = check(rmp, page);
  if (refused !== null) return 'fault' in refused ? refused : { result: refused.result, permissions: 0 };
  if (target < vmpl) return { result: 'FAIL_PERMISSION', permissions: 0 };
  return { result: 'SUCCESS', permissions: permissionsOf(entryAt(rmp, page.pfn), target) };
}
