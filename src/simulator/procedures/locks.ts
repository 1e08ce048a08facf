/** Locks that procedures of several files take. */
import type { VmLockKind } from '../lock';
import type { LockUse } from '../procedure';

type Mode = LockUse<unknown>['mode'];

function ofVm(kind: VmLockKind, mode: Mode): LockUse<unknown> {
  return { kind, mode, lock: ({ vmId }) => ({ kind, vm: vmId }) };
}

/** kvm->mmu_lock; on x86 a rwlock. */
export const mmuLock = (mode: Mode): LockUse<unknown> => ofVm('mmu_lock', mode);

/** kvm->slots_lock, a mutex. */
export const slotsLock: LockUse<unknown> = ofVm('slots_lock', 'write');

/** kvm->slots_arch_lock, a mutex. */
export const slotsArchLock: LockUse<unknown> = ofVm('slots_arch_lock', 'write');

/** The read side of kvm->srcu: memslots read in the section stay valid until it ends. */
export const srcu: LockUse<unknown> = ofVm('srcu', 'read');

/** kvm->mn_active_invalidate_count: publishing memslots waits until no notifier is active. */
export const activeNotifier: LockUse<unknown> = ofVm('mn_active_invalidate_count', 'read');

/** A guest_memfd inode's invalidate_lock. */
export const invalidateLock = (mode: Mode): LockUse<{ file: number | null }> => ({
  kind: 'invalidate_lock',
  mode,
  lock: (_, { file }) => ({ kind: 'invalidate_lock', file: file ?? 0 }),
});

/** The VMM's mmap_lock, around the userspace memory that `memoryOf` names by its slot id. */
export function mmapLock<L>(mode: Mode, memoryOf: (locals: L) => number): LockUse<L> {
  return {
    kind: 'mmap_lock',
    mode,
    lock: ({ vmId }, locals) => ({ kind: 'mmap_lock', vm: vmId, memory: memoryOf(locals) }),
  };
}
