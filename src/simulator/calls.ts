/**
 * What a scenario asks of the simulated machine: one value for each system call, guest access or host
 * access. Bytes are bigint here, exactly as the caller gave them; the procedures of the kernel check
 * them (alignment, sign, overflow) and only then turn them into page numbers.
 */

/** VM types of KVM_CREATE_VM that are simulated (arch/x86/include/uapi/asm/kvm.h, KVM_X86_*_VM). */
export type VmType = 'default' | 'sw-protected';

/** What is fixed before the first call: the kernel, its knobs, and the VM. */
export interface Setup {
  /** Name of a kernel profile, for instance `linux-7.3`. */
  readonly kernel: string;
  /** Knob name to variant name; each replaces one choice of the profile. */
  readonly knobs: Readonly<Record<string, string>>;
  readonly vm: VmType;
  /** Number of vCPUs, at least 1; they are numbered from 0. */
  readonly vcpus: number;
}

/** KVM_CREATE_GUEST_MEMFD. `name` is the scenario's name for the descriptor. */
export interface GmemCall {
  readonly kind: 'gmem';
  readonly name: string;
  readonly size: bigint;
  readonly mmap: boolean;
  readonly initShared: boolean;
}

/** KVM_SET_USER_MEMORY_REGION2, to create or to update a memslot. */
export interface SlotCall {
  readonly kind: 'slot';
  /** Slot id as in struct kvm_userspace_memory_region2: address space in the upper 16 bits. */
  readonly id: bigint;
  readonly gpa: bigint;
  readonly size: bigint;
  readonly gmem: { readonly name: string; readonly offset: bigint } | null;
  readonly readonly: boolean;
  /** MADV_HUGEPAGE on fresh userspace memory (otherwise MADV_NOHUGEPAGE). */
  readonly thp: boolean;
}

/** KVM_SET_USER_MEMORY_REGION2 with size 0. */
export interface DeleteSlotCall {
  readonly kind: 'delete';
  readonly id: bigint;
}

/** KVM_SET_USER_MEMORY_REGION2 with the slot's own size, flags and memory at another address. */
export interface MoveSlotCall {
  readonly kind: 'move';
  readonly id: bigint;
  readonly gpa: bigint;
}

/** KVM_SET_MEMORY_ATTRIBUTES. */
export interface ConvertCall {
  readonly kind: 'convert';
  readonly gpa: bigint;
  readonly size: bigint;
  readonly to: 'private' | 'shared';
}

/** A vCPU reads or writes four bytes; KVM_RUN until the access is done or userspace is needed. */
export interface FaultCall {
  readonly kind: 'fault';
  readonly vcpu: number;
  readonly access: 'read' | 'write';
  readonly gpa: bigint;
}

/** KVM_PRE_FAULT_MEMORY, called again until nothing is left or it fails. */
export interface PrefaultCall {
  readonly kind: 'prefault';
  readonly vcpu: number;
  readonly gpa: bigint;
  readonly size: bigint;
}

/** fallocate on a guest_memfd: with KEEP_SIZE (allocate), or PUNCH_HOLE and KEEP_SIZE (punch). */
export interface FallocateCall {
  readonly kind: 'allocate' | 'punch';
  readonly name: string;
  readonly offset: bigint;
  readonly size: bigint;
}

/** ftruncate on a guest_memfd. */
export interface TruncateCall {
  readonly kind: 'truncate';
  readonly name: string;
  readonly size: bigint;
}

/** close of the last descriptor of a guest_memfd. */
export interface CloseCall {
  readonly kind: 'close';
  readonly name: string;
}

/** madvise(MADV_DONTNEED) on a slot's userspace memory. */
export interface DiscardCall {
  readonly kind: 'discard';
  readonly id: bigint;
  readonly offset: bigint;
  readonly size: bigint;
}

/** The VMM process reads or writes one byte of a slot's userspace memory. */
export interface HostAccessCall {
  readonly kind: 'host';
  readonly id: bigint;
  readonly access: 'read' | 'write';
  readonly offset: bigint;
}

export type Call =
  | GmemCall
  | SlotCall
  | DeleteSlotCall
  | MoveSlotCall
  | ConvertCall
  | FaultCall
  | PrefaultCall
  | FallocateCall
  | TruncateCall
  | CloseCall
  | DiscardCall
  | HostAccessCall;
