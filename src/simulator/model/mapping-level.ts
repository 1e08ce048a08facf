/**
 * At which level a gfn is mapped. Facts: arch/x86/kvm/mmu/mmu.c, kvm_mmu_hugepage_adjust,
 * kvm_mmu_max_mapping_level, and lpage_info's initialisation in arch/x86/kvm/x86.c.
 */
import { intersects } from '../ranges';
import type { HostMemory, Slot } from '../state';
import { pagesPer, roundDown } from '../units';
import { isHuge } from './host-memory';

/**
 * Whether a slot allows 2 MiB entries at all: its userspace memory begins on a 2 MiB boundary, so its gfns must too.
 */
export function isCongruent(slot: Slot): boolean {
  return roundDown(slot.baseGfn, 2) === slot.baseGfn;
}

/** Whether the slot contains the whole 2 MiB around `gfn`, all of it private or all of it shared. */
export function allowsHuge(slot: Slot, gfn: number): boolean {
  const start = roundDown(gfn, 2);
  const end = start + pagesPer(2);
  const inside = start >= slot.baseGfn && end <= slot.baseGfn + slot.pages;
  return inside && isCongruent(slot) && !intersects(slot.mixed[2], start, end);
}

/** Level of a mapping of userspace memory: that of the host's mapping, if the slot allows it. */
export function hostMappingLevel(slot: Slot, memory: HostMemory, gfn: number): 1 | 2 {
  return allowsHuge(slot, gfn) && isHuge(memory, gfn - slot.baseGfn) ? 2 : 1;
}
