/** Zaps the leaf entries of a gfn range. */
import type { SpteRun } from '../events';
import type { Machine } from '../machine';
import { forget } from '../model/acceptance';
import { zapLeaves } from '../model/page-table';
import { inRoot } from '../model/roots';
import { addressSpaceOf, putRoot } from '../model/state-parts';
import { choose, procedure, returns, step } from '../procedure';
import type { MappedLeaf, Root } from '../state';

/** Kind of memory whose mappings an invalidation zaps (attr_filter of struct kvm_gfn_range). */
export type GfnFilter = 'private' | 'shared' | 'both';

interface UnmapLocals {
  /** The slot on whose behalf KVM zaps; null if it zaps the gfns regardless of slots. */
  slot: number | null;
  start: number;
  end: number;
  filter: GfnFilter;
}

function zap(machine: Machine, locals: UnmapLocals, matches: (leaf: MappedLeaf) => boolean) {
  const { slot, start, end } = locals;
  const bound = Math.min(end, machine.kernel.gfnLimit);
  const leaves: SpteRun[] = [];
  let flush = false;
  for (const root of rootsFor(machine, locals)) {
    const change = zapLeaves(root, { start, end: bound }, matches);
    if (change.runs.length === 0) continue;
    machine.vm = putRoot(machine.vm, change.root);
    const runs = inRoot(machine.vm, root, change.runs);
    machine.emit({ type: 'sptes', order: 'parent-first', runs });
    if (root.kind === 'mirror') loseAcceptance(machine, change.runs);
    leaves.push(...runs);
    flush ||= !root.invalid;
  }
  machine.emit({ type: 'zap', slot, start, end, leaves });
  return returns(flush);
}

/** A TDX guest loses the private pages that KVM removed, and their contents. */
export function loseAcceptance(machine: Machine, runs: readonly SpteRun[]): void {
  const { accepted, lost } = forget(machine.vm.accepted, runs);
  machine.setVm({ accepted });
  for (const { start, end } of lost) machine.emit({ type: 'unaccepted', start, end });
}

function isMeant(leaf: MappedLeaf, filter: GfnFilter): boolean {
  return filter === 'both' || leaf.backing === (filter === 'private' ? 'gmem' : 'host');
}

/**
 * The roots that may map the slot: those of its address space. All roots belong to the first address space, because no
 * vCPU enters SMM. On TDX, private and shared memory have separate roots, and the filter selects among them.
 */
function rootsFor({ vm }: Machine, { slot, filter }: UnmapLocals): readonly Root[] {
  if (slot !== null && addressSpaceOf(slot) !== 0) return [];
  if (vm.type !== 'tdx' || filter === 'both') return vm.roots;
  return vm.roots.filter(({ kind }) => kind === (filter === 'private' ? 'mirror' : 'direct'));
}

/** Returns whether a TLB flush is needed, because a leaf of a valid root was zapped. */
export const unmapGfnRange = procedure<UnmapLocals>({
  name: 'kvm_unmap_gfn_range',
  source: 'arch/x86/kvm/mmu/mmu.c',
  about: 'Zaps every leaf entry that touches gfns [start, end) in all roots, huge ones as a whole.',
  locals: { slot: 0, start: 0, end: 0, filter: 'both' },
  steps: [
    choose('zap-filter', {
      all: [
        step(
          'UZ1',
          'in every root, clear each leaf that touches [start, end), private or shared; return whether to flush TLBs',
          (machine, locals) => zap(machine, locals, () => true),
        ),
      ],
      matching: [
        step(
          'UZ1',
          'in every root, clear each leaf of the kind in filter that touches [start, end); return whether to flush TLBs',
          (machine, locals) => zap(machine, locals, (leaf) => isMeant(leaf, locals.filter)),
        ),
      ],
    }),
  ],
});
