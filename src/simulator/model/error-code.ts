/**
 * The 64-bit error code of a nested page fault (PFERR_* in arch/x86/include/asm/kvm_host.h; APM volume 2,
 * "Nested paging fault").
 */
import type { VmType } from '../calls';

export const PFERR_PRESENT = 1n << 0n;
export const PFERR_WRITE = 1n << 1n;
const PFERR_USER = 1n << 2n;
export const PFERR_RSVD = 1n << 3n;
const PFERR_FETCH = 1n << 4n;
const PFERR_PK = 1n << 5n;
const PFERR_SGX = 1n << 15n;
/** The RMP forbade the access. */
export const PFERR_GUEST_RMP = 1n << 31n;
/** The fault is on the final translation, not on the guest's own page tables. */
const PFERR_GUEST_FINAL = 1n << 32n;
/** The fault is on the guest's own page tables. */
const PFERR_GUEST_PAGE = 1n << 33n;
/** The access had the C-bit, that is, it was private. */
export const PFERR_GUEST_ENC = 1n << 34n;
/** PVALIDATE or RMPADJUST of 4K, but the RMP entry is 2M. */
const PFERR_GUEST_SIZEM = 1n << 35n;
/** The VMPL does not have the permission. */
export const PFERR_GUEST_VMPL = 1n << 36n;
/** Synthesized by KVM: an implicit supervisor access. */
const PFERR_IMPLICIT_ACCESS = 1n << 48n;
/** Synthesized by KVM: the access is private. */
export const PFERR_PRIVATE_ACCESS = 1n << 49n;

/** The bits with KVM's names, without `PFERR_`; lowest first. */
export const PFERR_NAMES: readonly (readonly [mask: bigint, name: string])[] = [
  [PFERR_PRESENT, 'PRESENT'],
  [PFERR_WRITE, 'WRITE'],
  [PFERR_USER, 'USER'],
  [PFERR_RSVD, 'RSVD'],
  [PFERR_FETCH, 'FETCH'],
  [PFERR_PK, 'PK'],
  [PFERR_SGX, 'SGX'],
  [PFERR_GUEST_RMP, 'GUEST_RMP'],
  [PFERR_GUEST_FINAL, 'GUEST_FINAL'],
  [PFERR_GUEST_PAGE, 'GUEST_PAGE'],
  [PFERR_GUEST_ENC, 'GUEST_ENC'],
  [PFERR_GUEST_SIZEM, 'GUEST_SIZEM'],
  [PFERR_GUEST_VMPL, 'GUEST_VMPL'],
  [PFERR_IMPLICIT_ACCESS, 'IMPLICIT_ACCESS'],
  [PFERR_PRIVATE_ACCESS, 'PRIVATE_ACCESS'],
];

export interface FaultCause {
  readonly write: boolean;
  readonly exec: boolean;
  /** The leaf is present, but the access is forbidden. */
  readonly present: boolean;
  /** A reserved bit was set: the leaf is an MMIO SPTE. */
  readonly rsvd: boolean;
  /** C-bit, or on TDX the address without the shared bit. */
  readonly private: boolean;
  readonly rmp: boolean;
  readonly sizem: boolean;
  readonly vmpl: boolean;
  /** On TDX: the page is present, but the guest has not accepted it. The error code has no bit for it. */
  readonly pending: boolean;
}

export const NO_CAUSE: FaultCause = {
  write: false,
  exec: false,
  present: false,
  rsvd: false,
  private: false,
  rmp: false,
  sizem: false,
  vmpl: false,
  pending: false,
};

type Bits = readonly (readonly [boolean, bigint])[];

function withBits(bits: Bits): bigint {
  return bits.reduce((code, [set, bit]) => (set ? code | bit : code), 0n);
}

/** What an AMD CPU reports; for the nested tables, every access of a guest is a user access. */
function ofNestedPaging(cause: FaultCause, hasCBit: boolean): bigint {
  return withBits([
    [cause.present, PFERR_PRESENT],
    [cause.write, PFERR_WRITE],
    [true, PFERR_USER],
    [cause.rsvd, PFERR_RSVD],
    [cause.exec, PFERR_FETCH],
    [cause.rmp, PFERR_GUEST_RMP],
    [true, PFERR_GUEST_FINAL],
    [cause.private && hasCBit, PFERR_GUEST_ENC],
    [cause.sizem, PFERR_GUEST_SIZEM],
    [cause.vmpl, PFERR_GUEST_VMPL],
  ]);
}

/**
 * The error code that KVM builds for an EPT violation of a TDX guest (tdx_handle_ept_violation,
 * __vmx_handle_ept_violation). For private memory it assumes a write, whatever the access was; otherwise USER means a
 * read. GUEST_FINAL is never set, because the TDX module does not report the linear address.
 */
function ofTdx({ private: isPrivate, write, exec, present }: FaultCause): bigint {
  if (isPrivate) return PFERR_WRITE;
  return withBits([
    [present, PFERR_PRESENT],
    [write, PFERR_WRITE],
    [!write && !exec, PFERR_USER],
    [exec, PFERR_FETCH],
  ]);
}

/** The error code of a fault as KVM gets it, without the bits that KVM synthesizes. */
export function errorCodeOf(cause: FaultCause, vm: VmType): bigint {
  return vm === 'tdx' ? ofTdx(cause) : ofNestedPaging(cause, vm === 'sev-snp');
}
