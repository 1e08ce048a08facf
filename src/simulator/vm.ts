/** What depends on the VM's type alone. */
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
