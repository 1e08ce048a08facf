/** Locks as values: a kind, and the object that the lock belongs to. SRCU sections and the notifier count are locks too. */

/** Locks of which every VM has one. */
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
  /** `memory`: id of the slot whose userspace memory it protects; the VMM's other memory is not simulated. */
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

/** Name of the lock for JSON and variables, with numbers: `mmu_lock`, `vcpu 1`, `folio_lock 0:5`. It is never parsed. */
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
