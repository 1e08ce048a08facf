/**
 * The bookkeeping with which faults detect invalidations (kvm_mmu_invalidate_begin, _range_add, _end and
 * mmu_invalidate_retry_gfn; virt/kvm/kvm_main.c, include/linux/kvm_host.h).
 */
import type { Range } from '../ranges';
import type { MmuInvalidation, VmState } from '../state';
import { mapParts } from './map-parts';

/** mmu_invalidate_seq as a fault read it. It matters only whether the VM's count has changed since. */
export interface SeqSnapshot {
  readonly kind: 'seq-snapshot';
  /** The VM whose count it is; null before the count is read. */
  readonly vm: number | null;
  readonly seq: number;
}

export const NO_SNAPSHOT: SeqSnapshot = { kind: 'seq-snapshot', vm: null, seq: 0 };

export function takeSnapshot({ id, mmu }: VmState): SeqSnapshot {
  return { kind: 'seq-snapshot', vm: id, seq: mmu.seq };
}

export function isSeqSnapshot(value: object): value is SeqSnapshot {
  return (value as Partial<SeqSnapshot>).kind === 'seq-snapshot';
}

/** The value with `map` applied to each snapshot in it, however deep: see `mapParts`. */
export function mapSnapshots<T>(value: T, map: (snapshot: SeqSnapshot) => SeqSnapshot): T {
  return mapParts(value, isSeqSnapshot, map);
}

export function begin(mmu: MmuInvalidation): MmuInvalidation {
  const inProgress = mmu.inProgress + 1;
  return { ...mmu, inProgress, range: inProgress === 1 ? null : mmu.range };
}

/** The range becomes the hull of all ranges added since the first begin; it never shrinks. */
export function addRange(mmu: MmuInvalidation, { start, end }: Range): MmuInvalidation {
  const range =
    mmu.range === null
      ? { start, end }
      : { start: Math.min(mmu.range.start, start), end: Math.max(mmu.range.end, end) };
  return { ...mmu, range };
}

export function end(mmu: MmuInvalidation): MmuInvalidation {
  return { ...mmu, seq: mmu.seq + 1, inProgress: mmu.inProgress - 1 };
}

/** Whether an invalidation without a range is in progress: the code that began it has a bug. */
export function lacksRange({ inProgress, range }: MmuInvalidation): boolean {
  return inProgress > 0 && range === null;
}

/**
 * Why a fault of `gfn` that took `snapshot` must retry; null if it need not. A missing range contains no gfn.
 */
export function staleReason(mmu: MmuInvalidation, snapshot: SeqSnapshot, gfn: number): string | null {
  if (mmu.inProgress > 0 && mmu.range !== null) {
    if (gfn >= mmu.range.start && gfn < mmu.range.end) return 'an invalidation of this gfn is in progress';
  }
  return mmu.seq === snapshot.seq ? null : 'an invalidation ended since the fault began';
}
