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
/** The access had the C-bit: it was to private memory. */
export const PFERR_GUEST_ENC = 1n << 34n;
/** PVALIDATE or RMPADJUST of 4K, where the RMP has an entry of 2M. */
const PFERR_GUEST_SIZEM = 1n << 35n;
/** The VMPL has no such permission. */
export const PFERR_GUEST_VMPL = 1n << 36n;
/** KVM's own bit: an implicit access of the supervisor. */
const PFERR_IMPLICIT_ACCESS = 1n << 48n;
/** KVM's own bit, no hardware's: the access is private. */
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
  /** The leaf is there, but the access is forbidden. */
  readonly present: boolean;
  /** A reserved bit was set: the leaf is an MMIO SPTE. */
  readonly rsvd: boolean;
  /** C-bit, or on TDX the address without the shared bit. */
  readonly private: boolean;
  readonly rmp: boolean;
  readonly sizem: boolean;
  readonly vmpl: boolean;
  /** On TDX: the page is there, and the guest has not accepted it. No bit of the code says so. */
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

/** What an AMD CPU reports; every access of a guest counts as a user access to the nested tables. */
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
 * What KVM makes of an EPT violation of a TDX guest (tdx_handle_ept_violation, __vmx_handle_ept_violation): of one on
 * private memory it takes a write to be the cause, whatever the guest did; of others, USER stands for a read. The linear
 * address, which GUEST_FINAL would be about, the TDX module keeps to itself.
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

/** The error code with which KVM comes to know of a fault, without the bits that are KVM's own. */
export function errorCodeOf(cause: FaultCause, vm: VmType): bigint {
  return vm === 'tdx' ? ofTdx(cause) : ofNestedPaging(cause, vm === 'sev-snp');
}
