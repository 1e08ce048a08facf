/** What the procedures of a page fault hand to each other. */
import type { Errno } from '../errno';
import type { Machine } from '../machine';
import { putVcpu } from '../model/state-parts';
import type { Root } from '../state';

/** struct kvm_page_fault: what is known about a fault before it is handled. */
export interface PageFault {
  vcpu: number;
  /** Gfns [gfn, end) of the fault: one, or a run of a prefault in which all are alike. */
  gfn: number;
  end: number;
  write: boolean;
  present: boolean;
  rsvd: boolean;
  private: boolean;
  /** By KVM_PRE_FAULT_MEMORY, not by a guest access. */
  prefetch: boolean;
  /** The root that is walked; `mirror` on TDX alone. */
  root: Root['kind'];
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
};

export function faultOf(locals: PageFault): PageFault {
  const { vcpu, gfn, end, write, present, rsvd, private: isPrivate, prefetch, root } = locals;
  return { vcpu, gfn, end, write, present, rsvd, private: isPrivate, prefetch, root };
}

/** RET_PF_* (arch/x86/kvm/mmu/mmu_internal.h): how a fault ended that did not fail. */
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
  /** 2 where the page may be mapped by a 2 MiB entry. */
  readonly maxLevel: 1 | 2;
}

/** kvm_mmu_prepare_memory_fault_exit(): what userspace is told if the call fails with this fault. */
export function prepareMemoryFaultExit(machine: Machine, { vcpu, gfn, private: isPrivate }: PageFault): void {
  machine.vm = putVcpu(machine.vm, vcpu, { memoryFault: { gfn, private: isPrivate } });
}
