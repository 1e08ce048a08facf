/** Page sizes and levels of the x86 page tables, and the limits of the simulated machine. */

export const PAGE_SHIFT = 12n;
export const PAGE_SIZE = 4096n;

/** 1 = 4 KiB, 2 = 2 MiB, 3 = 1 GiB; 4 is a PML4 entry, which never maps a page. */
export type Level = 1 | 2 | 3 | 4;

/** Pages that an entry of `level` spans (KVM_PAGES_PER_HPAGE, arch/x86/include/asm/kvm_host.h). */
export function pagesPer(level: Level): number {
  return 512 ** (level - 1);
}

export function roundDown(page: number, level: Level): number {
  return page - (page % pagesPer(level));
}

export function roundUp(page: number, level: Level): number {
  return roundDown(page + pagesPer(level) - 1, level);
}

/** KVM_MEM_MAX_NR_PAGES (virt/kvm/kvm_main.c). */
export const MAX_SLOT_PAGES = 2 ** 31 - 1;

/** KVM_USER_MEM_SLOTS on x86 (arch/x86/include/asm/kvm_host.h). */
export const USER_MEM_SLOTS = 32764n;

/** Largest value of loff_t, the type of file offsets. */
export const MAX_FILE_OFFSET = (1n << 63n) - 1n;

export const U64 = 1n << 64n;

/** First byte that is not user address space with four-level paging (TASK_SIZE_MAX). */
export const USER_SPACE_END = (1n << 47n) - PAGE_SIZE;

export function isPageAligned(bytes: bigint): boolean {
  return bytes % PAGE_SIZE === 0n;
}

/** A u64 reinterpreted as a signed 64-bit number, as in a conversion to loff_t. */
export function asSigned(bytes: bigint): bigint {
  return BigInt.asIntN(64, bytes);
}

/** Page number of a byte address; the caller checks that it fits a number. */
export function pageOf(bytes: bigint): number {
  return Number(bytes >> PAGE_SHIFT);
}

/** Offset of a byte address in its page. */
export function offsetInPage(bytes: bigint): number {
  return Number(bytes % PAGE_SIZE);
}

export function bytesOf(pages: number): bigint {
  return BigInt(pages) << PAGE_SHIFT;
}
