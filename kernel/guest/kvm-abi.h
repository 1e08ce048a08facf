/*
 * The part of KVM's userspace interface that the headers of an older system lack, with numeric values. Layouts:
 * Documentation/virt/kvm/api.rst, sections 4.140 to 4.143.
 */
#ifndef KVM_ABI_H
#define KVM_ABI_H

#include <linux/kvm.h>
#include <stdint.h>

struct abi_region2 {
	uint32_t slot, flags;
	uint64_t gpa, size, userspace, file_offset;
	uint32_t file, pad1;
	uint64_t pad2[14];
};

struct abi_attributes {
	uint64_t address, size, attributes, flags;
};

struct abi_create_file {
	uint64_t size, flags, reserved[6];
};

struct abi_pre_fault {
	uint64_t gpa, size, flags, padding[5];
};

/* struct kvm_sev_cmd and struct kvm_sev_snp_launch_update. */
struct abi_sev_command {
	uint32_t id, pad;
	uint64_t data;
	uint32_t error, sev_fd;
};

struct abi_launch_update {
	uint64_t gfn_start, uaddr, len;
	uint8_t type, pad0;
	uint16_t flags;
	uint32_t pad1;
	uint64_t pad2[4];
};

/* KVM_EXIT_MEMORY_FAULT's part of the union of struct kvm_run. */
struct abi_memory_fault {
	uint64_t flags, gpa, size;
};

#define ABI_SET_REGION2 _IOW(KVMIO, 0x49, struct abi_region2)
#define ABI_SET_ATTRIBUTES _IOW(KVMIO, 0xd2, struct abi_attributes)
#define ABI_CREATE_FILE _IOWR(KVMIO, 0xd4, struct abi_create_file)
#define ABI_PRE_FAULT _IOWR(KVMIO, 0xd5, struct abi_pre_fault)

#define ABI_MEM_GUEST_MEMFD 4u
#define ABI_ATTRIBUTE_PRIVATE 8u
#define ABI_EXIT_MEMORY_FAULT 39u
#define ABI_CAP_VM_TYPES 235

#endif
