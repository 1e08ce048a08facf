/** struct kvm_userspace_memory_region2 has a u32 for the id of a slot. */
export const MAX_SLOT_ID = (1n << 32n) - 1n;
