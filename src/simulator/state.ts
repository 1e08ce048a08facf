/**
 * The simulated machine as one immutable value: the VMM's descriptors and memory, KVM's VMs, and the running
 * calls. A state contains no closures and no iterators, so it can be kept, compared and resumed at any time.
 */
import type { Setup, VmType } from './calls';
import type { Lock } from './lock';
import type { Contents } from './model/contents';
import type { RangeMap, RangeSet } from './ranges';
import type { DirectMap } from './rmp/direct-map';
import type { Rmp } from './rmp/entry';
import type { Level } from './units';

export type LeafLevel = Exclude<Level, 4>;

/** A present leaf SPTE. All pages of a run have the same bits, so runs of equal leaves are one extent. */
export interface MappedLeaf {
  readonly kind: 'mapped';
  readonly level: LeafLevel;
  readonly writable: boolean;
  readonly executable: boolean;
  readonly accessed: boolean;
  readonly dirty: boolean;
  /** pfn minus gfn for every page of the run, or `zero` if all map the (huge) zero page. */
  readonly frame: number | 'zero';
  /** What the frame belongs to: a guest_memfd page or the VMM's own memory. */
  readonly backing: 'gmem' | 'host';
}

/** An SPTE that maps nothing (not MMU-present, though its reserved bits fault) and caches "no memslot here" for the given memslot generation. */
export interface MmioLeaf {
  readonly kind: 'mmio';
  readonly level: 1;
  readonly generation: number;
}

export type Leaf = MappedLeaf | MmioLeaf;

/** `mirror`: KVM's copy of the page tables that the TDX module keeps for private memory. */
export type RootKind = 'direct' | 'mirror';

/** One TDP root (struct kvm_mmu_page of the root level, with everything under it). */
export interface Root {
  readonly id: number;
  readonly kind: RootKind;
  /** Set by a zap of all roots; a vCPU that still has it must load another one. */
  readonly invalid: boolean;
  /** For each level, the gfns under entries that point to a page table. */
  readonly tables: { readonly 2: RangeSet; readonly 3: RangeSet; readonly 4: RangeSet };
  readonly leaves: RangeMap<Leaf>;
}

/** A page in a guest_memfd's page cache. */
export interface FilePages {
  /** pfn minus file index for every page of the run. */
  readonly frame: number;
  /** The folio's uptodate flag: zeroed (and, on 6.12, prepared) by get_pfn. */
  readonly uptodate: boolean;
  /** Part of a whole 2 MiB folio. */
  readonly huge: boolean;
  /** The hardware reported an uncorrected error in the page (PG_hwpoison). */
  readonly poisoned: boolean;
}

/**
 * The parts of a slot that the bindings of a file record. The kernel keeps a pointer to the memslot, published or not.
 * These parts do not change while the slot is bound, because a slot with a guest_memfd can only be created and deleted.
 */
export interface BoundSlot {
  readonly id: number;
  readonly baseGfn: number;
  readonly pages: number;
  /** File page behind the first gfn. */
  readonly pgoff: number;
}

export interface GmemFile {
  readonly id: number;
  /** The name that the scenario gave it. */
  readonly name: string;
  /** i_size in pages. */
  readonly pages: number;
  readonly mmap: boolean;
  readonly initShared: boolean;
  /** The file has 2 MiB folios where possible. */
  readonly huge: boolean;
  /** The VM that it was created for; no other VM can bind it. */
  readonly vmId: number;
  /**
   * The references to the file: one of its descriptor, and one of each call that uses it. At 0 nobody can take another, and
   * the file is released.
   */
  readonly references: number;
  /** False once it has been released. */
  readonly open: boolean;
  /** KVM leaked a reference, so the file is never released. */
  readonly leaked: boolean;
  /** File index to page. */
  readonly cache: RangeMap<FilePages>;
  /** File index to the slot bound there. */
  readonly bindings: RangeMap<BoundSlot>;
}

/** struct kvm_memory_slot, as far as guest memory depends on it. */
export interface Slot {
  readonly id: number;
  readonly baseGfn: number;
  readonly pages: number;
  readonly readonly: boolean;
  /** KVM_MEMSLOT_INVALID: being deleted or moved. */
  readonly invalid: boolean;
  /** Has KVM_MEM_GUEST_MEMFD. `file` is null once the file was closed. */
  readonly gmem: { readonly file: number | null; readonly pgoff: number } | null;
  /** KVM_MEMSLOT_GMEM_ONLY: every fault is served from the file. */
  readonly gmemOnly: boolean;
  /** KVM_LPAGE_MIXED_FLAG: gfns of huge pages that hold private and shared pages, per level. */
  readonly mixed: { readonly 2: RangeSet; readonly 3: RangeSet };
}

/** State of 2 MiB of userspace memory after the first touch; untouched memory is absent from the map. */
export type HostChunk = 'huge-zero-page' | 'huge-page' | 'page-table';

/** A present 4 KiB page of userspace memory: the shared zero page, or a page of its own. */
export interface HostPage {
  readonly kind: 'zero' | 'own';
  /** pfn minus page index for an own page; 0 for the zero page. */
  readonly frame: number;
}

/** The private anonymous mapping that the VMM made for one slot id, 2 MiB aligned. */
export interface HostMemory {
  /** Slot id it was made for. */
  readonly id: number;
  /** Length of the mapping in pages. */
  readonly pages: number;
  /** MADV_HUGEPAGE. */
  readonly thp: boolean;
  /** Page index to the state of the 2 MiB around it; extents are multiples of 512 pages. */
  readonly chunks: RangeMap<HostChunk>;
  /** Page index to page: inside `page-table` and `huge-page` chunks. */
  readonly present: RangeMap<HostPage>;
}

export interface Vcpu {
  /** Root it has loaded; null before its first run. */
  readonly root: number | null;
  /** The mirror root, on TDX. */
  readonly mirrorRoot: number | null;
  /** The MMIO cache (vcpu_cache_mmio_info, arch/x86/kvm/x86.h). */
  readonly mmioCache: { readonly gfn: number; readonly generation: number } | null;
  /** kvm_run's memory_fault, filled by the fault path; userspace sees it when KVM_RUN returns. */
  readonly memoryFault: { readonly gfn: number; readonly private: boolean } | null;
  /** pfn of its VMSA on SEV-SNP; null until the launch is finished. */
  readonly vmsa: number | null;
}

/** The bookkeeping that lets faults notice invalidations (struct kvm, mmu_invalidate_*). */
export interface MmuInvalidation {
  readonly seq: number;
  readonly inProgress: number;
  /** Hull of the ranges added since inProgress left 0, in gfns; null for "no range yet". */
  readonly range: { readonly start: number; readonly end: number } | null;
}

export interface LockHolder {
  readonly lock: Lock;
  readonly mode: 'read' | 'write';
  readonly task: number;
  /**
   * For an SRCU section, the value of `srcu.epoch` when it was entered: a grace period waits only for sections entered
   * before it began. 0 for locks.
   */
  readonly epoch: number;
}

/**
 * Why a call is suspended: at the step that its statement names, because it waits for a lock, or because it would retry
 * until another call makes progress. In a deadlock, it waits for a call that, directly or not, waits for it.
 */
export type SuspensionReason = 'suspended' | 'blocked' | 'retries' | 'deadlock';

export type Locals = Readonly<Record<string, unknown>>;

/** An activation of a procedure: the step it will run next, and its locals. */
export interface Frame {
  readonly procedure: string;
  readonly step: number;
  readonly locals: Locals;
  /** Local of the caller that receives the return value. */
  readonly into: string | null;
  /** The VM that its steps work on: the caller's, or the one that it was called for. */
  readonly vmId: number;
}

/** A running call of the scenario. The last frame is the innermost. */
export interface Task {
  readonly id: number;
  /** The name that the scenario gave it, or the text of its statement. */
  readonly title: string;
  /** The vCPU that makes it, or whose ioctl it is; null if there is none. */
  readonly vcpu: number | null;
  /** The VM that the call is for. */
  readonly vmId: number;
  /** Why it is suspended; null if it runs. */
  readonly suspended: SuspensionReason | null;
  readonly stack: readonly [...Frame[], Frame];
  /** A signal is pending: calls that can be interrupted return EINTR. */
  readonly signal: boolean;
  /** Other calls may run in the middle of it, so it handles every page separately. */
  readonly pagewise: boolean;
}

/**
 * A release that a call has left to do, because it dropped the last reference to a file. Its thread releases the file
 * before it returns to userspace or enters the guest (fput() in fs/file_table.c, task_work_add()).
 */
export interface TaskWork {
  readonly task: number;
  readonly file: number;
}

/** Everything that belongs to one VM. */
export interface VmState {
  /** By order of creation, from 0. */
  readonly id: number;
  readonly type: VmType;
  /** The launch is finished, and the guest may run. Always true for VM types without a launch. */
  readonly launched: boolean;
  /** kvm_vm_dead(): every ioctl on it fails. */
  readonly dead: boolean;
  /** The active memslots, by id. */
  readonly slots: readonly Slot[];
  /** Generation of the active memslots of address space 0 (kvm_memslots_generation). */
  readonly generation: number;
  /**
   * KVM_MEMSLOT_GEN_UPDATE_IN_PROGRESS of these memslots: they were published, and KVM waits for readers of the old ones.
   * Meanwhile no cached "no memslot here" is used, and none is put into the MMIO cache of a vCPU.
   */
  readonly updating: boolean;
  /** By slot id. */
  readonly memories: readonly HostMemory[];
  /** gfns with KVM_MEMORY_ATTRIBUTE_PRIVATE. */
  readonly privateGfns: RangeSet;
  /** gfns of private pages that a TDX guest has accepted. */
  readonly accepted: RangeSet;
  /** Newest first, as KVM's list of TDP roots. */
  readonly roots: readonly Root[];
  readonly vcpus: readonly Vcpu[];
  readonly mmu: MmuInvalidation;
}

export interface State {
  readonly setup: Setup;
  /** By id. */
  readonly vms: readonly VmState[];
  /** The Reverse Map Table of the host. */
  readonly rmp: Rmp;
  /** Mapping sizes of the kernel's direct map. */
  readonly directMap: DirectMap;
  /** Contents of host memory, by pfn. */
  readonly contents: Contents;
  /** pfns that were allocated and freed again. */
  readonly freed: RangeSet;
  /** Scenario's name for a descriptor to the file it refers to; null for a descriptor that is -1. */
  readonly descriptors: Readonly<Record<string, number | null>>;
  /** By id. */
  readonly files: readonly GmemFile[];
  readonly locks: readonly LockHolder[];
  readonly taskWork: readonly TaskWork[];
  /** The number of SRCU grace periods that have begun. */
  readonly srcu: { readonly epoch: number };
  readonly tasks: readonly Task[];
  /** Texts of the WARN_ON_ONCEs that have fired and will not fire again. */
  readonly warned: readonly string[];
  /** Next numbers to allocate. */
  readonly next: { readonly file: number; readonly root: number; readonly frame: number };
}

/** A VM just after KVM_CREATE_VM and its vCPUs' creation. */
export function newVm(id: number, type: VmType, vcpus: number): VmState {
  const vcpu: Vcpu = { root: null, mirrorRoot: null, mmioCache: null, memoryFault: null, vmsa: null };
  return {
    id,
    type,
    launched: type !== 'sev-snp',
    dead: false,
    slots: [],
    generation: 0,
    updating: false,
    memories: [],
    privateGfns: [],
    accepted: [],
    roots: [],
    vcpus: Array.from({ length: vcpus }, () => vcpu),
    mmu: { seq: 0, inProgress: 0, range: null },
  };
}

/** The host with the first VM. */
export function initialState(setup: Setup): State {
  return {
    setup,
    vms: [newVm(0, setup.vm, setup.vcpus)],
    rmp: [],
    directMap: [],
    contents: [],
    freed: [],
    descriptors: {},
    files: [],
    locks: [],
    taskWork: [],
    srcu: { epoch: 0 },
    tasks: [],
    warned: [],
    // pfn 0 is the zero page; other frames come from memory above the first 2 MiB.
    next: { file: 0, root: 0, frame: 512 },
  };
}
