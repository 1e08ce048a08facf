/** Properties of a VM that depend only on its type. */
import type { VmType } from './calls';

/** kvm_arch_has_private_mem() (arch/x86/include/asm/kvm_host.h). */
export function hasPrivateMemory(vm: VmType): boolean {
  return vm !== 'default';
}

/** kvm_arch.has_protected_state: KVM cannot emulate an access to such a guest's memory. */
export function hasProtectedState(vm: VmType): boolean {
  return vm === 'sev-snp' || vm === 'tdx';
}

/** kvm_arch_nr_memslot_as_ids(): a VM with private memory has no SMM address space. */
export function addressSpaces(vm: VmType): number {
  return hasPrivateMemory(vm) ? 1 : 2;
}

/** gfns without the shared bit of TDX, which is bit 47 of the address (a guest with GPAW 48). */
const TDX_GFNS = 2 ** 35;

/** First gfn that a VM cannot have, on a host with `gfnLimit`. */
export function gfnLimitOf(vm: VmType, gfnLimit: number): number {
  return vm === 'tdx' ? Math.min(gfnLimit, TDX_GFNS) : gfnLimit;
}
