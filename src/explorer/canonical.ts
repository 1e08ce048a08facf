/** Forms of parts that are equal for states that no later step can tell apart. */
import { type LockHolder, mapSnapshots, type State, type VmState } from '../simulator';

/**
 * The locks by task. Of one task, they stay in the order in which it took them. Two tasks take their locks in either order
 * and hold the same.
 */
export function lockHolders(locks: readonly LockHolder[]): readonly LockHolder[] {
  const isSorted = locks.every(({ task }, at) => at === 0 || task >= (locks[at - 1] as LockHolder).task);
  return isSorted ? locks : locks.toSorted((a, b) => a.task - b.task);
}

/**
 * The bookkeeping of invalidations without the absolute count: it matters whether any has ended, and a snapshot is either
 * current or stale. The range is meaningless while no invalidation is in progress, since the next one begins a new range;
 * a kernel without the step that does so still has the old one.
 */
export function invalidation({ seq, inProgress, range }: VmState['mmu'], isWhole: boolean): VmState['mmu'] {
  return { seq: Math.min(seq, 1), inProgress, range: isWhole && inProgress === 0 ? null : range };
}

/** Whether no step and no lock is left out of the kernel of a state. */
export function isWhole({ setup: { without = [] } }: State): boolean {
  return without.length === 0;
}

/** The state without the absolute counts of invalidations. No call is running in it. */
export function withoutCounts(state: State, isWhole: boolean): State {
  return { ...state, vms: state.vms.map((vm) => ({ ...vm, mmu: invalidation(vm.mmu, isWhole) })) };
}

/** The value with the snapshots of a VM's mmu_invalidate_seq made stale, because an invalidation has ended. */
export function withStaleSnapshots<T>(value: T, vm: number): T {
  return mapSnapshots(value, (snapshot) => (snapshot.vm === vm ? { ...snapshot, seq: -1 } : snapshot));
}
