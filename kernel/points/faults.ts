/** Points of a fault and a prefault: from the exit of the CPU to the page-table entry. */
import type { PerKernel, Point } from './point';

const X86 = 'arch/x86/kvm/x86.c';
const MMU = 'arch/x86/kvm/mmu/mmu.c';
const TDP = 'arch/x86/kvm/mmu/tdp_mmu.c';
const MAIN = 'virt/kvm/kvm_main.c';

const either = (old: string, now: string): PerKernel<string> => ({ 'linux-6.12': old, 'linux-7.3': now });

/** A vCPU, before each entry of the guest. SRCU is dropped around VR4: there the guest runs. */
const ENTRY = 'vcpu->arch.at_instruction_boundary = false;';
const RUN: readonly Point[] = [
  { label: 'VR2', file: X86, function: 'vcpu_run', anchor: ENTRY },
  {
    ...{ label: 'VR4', file: X86, function: 'vcpu_run', anchor: ENTRY },
    code: 'if (unlikely(kvm_points_on)) { kvm_vcpu_srcu_read_unlock(vcpu); kvm_point("VR4", 0); kvm_vcpu_srcu_read_lock(vcpu); }',
  },
];

const gpa = 'cr2_or_gpa >> 12';
const PAGE_FAULT = 'kvm_mmu_page_fault';
const EXIT: readonly Point[] = [
  {
    ...{ label: 'NP4', file: 'arch/x86/kvm/svm/svm.c', function: 'npf_interception' },
    anchor: 'trace_kvm_page_fault(vcpu,',
    gfn: 'svm->vmcb->control.exit_info_2 >> 12',
  },
  {
    ...{ label: 'NP5', file: MMU, function: PAGE_FAULT, gfn: gpa },
    anchor: 'if (WARN_ON_ONCE(!VALID_PAGE(vcpu->arch.mmu->root.hpa)))',
  },
  {
    ...{ label: 'NP6', file: MMU, function: PAGE_FAULT, gfn: gpa },
    anchor: 'if (IS_ENABLED(CONFIG_KVM_SW_PROTECTED_VM) &&',
  },
  { label: 'NP7', file: MMU, function: PAGE_FAULT, gfn: gpa, anchor: 'r = RET_PF_INVALID;' },
  { label: 'NP8', file: MMU, function: PAGE_FAULT, gfn: gpa, anchor: 'r = kvm_mmu_do_page_fault(' },
  { label: 'NP10', file: MMU, function: PAGE_FAULT, gfn: gpa, anchor: 'if (r < 0)' },
  { label: 'VR5m', file: MMU, function: PAGE_FAULT, gfn: gpa, anchor: 'return x86_emulate_instruction(' },
];

const fault = { file: MMU, gfn: 'fault->gfn' } as const;
const TDP_FAULT = 'kvm_tdp_mmu_page_fault';
const faultin = either('r = kvm_faultin_pfn(', 'r = kvm_mmu_faultin_pfn(');
const TDP_PAGE_FAULT: readonly Point[] = [
  { ...fault, label: 'TP2', function: TDP_FAULT, anchor: 'r = fast_page_fault(' },
  { ...fault, label: 'TP4', function: TDP_FAULT, anchor: faultin },
  { ...fault, label: 'TP4r', function: TDP_FAULT, anchor: 'if (r != RET_PF_CONTINUE)' },
  { ...fault, label: 'TP5', function: TDP_FAULT, anchor: 'read_lock(&vcpu->kvm->mmu_lock);' },
  { ...fault, label: 'TP6', function: TDP_FAULT, anchor: 'if (is_page_fault_stale(', locked: true },
  { ...fault, label: 'TP6s', function: 'is_page_fault_stale', anchor: 'return fault->slot &&', locked: true },
  { ...fault, label: 'TP7', function: TDP_FAULT, anchor: 'r = kvm_tdp_mmu_map(', locked: true },
  { ...fault, label: 'TP8', function: TDP_FAULT, anchor: 'read_unlock(&vcpu->kvm->mmu_lock);', locked: true },
];

const FAULTIN = either('kvm_faultin_pfn', 'kvm_mmu_faultin_pfn');
const INNER = either('__kvm_faultin_pfn', '__kvm_mmu_faultin_pfn');
const GMEM = either('kvm_faultin_pfn_private', 'kvm_mmu_faultin_pfn_gmem');
const SECOND_CHECK = either(
  'if (mmu_invalidate_retry_gfn_unsafe(vcpu->kvm, fault->mmu_seq, fault->gfn)) {',
  'if (mmu_invalidate_retry_gfn_unsafe(kvm, fault->mmu_seq, fault->gfn)) {',
);
const FIRST_CHECK = either(
  'if (mmu_invalidate_retry_gfn_unsafe(vcpu->kvm, fault->mmu_seq, fault->gfn))\n',
  'if (mmu_invalidate_retry_gfn_unsafe(kvm, fault->mmu_seq, fault->gfn))\n',
);
const FROM_FILE = '(fault->is_private || (fault->slot->flags & KVM_MEMSLOT_GMEM_ONLY))';
const PRIVATE = 'fault->is_private';
const FOUND = 'return RET_PF_CONTINUE;';
const FAULTIN_PFN: readonly Point[] = [
  { ...fault, label: 'FA1', function: FAULTIN, anchor: 'fault->mmu_seq = vcpu->kvm->mmu_invalidate_seq;' },
  { ...fault, label: 'FA2', function: FAULTIN, anchor: 'smp_rmb();', where: 'after' },
  { ...fault, label: 'FA3', function: FAULTIN, anchor: 'if (unlikely(!slot))' },
  { ...fault, label: 'FA4', function: FAULTIN, anchor: 'if (slot->flags & KVM_MEMSLOT_INVALID)' },
  { ...fault, label: 'FA6', function: FAULTIN, anchor: FIRST_CHECK },
  {
    ...{ ...fault, label: 'FA7', function: FAULTIN },
    anchor: either('ret = __kvm_faultin_pfn(', 'ret = __kvm_mmu_faultin_pfn('),
  },
  {
    ...{ ...fault, label: 'FA7h', function: INNER },
    anchor: either('async = false;', 'foll |= FOLL_NOWAIT;'),
  },
  {
    ...{ ...fault, label: 'FA7g', function: GMEM },
    anchor: either('if (!kvm_slot_can_be_private(', 'if (!kvm_slot_has_gmem('),
  },
  { ...fault, label: 'FA8g', function: GMEM, anchor: 'if (r) {' },
  { ...fault, label: 'FA9g', function: FAULTIN, anchor: SECOND_CHECK, when: either(PRIVATE, FROM_FILE) },
  {
    ...fault,
    label: 'FA9h',
    function: FAULTIN,
    anchor: SECOND_CHECK,
    when: either(`!${PRIVATE}`, `!${FROM_FILE}`),
  },
  { ...fault, label: 'FA9r', function: FAULTIN, anchor: FOUND, when: either(PRIVATE, FROM_FILE) },
  { ...fault, label: 'FA9p', function: FAULTIN, anchor: FOUND, when: either(`!${PRIVATE}`, `!${FROM_FILE}`) },
];

const map = { file: TDP, gfn: 'fault->gfn', locked: true } as const;
const LEVEL = 'tdp_mmu_map_handle_target_level';
const MAP: readonly Point[] = [
  { ...map, label: 'TM1', function: 'kvm_tdp_mmu_map', anchor: 'kvm_mmu_hugepage_adjust(' },
  { ...map, label: 'TM2r', function: 'kvm_tdp_mmu_map', anchor: 'rcu_read_lock();' },
  {
    ...{ ...map, label: 'TM2', function: 'kvm_tdp_mmu_map', when: '!is_shadow_present_pte(iter.old_spte)' },
    anchor: 'sp = tdp_mmu_alloc_sp(vcpu);',
  },
  {
    ...{ ...map, label: 'TM3', function: 'kvm_tdp_mmu_map', when: 'is_shadow_present_pte(iter.old_spte)' },
    anchor: 'sp = tdp_mmu_alloc_sp(vcpu);',
  },
  { ...map, label: 'TM2r', function: 'kvm_tdp_mmu_map', anchor: 'if (fault->huge_page_disallowed &&' },
  {
    ...{ ...map, label: 'TM4s', function: LEVEL },
    anchor: {
      'linux-6.12': null,
      'linux-7.3': 'if (is_shadow_present_pte(iter->old_spte) &&\n\t    (fault->prefetch ||',
    },
  },
  { ...map, label: 'TM4', function: LEVEL, anchor: 'if (unlikely(!fault->slot))' },
  { ...map, label: 'TM5', function: LEVEL, anchor: 'if (new_spte == iter->old_spte)' },
];

const range = 'range->gpa >> 12';
const LOOP = 'kvm_vcpu_pre_fault_memory';
const ARCH = 'kvm_arch_vcpu_pre_fault_memory';
const ATTEMPTS = either('kvm_tdp_map_page', 'kvm_tdp_page_prefault');
const PREFAULT: readonly Point[] = [
  { label: 'PF3', file: MAIN, function: LOOP, gfn: range, anchor: 'idx = srcu_read_lock(' },
  { label: 'PF4a', file: MAIN, function: LOOP, gfn: range, anchor: 'if (signal_pending(current)) {' },
  { label: 'PF4c', file: MMU, function: ARCH, gfn: range, anchor: 'r = kvm_mmu_reload(vcpu);' },
  { label: 'PF4p', file: MMU, function: ARCH, gfn: range, anchor: 'if (kvm_arch_has_private_mem(' },
  { label: 'PF4s', file: MMU, function: ATTEMPTS, gfn: 'gpa >> 12', anchor: 'if (signal_pending(current))' },
  {
    ...{ label: 'PF4v', file: MMU, function: ATTEMPTS, gfn: 'gpa >> 12' },
    anchor: { 'linux-6.12': null, 'linux-7.3': 'if (kvm_test_request(KVM_REQ_VM_DEAD' },
  },
  { label: 'PF4f', file: MMU, function: ATTEMPTS, gfn: 'gpa >> 12', anchor: 'r = kvm_mmu_do_page_fault(' },
  {
    label: 'PF4g',
    file: MMU,
    function: ATTEMPTS,
    gfn: 'gpa >> 12',
    anchor: 'r = kvm_mmu_do_page_fault(',
    where: 'after',
  },
  { label: 'PF4h', file: MAIN, function: LOOP, gfn: range, anchor: 'range->size -= r;' },
  { label: 'PF5', file: MAIN, function: LOOP, gfn: range, anchor: 'srcu_read_unlock(' },
];

export const FAULT_POINTS: readonly Point[] = [
  ...RUN,
  ...EXIT,
  ...TDP_PAGE_FAULT,
  ...FAULTIN_PFN,
  ...MAP,
  ...PREFAULT,
];
