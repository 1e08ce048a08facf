/** The values that the procedures of a page fault pass to each other. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { putVcpu } from '../model/state-parts';
import type { Root, Slot } from '../state';

/** struct kvm_page_fault: what is known about a fault before it is handled. */
export interface PageFault {
  vcpu: number;
  /** Gfns [gfn, end) of the fault: one, or a run of a prefault that behaves alike. */
  gfn: number;
  end: number;
  write: boolean;
  present: boolean;
  rsvd: boolean;
  private: boolean;
  /** Caused by KVM_PRE_FAULT_MEMORY, not by a guest access. */
  prefetch: boolean;
  /** The root that is walked; `mirror` only on TDX. */
  root: Root['kind'];
  /**
   * The slot of the gfn as it was when the fault was begun (kvm_mmu_do_page_fault), null if there was none. SRCU keeps it
   * valid even if new memslots are published.
   */
  memslot: Slot | null;
}

export const NO_FAULT: PageFault = {
  vcpu: 0,
  gfn: 0,
  end: 0,
  write: false,
  present: false,
  rsvd: false,
  private: false,
  prefetch: false,
  root: 'direct',
  memslot: null,
};

export function faultOf(locals: PageFault): PageFault {
  const { vcpu, gfn, end, write, present, rsvd, private: isPrivate, prefetch, root, memslot } = locals;
  return { vcpu, gfn, end, write, present, rsvd, private: isPrivate, prefetch, root, memslot };
}

/** RET_PF_* (arch/x86/kvm/mmu/mmu_internal.h): the result of a fault that did not fail. */
export type RetPf = 'RETRY' | 'EMULATE' | 'FIXED' | 'SPURIOUS';

export interface FaultResult {
  readonly ret: RetPf | Errno;
  /** Level at which the gfn was mapped. */
  readonly goal: 1 | 2;
}

/** The page behind a gfn. */
export interface FoundPage {
  /** pfn minus gfn, for every gfn of the fault. */
  readonly frame: number | 'zero';
  readonly backing: 'gmem' | 'host';
  readonly writable: boolean;
  /** 2 if the page may be mapped by a 2 MiB entry. */
  readonly maxLevel: 1 | 2;
}

/** kvm_mmu_prepare_memory_fault_exit(): what KVM reports to userspace if this fault makes the call fail. */
export function prepareMemoryFaultExit(machine: Machine, { vcpu, gfn, private: isPrivate }: PageFault): void {
  machine.vm = putVcpu(machine.vm, vcpu, { memoryFault: { gfn, private: isPrivate } });
}
