/** Points of what removes mappings: conversions, mmu_notifiers, deletions of slots. */
import type { PerKernel, Point } from './point';

const MMU = 'arch/x86/kvm/mmu/mmu.c';
const TDP = 'arch/x86/kvm/mmu/tdp_mmu.c';
const MAIN = 'virt/kvm/kvm_main.c';
const MEMORY = 'mm/memory.c';

/** What tdp_mmu_iter_cond_resched() does when the time slice is over, before the second leaf and each after it. */
const YIELD = `if (can_yield && flush && kvm_point_yields()) {
			kvm_point_locked("UZ2", iter.gfn);
			kvm_flush_remote_tlbs(kvm);
			rcu_read_unlock();
			write_unlock(&kvm->mmu_lock);
			kvm_point("UZ3", iter.gfn);
			write_lock(&kvm->mmu_lock);
			rcu_read_lock();
			iter.yielded = true;
			flush = false;
			continue;
		}`;

const UNMAP: readonly Point[] = [
  {
    ...{ label: 'UZ1', file: MMU, function: 'kvm_unmap_gfn_range', gfn: 'range->start', locked: true },
    anchor: 'if (kvm_memslots_have_rmaps(kvm))',
  },
  ...(['UZ2', 'UZ3'] as const).map(
    (label): Point => ({
      ...{ label, file: TDP, function: 'tdp_mmu_zap_leafs' },
      anchor: 'tdp_mmu_iter_set_spte(kvm, &iter, SHADOW_NONPRESENT_VALUE);',
      code: label === 'UZ2' ? YIELD : '',
    }),
  ),
];

/** Only the first call takes mmu_lock, so a condition tells the walk that begins an invalidation from the one that ends it. */
const ATTRIBUTES = 'kvm_vm_set_mem_attributes';
const GFNS = 'kvm_handle_gfn_range';
const begins = 'range->flush_on_ret';
const CONVERSION: readonly Point[] = [
  {
    ...{ label: 'T4c', file: MAIN, function: 'kvm_vm_ioctl_set_mem_attributes', gfn: 'start' },
    anchor: 'return kvm_vm_set_mem_attributes(',
  },
  { label: 'T5', file: MAIN, function: ATTRIBUTES, gfn: 'start', anchor: 'mutex_lock(&kvm->slots_lock);' },
  {
    ...{ label: 'T6', file: MAIN, function: ATTRIBUTES, gfn: 'start' },
    anchor: 'if (kvm_range_has_memory_attributes(',
  },
  {
    label: 'T8a',
    file: MAIN,
    function: GFNS,
    gfn: 'range->start',
    anchor: 'KVM_MMU_LOCK(kvm);',
    when: begins,
  },
  {
    label: 'T10',
    file: MAIN,
    function: GFNS,
    gfn: 'range->start',
    anchor: 'KVM_MMU_LOCK(kvm);',
    when: `!${begins}`,
  },
  {
    ...{ label: 'T8b', file: MAIN, function: GFNS, gfn: 'gfn_range.start', locked: true, when: begins },
    anchor: 'ret |= range->handler(',
  },
  {
    ...{
      label: 'T8c',
      file: MMU,
      function: 'kvm_arch_pre_set_memory_attributes',
      gfn: 'range->start',
      locked: true,
    },
    anchor: 'for (level = PG_LEVEL_2M;',
  },
  {
    ...{
      label: 'T8e',
      file: MMU,
      function: 'kvm_arch_pre_set_memory_attributes',
      gfn: 'range->start',
      locked: true,
    },
    anchor: 'return kvm_unmap_gfn_range(kvm, range);',
  },
  {
    ...{ label: 'T8n', file: MAIN, function: GFNS, gfn: 'gfn_range.start', locked: true, when: begins },
    ...{ anchor: 'ret |= range->handler(', where: 'after' },
  },
  {
    ...{ label: 'T8f', file: MAIN, function: GFNS, gfn: 'range->start', locked: true },
    ...{ anchor: 'if (range->flush_on_ret && ret)', when: `${begins} && found_memslot` },
  },
  {
    ...{ label: 'T9', file: MAIN, function: ATTRIBUTES, gfn: 'start', where: 'after' },
    anchor: 'kvm_handle_gfn_range(kvm, &pre_set_range);',
  },
  { label: 'T11', file: MAIN, function: ATTRIBUTES, gfn: 'start', anchor: 'mutex_unlock(&kvm->slots_lock);' },
];

const START = 'kvm_mmu_notifier_invalidate_range_start';
const END = 'kvm_mmu_notifier_invalidate_range_end';
const HVAS: PerKernel<string> = {
  'linux-6.12': '__kvm_handle_hva_range',
  'linux-7.3': 'kvm_handle_hva_range',
};
const callOf = (rest: string): PerKernel<string> => ({
  'linux-6.12': `__kvm_handle_hva_range(kvm, &hva_range)${rest}`,
  'linux-7.3': `kvm_handle_hva_range(kvm, &hva_range)${rest}`,
});
const LOCK: PerKernel<string> = {
  'linux-6.12': 'KVM_MMU_LOCK(kvm);\n\t\t\t\tif (!IS_KVM_NULL_FN(range->on_lock))',
  'linux-7.3': 'KVM_MMU_LOCK(kvm);\n\t\t\t\t\tif (!IS_KVM_NULL_FN(range->on_lock))',
};
const NOTIFIER: readonly Point[] = [
  { label: 'N1', file: MAIN, function: START, anchor: 'spin_lock(&kvm->mn_invalidate_lock);' },
  { label: 'N2', file: MAIN, function: START, anchor: callOf('.found_memslot') },
  { label: 'N3', file: MAIN, function: HVAS, anchor: LOCK, when: begins },
  { label: 'N7', file: MAIN, function: HVAS, anchor: LOCK, when: `!${begins}` },
  {
    ...{ label: 'N4', file: MAIN, function: HVAS, gfn: 'gfn_range.start', locked: true },
    anchor: 'r.ret |= range->handler(',
  },
  {
    ...{ label: 'N5', file: MAIN, function: HVAS, locked: true, when: `${begins} && r.found_memslot` },
    anchor: 'if (range->flush_on_ret && r.ret)',
  },
  { label: 'N6', file: MAIN, function: END, anchor: callOf(';') },
  { label: 'N8', file: MAIN, function: END, anchor: 'spin_lock(&kvm->mn_invalidate_lock);' },
];

const ZAP: PerKernel<string> = {
  'linux-6.12': 'zap_page_range_single',
  'linux-7.3': 'zap_vma_range_batched',
};
const DISCARD: readonly Point[] = [
  { label: 'MD1', file: MEMORY, function: ZAP, anchor: 'mmu_notifier_invalidate_range_start(&range);' },
  {
    ...{ label: 'MD2', file: MEMORY, function: ZAP, where: 'after' },
    anchor: 'mmu_notifier_invalidate_range_start(&range);',
  },
  {
    ...{ label: 'MD3', file: MEMORY, function: ZAP },
    anchor: { 'linux-6.12': 'unmap_single_vma(&tlb,', 'linux-7.3': '__zap_vma_range(tlb,' },
  },
  { label: 'MD4', file: MEMORY, function: ZAP, anchor: 'mmu_notifier_invalidate_range_end(&range);' },
  {
    ...{ label: 'MD5', file: MEMORY, function: ZAP, where: 'after' },
    anchor: 'mmu_notifier_invalidate_range_end(&range);',
  },
];

/** Only memory of slots: the program's own memory is elsewhere (guest/memory.c). */
const ofSlot = 'vmf->address >> 40 > 0 && vmf->address >> 40 < 120';
const COPY = 'wp_page_copy';
const COPY_ON_WRITE: readonly Point[] = [
  { label: 'HM3z', file: MEMORY, function: COPY, anchor: 'new_folio = folio_prealloc(', when: ofSlot },
  {
    ...{ label: 'HM3', file: MEMORY, function: COPY, when: ofSlot },
    anchor: 'mmu_notifier_invalidate_range_start(&range);',
  },
  { label: 'HM3p', file: MEMORY, function: COPY, anchor: 'vmf->pte = pte_offset_map_lock(', when: ofSlot },
  {
    ...{ label: 'HM3e', file: MEMORY, function: COPY, when: ofSlot },
    anchor: 'mmu_notifier_invalidate_range_end(&range);',
  },
];

const SHADOW = 'kvm_arch_flush_shadow_memslot';
const ROOTS = 'kvm_tdp_mmu_zap_invalidated_roots';
const DELETION: readonly Point[] = [
  { label: 'D3a', file: MMU, function: SHADOW, anchor: 'write_lock(&kvm->mmu_lock);' },
  { label: 'Z1', file: MMU, function: SHADOW, anchor: 'write_lock(&kvm->mmu_lock);', when: 'zap_all' },
  { label: 'D3b', file: MMU, function: SHADOW, anchor: 'write_lock(&kvm->mmu_lock);', when: '!zap_all' },
  {
    ...{ label: 'Z3', file: MMU, function: SHADOW, locked: true },
    anchor: '__kvm_mmu_zap_all_fast_front_half(kvm);',
  },
  { label: 'D3c', file: MMU, function: SHADOW, anchor: 'kvm_mmu_zap_memslot_pages_and_flush(', locked: true },
  {
    ...{ label: 'Z5', file: MMU, function: SHADOW, locked: true, when: 'zap_all' },
    anchor: 'write_unlock(&kvm->mmu_lock);',
  },
  {
    ...{ label: 'Z6', file: MMU, function: SHADOW, when: 'zap_all' },
    anchor: 'if (zap_all)\n\t\t__kvm_mmu_zap_all_fast_back_half(kvm);',
  },
  {
    label: 'Z6a',
    file: TDP,
    function: 'tdp_mmu_zap_root',
    anchor: '__tdp_mmu_zap_root(kvm, root, shared, PG_LEVEL_1G);',
    locked: true,
  },
  {
    ...{ label: 'Z6b', file: TDP, function: 'tdp_mmu_zap_root', locked: true },
    anchor: '__tdp_mmu_zap_root(kvm, root, shared, root->role.level);',
  },
  {
    ...{ label: 'Z7', file: TDP, function: ROOTS, locked: true },
    anchor: { 'linux-6.12': 'read_unlock(&kvm->mmu_lock);', 'linux-7.3': 'if (shared)\n\t\tread_unlock(' },
  },
  {
    ...{ label: 'D3r', file: MMU, function: SHADOW, when: 'zap_all', where: 'after' },
    anchor: 'if (zap_all)\n\t\t__kvm_mmu_zap_all_fast_back_half(kvm);',
  },
];

export const ZAP_POINTS: readonly Point[] = [
  ...UNMAP,
  ...CONVERSION,
  ...NOTIFIER,
  ...DISCARD,
  ...COPY_ON_WRITE,
  ...DELETION,
];
