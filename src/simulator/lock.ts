/** Locks as values: a kind, and what it belongs to. Also what a call waits for like a lock, as the readers of SRCU. */

/** One of each for a VM. */
export type VmLockKind =
  | 'mmu_lock'
  | 'slots_lock'
  | 'slots_arch_lock'
  | 'srcu'
  | 'mn_active_invalidate_count';

export type Lock =
  | { readonly kind: VmLockKind; readonly vm: number }
  /** vcpu->mutex. */
  | { readonly kind: 'vcpu'; readonly vm: number; readonly vcpu: number }
  /** `memory`: id of the slot whose userspace memory it protects; nothing else of the VMM's memory is simulated. */
  | { readonly kind: 'mmap_lock'; readonly vm: number; readonly memory: number }
  /** `file`: id of the guest_memfd. */
  | { readonly kind: 'invalidate_lock'; readonly file: number }
  /** `page`: index in the file. */
  | { readonly kind: 'folio_lock'; readonly file: number; readonly page: number };

export type LockKind = Lock['kind'];

export function sameLock(a: Lock, b: Lock): boolean {
  switch (a.kind) {
    case 'vcpu':
      return b.kind === a.kind && b.vm === a.vm && b.vcpu === a.vcpu;
    case 'mmap_lock':
      return b.kind === a.kind && b.vm === a.vm && b.memory === a.memory;
    case 'invalidate_lock':
      return b.kind === a.kind && b.file === a.file;
    case 'folio_lock':
      return b.kind === a.kind && b.file === a.file && b.page === a.page;
    default:
      return b.kind === a.kind && b.vm === a.vm;
  }
}

/** The lock in records and rows, by numbers: `mmu_lock`, `vcpu 1`, `folio_lock 0:5`. Nothing reads it back. */
export function lockName(lock: Lock): string {
  switch (lock.kind) {
    case 'vcpu':
      return `vcpu ${lock.vcpu}`;
    case 'invalidate_lock':
      return `invalidate_lock ${lock.file}`;
    case 'folio_lock':
      return `folio_lock ${lock.file}:${lock.page}`;
    default:
      return lock.kind;
  }
}
