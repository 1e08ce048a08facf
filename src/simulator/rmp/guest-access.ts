/**
 * The RMP check of every access of an SNP guest, after the nested page tables allowed it (APM
 * volume 2, "RMP and VMPL access checks").
 */
import { entryAt, gfnOf, permissionsOf, type Rmp, VMPL_READ, VMPL_USER_EXECUTE, VMPL_WRITE } from './entry';

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

const RIGHT = { read: VMPL_READ, write: VMPL_WRITE, exec: VMPL_USER_EXECUTE } as const;

export function checkAccess(rmp: Rmp, access: GuestAccess): AccessCheck {
  const { pfn, gfn, level, asid, kind, vmpl } = access;
  const entry = entryAt(rmp, pfn);
  if (!access.private) {
    return kind === 'write' && entry.assigned ? FAULT : { does: 'access' };
  }
  if (!entry.assigned || entry.asid !== asid || gfnOf(entry, pfn) !== gfn || entry.immutable) return FAULT;
  // A 4K mapping of a page with a 2M entry: the host must smash the entry.
  if (level < entry.pageSize) return FAULT;
  if (!entry.validated) return { does: 'vc' };
  const allowed = (permissionsOf(entry, vmpl) & RIGHT[kind]) !== 0;
  return allowed ? { does: 'access' } : { does: 'fault', rmp: true, vmpl: true };
}
