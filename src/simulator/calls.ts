/**
 * Requests of a scenario to the simulated machine: one value for each system call, guest access or host
 * access. Bytes are bigint here, exactly as the caller passed them; the kernel's procedures check
 * them (alignment, sign, overflow) before they convert them to page numbers.
 */

/** VM types of KVM_CREATE_VM that are simulated (arch/x86/include/uapi/asm/kvm.h, KVM_X86_*_VM). */
export type VmType = 'default' | 'sw-protected' | 'sev-snp' | 'tdx';

/** What is fixed before the first call: the kernel, its knobs, and the VM. */
export interface Setup {
  /** Name of a kernel profile, for instance `linux-7.3`. */
  readonly kernel: string;
  /** Knob name to variant name; each replaces one choice of the profile. */
  readonly knobs: Readonly<Record<string, string>>;
  readonly vm: VmType;
  /** Number of vCPUs, at least 1; they are numbered from 0. */
  readonly vcpus: number;
  /** Labels of steps and kinds of locks that are left out of the kernel, to see what they are for. */
  readonly without?: readonly string[];
}

/** KVM_CREATE_GUEST_MEMFD. `name` is the scenario's name for the descriptor. */
export interface GmemCall {
  readonly kind: 'gmem';
  readonly name: string;
  readonly size: bigint;
  readonly mmap: boolean;
  readonly initShared: boolean;
  /** Allocate 2 MiB folios where possible: an option of the simulator that no upstream kernel has. */
  readonly huge: boolean;
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

/** A vCPU reads, writes or executes four bytes; KVM_RUN until it is done or userspace is needed. */
export interface FaultCall {
  readonly kind: 'fault';
  readonly vcpu: number;
  readonly access: 'read' | 'write' | 'exec';
  readonly gpa: bigint;
  /**
   * The C-bit of a SEV-SNP guest, or the inverted shared bit of a TDX guest. If null, the guest's access
   * matches the gfn's attribute. An instruction fetch (`exec`) is always private.
   */
  readonly private: boolean | null;
  /** Privilege level at which the vCPU of a SEV-SNP guest runs: 0 to 3, default 0. */
  readonly vmpl?: number;
  /** The 32-bit value that a write stores; without it, the write leaves the contents unchanged. */
  readonly value?: number;
}

/** KVM_PRE_FAULT_MEMORY, repeated until the range is done or it fails. */
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

/** The hardware reports an uncorrected error in the page behind a file offset (memory_failure). */
export interface PoisonCall {
  readonly kind: 'poison';
  readonly name: string;
  readonly offset: bigint;
}

/** madvise(MADV_DONTNEED) on a slot's userspace memory. */
export interface DiscardCall {
  readonly kind: 'discard';
  readonly id: bigint;
  readonly offset: bigint;
  readonly size: bigint;
}

/** The VMM process reads or writes one byte of a slot's userspace memory, or writes a four-byte value. */
export interface HostAccessCall {
  readonly kind: 'host';
  readonly id: bigint;
  readonly access: 'read' | 'write';
  readonly offset: bigint;
  /** As for a guest's access. */
  readonly value?: number;
}

/** KVM_CREATE_VM for another VM; the calls after it use that VM. */
export interface VmCall {
  readonly kind: 'vm';
  readonly type: VmType;
  readonly vcpus: number;
}

/** The calls after it use VM `vm`; VMs are numbered from 0 in the order of their creation. */
export interface SwitchCall {
  readonly kind: 'switch';
  readonly vm: number;
}

/** KVM_SEV_SNP_LAUNCH_UPDATE: adds pages to the guest, whose contents the firmware measures. */
export interface LaunchUpdateCall {
  readonly kind: 'launch-update';
  readonly gpa: bigint;
  readonly size: bigint;
  readonly type: LaunchPageType;
  /** Userspace address of the contents, 0 for NULL; null for any page-aligned buffer. */
  readonly source: bigint | null;
}

/** Page types of LAUNCH_UPDATE (KVM_SEV_SNP_PAGE_TYPE_*). */
export type LaunchPageType = 'normal' | 'zero' | 'unmeasured' | 'secrets' | 'cpuid';

/** KVM_SEV_SNP_LAUNCH_FINISH. */
export interface LaunchFinishCall {
  readonly kind: 'launch-finish';
}

/**
 * A guest's request to convert memory (VMGEXIT on SEV-SNP, MapGPA on TDX, KVM_HC_MAP_GPA_RANGE on others), and the VMM's
 * answer.
 */
export interface PageStateChangeCall {
  readonly kind: 'psc';
  readonly vcpu: number;
  readonly gpa: bigint;
  readonly size: bigint;
  readonly to: 'private' | 'shared';
  /** Bytes that the VMM converts, from `gpa`; null for all. */
  readonly converts: bigint | null;
  /** Whether the VMM answers with success, not with an error, if it does not convert everything. */
  readonly later: boolean;
}

/** PVALIDATE. `size` is 4K or 2M. */
export interface PvalidateCall {
  readonly kind: 'pvalidate';
  readonly vcpu: number;
  readonly gpa: bigint;
  readonly size: bigint;
  readonly validate: boolean;
  readonly vmpl: number;
}

/** RMPADJUST. */
export interface RmpadjustCall {
  readonly kind: 'rmpadjust';
  readonly vcpu: number;
  readonly gpa: bigint;
  readonly size: bigint;
  /** VMPL whose permissions change. */
  readonly target: number;
  /** READ 1, WRITE 2, user EXECUTE 4, supervisor EXECUTE 8. */
  readonly permissions: number;
  readonly vmsa: boolean;
  readonly vmpl: number;
}

/** RMPQUERY. */
export interface RmpqueryCall {
  readonly kind: 'rmpquery';
  readonly vcpu: number;
  readonly gpa: bigint;
  /** VMPL whose permissions are queried. */
  readonly target: number;
  readonly vmpl: number;
}

/** TDG.MEM.PAGE.ACCEPT by a TDX guest. `size` is 4K or 2M. */
export interface AcceptCall {
  readonly kind: 'accept';
  readonly vcpu: number;
  readonly gpa: bigint;
  readonly size: bigint;
}

/** RMPUPDATE by the host, on the page behind a file offset. */
export interface RmpupdateCall {
  readonly kind: 'rmpupdate';
  readonly name: string;
  readonly offset: bigint;
  /** 4K or 2M. */
  readonly size: bigint;
  /** The new owner; null for the hypervisor. */
  readonly to: { readonly gpa: bigint; readonly asid: number; readonly immutable: boolean } | null;
}

/** PSMASH or RMPREAD by the host, on the page behind a file offset. */
export interface PsmashCall {
  readonly kind: 'psmash' | 'rmpread';
  readonly name: string;
  readonly offset: bigint;
}

/** The host writes to the page behind a file offset, through its direct map. */
export interface HostFileWriteCall {
  readonly kind: 'host-file-write';
  readonly name: string;
  readonly offset: bigint;
  /** As for a guest's access. */
  readonly value?: number;
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
  | PoisonCall
  | DiscardCall
  | HostAccessCall
  | VmCall
  | SwitchCall
  | LaunchUpdateCall
  | LaunchFinishCall
  | PageStateChangeCall
  | PvalidateCall
  | RmpadjustCall
  | RmpqueryCall
  | AcceptCall
  | RmpupdateCall
  | PsmashCall
  | HostFileWriteCall;
