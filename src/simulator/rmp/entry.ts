/**
 * The Reverse Map Table: who owns each 4 KiB page of host memory (APM volume 2, "Reverse Map Table"; Linux
 * arch/x86/virt/svm/sev.c). Facts that the kernel's sources do not show come from general knowledge
 * of the APM, and docs/sev-snp.md marks them.
 */
import { gaps, put, type RangeMap, remove, valueAt } from '../ranges';

/** Permissions of VMPLs 1 to 3, four bits each, VMPL 1 in the lowest; VMPL 0 has all permissions. */
export type VmplPermissions = number;

/** Bits of a VMPL's permissions (RMPADJUST, permission mask); 8 is supervisor execute, which no simulated access needs. */
export const VMPL_READ = 1;
export const VMPL_WRITE = 2;
export const VMPL_USER_EXECUTE = 4;

/** An entry that is not all zero. The pages of an extent have equal entries, with consecutive gfns. */
export interface RmpEntry {
  readonly assigned: boolean;
  /** Level of the entry: 1 for 4K, 2 for an entry that covers 2 MiB. */
  readonly pageSize: 1 | 2;
  readonly immutable: boolean;
  /** gfn minus pfn, for every page of the extent. */
  readonly gfnDelta: number;
  /** Address space id of the guest that owns the page; 0 for the host and its firmware. */
  readonly asid: number;
  readonly vmsa: boolean;
  /** The guest has accepted the page (PVALIDATE). */
  readonly validated: boolean;
  readonly permissions: VmplPermissions;
}

/** pfn to entry; the hypervisor owns a pfn that is absent, and its entry is all zero. */
export type Rmp = RangeMap<RmpEntry>;

/** The entry of a page that the hypervisor owns. */
export const HYPERVISOR: RmpEntry = {
  assigned: false,
  pageSize: 1,
  immutable: false,
  gfnDelta: 0,
  asid: 0,
  vmsa: false,
  validated: false,
  permissions: 0,
};

export function entryAt(rmp: Rmp, pfn: number): RmpEntry {
  return valueAt(rmp, pfn) ?? HYPERVISOR;
}

/** gfn that the entry of `pfn` names. */
export function gfnOf(entry: RmpEntry, pfn: number): number {
  return pfn + entry.gfnDelta;
}

/** Writes `entry` for pfns `[start, end)`. */
export function setEntries(rmp: Rmp, start: number, end: number, entry: RmpEntry): Rmp {
  const hypervisor = !entry.assigned && !entry.immutable && entry.pageSize === 1;
  return hypervisor ? remove(rmp, start, end) : put(rmp, start, end, entry);
}

/** Whether the hypervisor owns all of `[start, end)`. */
export function isHypervisor(rmp: Rmp, start: number, end: number): boolean {
  const [free] = gaps(rmp, start, end);
  return free !== undefined && free.start === start && free.end === end;
}

/** The permissions of one VMPL. */
export function permissionsOf({ permissions }: RmpEntry, vmpl: number): number {
  return vmpl === 0 ? 15 : (permissions >> ((vmpl - 1) * 4)) & 15;
}

export function withPermissions(entry: RmpEntry, vmpl: number, mask: number): RmpEntry {
  const shift = (vmpl - 1) * 4;
  return { ...entry, permissions: (entry.permissions & ~(15 << shift)) | (mask << shift) };
}
