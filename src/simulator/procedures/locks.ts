/** Locks that more than one file of procedures takes. */
import type { LockUse } from '../procedure';

type Mode = 'read' | 'write';

/** kvm->mmu_lock; on x86 a rwlock. */
export const mmuLock = (mode: Mode): LockUse<unknown> => ({ lock: 'mmu_lock', mode });

/** kvm->slots_lock, a mutex. */
export const slotsLock: LockUse<unknown> = { lock: 'slots_lock', mode: 'write' };

/** kvm->slots_arch_lock, a mutex. */
export const slotsArchLock: LockUse<unknown> = { lock: 'slots_arch_lock', mode: 'write' };

/** The read side of kvm->srcu: memslots seen inside stay until it is left. */
export const srcu: LockUse<unknown> = { lock: 'srcu', mode: 'read' };

/** kvm->mn_active_invalidate_count: publishing memslots waits until no notifier is in between. */
export const activeNotifier: LockUse<unknown> = { lock: 'mn_active_invalidate_count', mode: 'read' };

/** A guest_memfd inode's invalidate_lock. */
export const invalidateLock = (mode: Mode): LockUse<{ file: number | null }> => ({
  lock: 'invalidate_lock',
  mode,
  of: ({ file }) => file ?? 0,
});
