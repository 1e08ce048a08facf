/**
 * The numbers of a state that grow without bound although steps only compare them: generations of memslots, epochs of
 * SRCU and ids of roots. A step looks whether two generations or two ids are equal, and which of two epochs is older.
 */
import { mapParts } from './model/map-parts';
import { swapActiveMemslots } from './procedures/memslot-update';
import { unmapGfnRange } from './procedures/unmap';
import type { Frame, LockHolder, MmioLeaf, Root, Vcpu } from './state';

/** New numbers for old ones. */
export interface Numbering {
  readonly generation: (generation: number, vm: number) => number;
  readonly epoch: (epoch: number) => number;
  readonly root: (id: number) => number;
}

function isMmioLeaf(value: object): value is MmioLeaf {
  return (value as Partial<MmioLeaf>).kind === 'mmio';
}

/** A value of a VM with the generations of its MMIO SPTEs renumbered. */
function renumberedLeaves<T>(value: T, vm: number, { generation }: Numbering): T {
  return mapParts(value, isMmioLeaf, (leaf) => ({ ...leaf, generation: generation(leaf.generation, vm) }));
}

export function renumberedRoots(roots: readonly Root[], vm: number, to: Numbering): readonly Root[] {
  return roots.map((root) => ({ ...renumberedLeaves(root, vm, to), id: to.root(root.id) }));
}

export function renumberedVcpu(vcpu: Vcpu, vm: number, to: Numbering): Vcpu {
  const { root, mirrorRoot, mmioCache } = vcpu;
  return {
    ...vcpu,
    root: root === null ? null : to.root(root),
    mirrorRoot: mirrorRoot === null ? null : to.root(mirrorRoot),
    mmioCache:
      mmioCache === null ? null : { ...mmioCache, generation: to.generation(mmioCache.generation, vm) },
  };
}

export function renumberedLocks(locks: readonly LockHolder[], { epoch }: Numbering): readonly LockHolder[] {
  return locks.map((held) => (held.lock.kind === 'srcu' ? { ...held, epoch: epoch(held.epoch) } : held));
}

/** A frame of a running call. Locals that are no longer numbers stay as they are. */
export function renumberedFrame(frame: Frame, to: Numbering): Frame {
  const locals: Record<string, unknown> = { ...renumberedLeaves(frame.locals, frame.vmId, to) };
  const { epoch, roots } = locals;
  // 0 before the grace period has begun.
  if (frame.procedure === swapActiveMemslots.name && typeof epoch === 'number' && epoch > 0) {
    locals.epoch = to.epoch(epoch);
  }
  if (frame.procedure === unmapGfnRange.name && Array.isArray(roots)) locals.roots = roots.map(to.root);
  return { ...frame, locals };
}
