/**
 * The RMP check of every access of an SNP guest, after the nested page tables allowed it (APM volume 2, 15.36.10 "RMP and
 * VMPL Access Checks", with its table 15-39, and 15.36.7 "Virtual Machine Privilege Levels").
 */
import { within } from '../ranges';
import { entryAt, gfnOf, permissionsOf, type Rmp, VMPL_READ, VMPL_USER_EXECUTE, VMPL_WRITE } from './entry';
import { pagesOfLevel } from './host-instructions';

export interface GuestAccess {
  readonly gfn: number;
  readonly pfn: number;
  /** Level of the nested page-table entry that maps it. */
  readonly level: 1 | 2;
  readonly asid: number;
  readonly kind: 'read' | 'write' | 'exec';
  /** The C-bit: the access is to private memory. */
  readonly private: boolean;
  readonly vmpl: number;
}

/** What the CPU does: performs the access, faults to the host with these bits, or raises #VC in the guest. */
export type AccessCheck =
  | { readonly does: 'access' }
  | { readonly does: 'fault'; readonly rmp: boolean; readonly vmpl: boolean }
  | { readonly does: 'vc' };

const FAULT: AccessCheck = { does: 'fault', rmp: true, vmpl: false };

/** Permissions that an access needs; without READ there is no data access at all, not even a write. */
const RIGHTS = { read: VMPL_READ, write: VMPL_READ | VMPL_WRITE, exec: VMPL_USER_EXECUTE } as const;

/** Whether a guest owns any page of the nested page-table entry that maps `pfn`. */
function anyAssigned(rmp: Rmp, { pfn, level }: GuestAccess): boolean {
  const start = pfn - (pfn % pagesOfLevel(level));
  return within(rmp, start, start + pagesOfLevel(level)).some(({ value }) => value.assigned);
}

export function checkAccess(rmp: Rmp, access: GuestAccess): AccessCheck {
  const { pfn, gfn, level, asid, kind, vmpl } = access;
  const entry = entryAt(rmp, pfn);
  if (!access.private) {
    // A write through a 2M mapping has to pass the check for all 512 entries.
    return kind === 'write' && anyAssigned(rmp, access) ? FAULT : { does: 'access' };
  }
  if (!entry.assigned || entry.asid !== asid || gfnOf(entry, pfn) !== gfn || entry.immutable) return FAULT;
  // The mapping and the entry must be of one size.
  if (level !== entry.pageSize) return FAULT;
  if (!entry.validated) return { does: 'vc' };
  const allowed = (RIGHTS[kind] & ~permissionsOf(entry, vmpl)) === 0;
  return allowed ? { does: 'access' } : { does: 'fault', rmp: true, vmpl: true };
}
