/** Points of guest_memfd: faults, holes, allocations, bindings, and the release of the file. */
import type { PerKernel, Point } from './point';

const gmem = { file: 'virt/kvm/guest_memfd.c' } as const;

const START: PerKernel<string> = {
  'linux-6.12': 'kvm_gmem_invalidate_begin',
  'linux-7.3': '__kvm_gmem_invalidate_start',
};
const END: PerKernel<string> = {
  'linux-6.12': 'kvm_gmem_invalidate_end',
  'linux-7.3': '__kvm_gmem_invalidate_end',
};
const UNMAP = 'flush |= kvm_mmu_unmap_gfn_range(';
const INVALIDATION: readonly Point[] = [
  { ...gmem, label: 'I1', function: START, anchor: 'xa_for_each_range(&' },
  { ...gmem, label: 'I3', function: START, anchor: 'KVM_MMU_LOCK(kvm);' },
  { ...gmem, label: 'I4', function: START, anchor: UNMAP, gfn: 'gfn_range.start', locked: true },
  {
    ...gmem,
    label: 'I4f',
    function: START,
    anchor: UNMAP,
    gfn: 'gfn_range.start',
    locked: true,
    where: 'after',
  },
  { ...gmem, label: 'I5', function: START, anchor: 'if (flush)', locked: true },
  {
    ...{ ...gmem, label: 'I5u', function: START, locked: true, when: 'found_memslot' },
    anchor: 'if (found_memslot)\n\t\tKVM_MMU_UNLOCK(kvm);',
  },
  { ...gmem, label: 'I6', function: END, anchor: 'if (xa_find(' },
  { ...gmem, label: 'I7', function: END, anchor: 'KVM_MMU_LOCK(kvm);' },
];

const FALLOCATE = 'kvm_gmem_fallocate';
const PUNCH = 'kvm_gmem_punch_hole';
const ALLOCATE = 'kvm_gmem_allocate';
const FALLOCATES: readonly Point[] = [
  { ...gmem, label: 'FL3', function: FALLOCATE, anchor: 'if (!PAGE_ALIGNED(offset)' },
  { ...gmem, label: 'FL4', function: FALLOCATE, anchor: 'if (mode & FALLOC_FL_PUNCH_HOLE)' },
  { ...gmem, label: 'PH1', function: PUNCH, anchor: 'filemap_invalidate_lock(' },
  { ...gmem, label: 'PH2', function: PUNCH, anchor: 'filemap_invalidate_lock(', where: 'after' },
  { ...gmem, label: 'PH3', function: PUNCH, anchor: 'truncate_inode_pages_range(' },
  { ...gmem, label: 'PH4', function: PUNCH, anchor: 'truncate_inode_pages_range(', where: 'after' },
  { ...gmem, label: 'PH5', function: PUNCH, anchor: 'filemap_invalidate_unlock(' },
  { ...gmem, label: 'A1', function: ALLOCATE, anchor: 'if (offset + len > i_size_read(' },
  { ...gmem, label: 'A2', function: ALLOCATE, anchor: 'filemap_invalidate_lock_shared(' },
  { ...gmem, label: 'A3', function: ALLOCATE, anchor: 'start = offset >> PAGE_SHIFT;' },
  { ...gmem, label: 'A4', function: ALLOCATE, anchor: 'filemap_invalidate_unlock_shared(' },
];

const RELEASE = 'kvm_gmem_release';
const INVALIDATE: PerKernel<string> = {
  'linux-6.12': 'kvm_gmem_invalidate_begin(',
  'linux-7.3': '__kvm_gmem_invalidate_start(',
};
const RELEASES: readonly Point[] = [
  { ...gmem, label: 'CL2', function: RELEASE, anchor: 'mutex_lock(&kvm->slots_lock);' },
  { ...gmem, label: 'R1', function: RELEASE, anchor: 'mutex_lock(&kvm->slots_lock);' },
  { ...gmem, label: 'R2', function: RELEASE, anchor: 'filemap_invalidate_lock(' },
  { ...gmem, label: 'R3', function: RELEASE, anchor: 'xa_for_each(' },
  { ...gmem, label: 'R4', function: RELEASE, anchor: INVALIDATE },
  {
    ...{ ...gmem, label: 'R4e', function: RELEASE },
    anchor: { 'linux-6.12': 'kvm_gmem_invalidate_end(', 'linux-7.3': '__kvm_gmem_invalidate_end(' },
  },
  { ...gmem, label: 'R5', function: RELEASE, anchor: 'list_del(' },
  { ...gmem, label: 'R6', function: RELEASE, anchor: 'mutex_unlock(&kvm->slots_lock);' },
  { ...gmem, label: 'CL3', function: RELEASE, anchor: 'kvm_put_kvm(kvm);', where: 'after' },
];

const GET = 'kvm_gmem_get_pfn';
const INNER = '__kvm_gmem_get_pfn';
const PAGES: readonly Point[] = [
  {
    ...{ ...gmem, label: 'G1', function: GET, gfn: 'gfn', declared: true },
    anchor: { 'linux-6.12': 'struct file *file = kvm_gmem_get_file(slot);', 'linux-7.3': null },
  },
  {
    ...{ ...gmem, label: 'G1', function: GET, gfn: 'gfn' },
    anchor: { 'linux-6.12': null, 'linux-7.3': 'CLASS(gmem_get_file, file)(slot);' },
  },
  { ...gmem, label: 'G2', function: GET, gfn: 'gfn', anchor: 'folio = __kvm_gmem_get_pfn(' },
  { ...gmem, label: 'G3', function: INNER, anchor: 'if (xa_load(' },
  { ...gmem, label: 'G4', function: INNER, anchor: 'folio = kvm_gmem_get_folio(' },
  { ...gmem, label: 'G5', function: INNER, anchor: 'if (folio_test_hwpoison(folio))' },
  {
    ...{ ...gmem, label: 'G7', function: GET, gfn: 'gfn' },
    anchor: { 'linux-6.12': 'if (!is_prepared)', 'linux-7.3': 'if (!folio_test_uptodate(folio))' },
  },
  {
    ...{
      ...gmem,
      label: 'G7a',
      gfn: 'gfn',
      function: { 'linux-6.12': 'kvm_gmem_prepare_folio', 'linux-7.3': null },
    },
    anchor: 'nr_pages = folio_nr_pages(folio);',
  },
  { ...gmem, label: 'G8', function: GET, gfn: 'gfn', anchor: 'folio_unlock(folio);' },
];

const BIND: PerKernel<string> = {
  'linux-6.12': 'kvm_gmem_bind',
  'linux-7.3': 'kvm_gmem_commit_memory_region',
};
const BINDINGS: readonly Point[] = [
  { ...gmem, label: 'BC1', function: BIND, anchor: 'filemap_invalidate_lock(' },
  { ...gmem, label: 'BC2', function: BIND, anchor: 'end = start + slot->npages;' },
  { ...gmem, label: 'U2', function: 'kvm_gmem_unbind', anchor: 'filemap_invalidate_lock(' },
];

export const FILE_POINTS: readonly Point[] = [
  ...INVALIDATION,
  ...FALLOCATES,
  ...RELEASES,
  ...PAGES,
  ...BINDINGS,
];
