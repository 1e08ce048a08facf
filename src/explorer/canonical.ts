/** Forms of parts that are equal for states that no later step can tell apart. */
import { isSeqSnapshot, type LockHolder, type State, type VmState } from '../simulator';

/**
 * The locks by task. Of one task, they stay in the order in which it took them. Two tasks take their locks in either order
 * and hold the same.
 */
export function lockHolders(locks: readonly LockHolder[]): readonly LockHolder[] {
  const isSorted = locks.every(({ task }, at) => at === 0 || task >= (locks[at - 1] as LockHolder).task);
  return isSorted ? locks : locks.toSorted((a, b) => a.task - b.task);
}

/**
 * The bookkeeping of invalidations without the absolute count: a snapshot is either current or stale. The range is
 * meaningless while no invalidation is in progress: the next one begins a new range.
 */
export function invalidation(mmu: VmState['mmu']): VmState['mmu'] {
  return { seq: 0, inProgress: mmu.inProgress, range: mmu.inProgress === 0 ? null : mmu.range };
}

/** The state without the absolute counts of invalidations. */
export function withoutCounts(state: State): State {
  return { ...state, vms: state.vms.map((vm) => ({ ...vm, mmu: invalidation(vm.mmu) })) };
}

/** The value with the snapshots of a VM's mmu_invalidate_seq made stale, because an invalidation has ended. */
export function withStaleSnapshots<T>(value: T, vm: number): T {
  if (typeof value !== 'object' || value === null) return value;
  if (isSeqSnapshot(value)) return value.vm === vm ? ({ ...value, seq: -1 } as T) : value;
  let changed = false;
  const made = Object.entries(value).map(([name, part]) => {
    const own = withStaleSnapshots(part, vm);
    changed ||= own !== part;
    return [name, own] as const;
  });
  if (!changed) return value;
  return (Array.isArray(value) ? made.map(([, part]) => part) : Object.fromEntries(made)) as T;
}
