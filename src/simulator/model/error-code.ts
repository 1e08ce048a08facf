/**
 * The 64-bit error code of a nested page fault (PFERR_* in arch/x86/include/asm/kvm_host.h; APM volume 2,
 * "Nested paging fault").
 */

const PRESENT = 1n << 0n;
const WRITE = 1n << 1n;
const USER = 1n << 2n;
const RSVD = 1n << 3n;
/** The fault is on the final translation, not on the guest's own page tables. */
const GUEST_FINAL = 1n << 32n;

export interface FaultCause {
  readonly write: boolean;
  /** The leaf is there, but forbids the access. */
  readonly present: boolean;
  /** A reserved bit was set: the leaf is an MMIO SPTE. */
  readonly rsvd: boolean;
}

/** What the CPU reports; every access of a guest counts as a user access to the nested tables. */
export function errorCodeOf({ write, present, rsvd }: FaultCause): bigint {
  let code = GUEST_FINAL | USER;
  if (present) code |= PRESENT;
  if (write) code |= WRITE;
  if (rsvd) code |= RSVD;
  return code;
}
