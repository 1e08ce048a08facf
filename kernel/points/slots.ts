/** Points of KVM_SET_USER_MEMORY_REGION2: from slots_lock to the publication of the memslots. */
import type { PerKernel, Point } from './point';

const MAIN = 'virt/kvm/kvm_main.c';
const main = { file: MAIN } as const;

const IOCTL: PerKernel<string> = {
  'linux-6.12': 'kvm_set_memory_region',
  'linux-7.3': 'kvm_vm_ioctl_set_memory_region',
};
const REGION: PerKernel<string> = {
  'linux-6.12': '__kvm_set_memory_region',
  'linux-7.3': 'kvm_set_memory_region',
};
const CHECKS: readonly Point[] = [
  {
    ...{ ...main, label: 'UM2', function: IOCTL },
    anchor: { 'linux-6.12': 'mutex_lock(&kvm->slots_lock);', 'linux-7.3': 'guard(mutex)(&kvm->slots_lock);' },
  },
  {
    ...{ ...main, label: 'UM3', function: IOCTL },
    anchor: { 'linux-6.12': 'mutex_unlock(&kvm->slots_lock);', 'linux-7.3': null },
  },
  { ...main, label: 'MR3', function: REGION, anchor: 'r = check_memory_region_flags(' },
  { ...main, label: 'MR12', function: REGION, anchor: 'if (!mem->memory_size) {' },
  { ...main, label: 'MR13', function: REGION, anchor: 'if (!old || !old->npages) {' },
  {
    ...main,
    label: 'MR17',
    function: REGION,
    anchor: 'if ((change == KVM_MR_CREATE || change == KVM_MR_MOVE) &&',
  },
  {
    ...{ ...main, label: 'MR19', function: REGION },
    anchor: { 'linux-6.12': 'r = kvm_gmem_bind(', 'linux-7.3': 'r = kvm_gmem_prepare_memory_region(' },
  },
  { ...main, label: 'MR20', function: REGION, anchor: 'return kvm_set_memslot(' },
  { ...main, label: 'MR20', function: REGION, anchor: 'r = kvm_set_memslot(' },
];

const SET = 'kvm_set_memslot';
const INVALIDATE = 'kvm_invalidate_memslot';
const SWAP = 'kvm_swap_active_memslots';
const UPDATE: readonly Point[] = [
  { ...main, label: 'M1', function: SET, anchor: 'mutex_lock(&kvm->slots_arch_lock);' },
  { ...main, label: 'D2', function: INVALIDATE, anchor: 'kvm_swap_active_memslots(kvm, old->as_id);' },
  { ...main, label: 'D3', function: INVALIDATE, anchor: 'kvm_arch_flush_shadow_memslot(' },
  { ...main, label: 'D4', function: INVALIDATE, anchor: 'mutex_lock(&kvm->slots_arch_lock);' },
  { ...main, label: 'D5', function: 'kvm_delete_memslot', anchor: 'kvm_activate_memslot(' },
  { ...main, label: 'D6', function: 'kvm_commit_memory_region', anchor: 'kvm_free_memslot(kvm, old);' },
  {
    ...main,
    label: 'M2',
    function: SET,
    anchor: 'r = kvm_prepare_memory_region(',
    when: 'change != KVM_MR_DELETE',
  },
  { ...main, label: 'M3', function: 'kvm_create_memslot', anchor: 'kvm_activate_memslot(' },
  { ...main, label: 'M3', function: 'kvm_move_memslot', anchor: 'kvm_activate_memslot(' },
  {
    ...{ ...main, label: 'SW1', function: SWAP },
    anchor: 'spin_lock(&kvm->mn_invalidate_lock);\n\tprepare_to_rcuwait(',
  },
  { ...main, label: 'SW2', function: SWAP, anchor: 'synchronize_srcu_expedited(' },
  { ...main, label: 'SW3', function: SWAP, anchor: 'synchronize_srcu_expedited(', where: 'after' },
];

export const SLOT_POINTS: readonly Point[] = [...CHECKS, ...UPDATE];
