/** The kernel's numbers for KVM_EXIT_HYPERCALL with KVM_HC_MAP_GPA_RANGE (include/uapi/linux/kvm_para.h, KVM_MAP_GPA_RANGE_*). */
import type { ExitEvent } from '../simulator';

export type Hypercall = Extract<ExitEvent, { reason: 'hypercall' }>;

const PAGE_SZ_2M = 1;
const ENCRYPTED = 1 << 4;

/** args[2] of the exit. */
export function mapGpaRangeAttributes({ private: isPrivate, pageSize }: Hypercall): number {
  return (isPrivate ? ENCRYPTED : 0) | (pageSize === 2 ? PAGE_SZ_2M : 0);
}
