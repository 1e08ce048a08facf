/**
 * What a vCPU and its page tables remember about gfns without a memslot. Facts: arch/x86/kvm/x86.h, vcpu_cache_mmio_info and
 * vcpu_match_mmio_gpa; arch/x86/kvm/mmu/mmu.c, check_mmio_spte.
 */
import type { MmioLeaf, VmState } from '../state';
import { putVcpu, vcpuOf } from './state-parts';

/** The vCPU remembers that the gfn has no memslot, unless the memslots are being updated. */
export function cacheMmio(vm: VmState, vcpu: number, gfn: number): VmState {
  const { generation, updating } = vm;
  return updating ? vm : putVcpu(vm, vcpu, { mmioCache: { gfn, generation } });
}

/** Whether the vCPU's MMIO cache says that the gfn has no memslot now. */
export function isInMmioCache(vm: VmState, vcpu: number, gfn: number): boolean {
  const { mmioCache } = vcpuOf(vm, vcpu);
  return mmioCache?.gfn === gfn && isCurrent(vm, mmioCache);
}

/** Whether nothing has been published since a generation was remembered. */
export function isCurrent(vm: VmState, { generation }: Pick<MmioLeaf, 'generation'>): boolean {
  return generation === vm.generation && !vm.updating;
}
