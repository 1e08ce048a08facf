/** Zaps the leaf entries of a gfn range. */
import type { SpteRun } from '../events';
import { elementAt } from '../known';
import type { Machine } from '../machine';
import { forget } from '../model/acceptance';
import { type RootChange, zapLeaves } from '../model/page-table';
import { inRoot } from '../model/roots';
import { addressSpaceOf, putRoot, rootById } from '../model/state-parts';
import { type Control, choose, goto, procedure, returns, step } from '../procedure';
import type { MappedLeaf, Root } from '../state';
import { pagesPer } from '../units';
import { mmuLock } from './locks';

/** Kind of memory whose mappings an invalidation zaps (attr_filter of struct kvm_gfn_range). */
export type GfnFilter = 'private' | 'shared' | 'both';

interface UnmapLocals {
  /** The slot on whose behalf KVM zaps; null if it zaps the gfns regardless of slots. */
  slot: number | null;
  start: number;
  end: number;
  filter: GfnFilter;
  /** The walk has dropped mmu_lock at least once. */
  yields: boolean;
  /** Ids of the roots that are left, the first of them from gfn `at` on. */
  roots: readonly number[];
  at: number;
  leaves: readonly SpteRun[];
  flush: boolean;
}

type Matches = (leaf: MappedLeaf, filter: GfnFilter) => boolean;

/**
 * A walk over more entries than this never drops mmu_lock, so that the cost of a zap depends on what is mapped and not on the
 * number of pages. The kernel drops it when its time slice is over, or another CPU waits for it.
 */
export const MOST_YIELDS = 64;

/** Zaps leaves of one root; an invalid root needs no flush. */
function clear(machine: Machine, locals: UnmapLocals, { root, runs }: RootChange): void {
  if (runs.length === 0) return;
  machine.vm = putRoot(machine.vm, root);
  const zapped = inRoot(machine.vm, root, runs);
  machine.emit({ type: 'sptes', order: 'parent-first', runs: zapped });
  if (root.kind === 'mirror') loseAcceptance(machine, runs);
  locals.leaves = [...locals.leaves, ...zapped];
  locals.flush ||= !root.invalid;
}

function finish(machine: Machine, { slot, start, end, leaves, flush }: UnmapLocals): Control {
  machine.emit({ type: 'zap', slot, start, end, leaves });
  return returns(flush);
}

/** What is left to zap in each root. */
function remaining({ vm, kernel }: Machine, locals: UnmapLocals, matches: Matches): readonly RootChange[] {
  const { roots, start, at, end, filter } = locals;
  return roots.flatMap((id, index) => {
    const root = rootById(vm, id);
    if (root === undefined) return [];
    const range = { start: index === 0 ? at : start, end: Math.min(end, kernel.gfnLimit) };
    const change = zapLeaves(root, range, (leaf) => matches(leaf, filter));
    return change.runs.length === 0 ? [] : [change];
  });
}

function countOf(changes: readonly RootChange[]): number {
  return changes
    .flatMap(({ runs }) => runs)
    .reduce((sum, { start, end, level }) => sum + (end - start) / pagesPer(level), 0);
}

/** Zaps everything, or, if other calls may run in the middle, the next leaf. */
function zap(machine: Machine, locals: UnmapLocals, matches: Matches): Control | undefined {
  if (!locals.yields) {
    locals.roots = rootsFor(machine, locals).map(({ id }) => id);
    locals.at = locals.start;
  }
  const changes = remaining(machine, locals, matches);
  const count = countOf(changes);
  if (count < 2 || (!locals.yields && (!machine.task.pagewise || count > MOST_YIELDS))) {
    for (const change of changes) clear(machine, locals, change);
    return finish(machine, locals);
  }
  locals.yields = true;
  const first = elementAt(changes, 0);
  const run = elementAt(first.runs, 0);
  const root = rootById(machine.vm, first.root.id) ?? first.root;
  const leaf = { start: run.start, end: run.start + pagesPer(run.level) };
  const change = zapLeaves(root, leaf, (candidate) => matches(candidate, locals.filter));
  clear(machine, locals, change);
  locals.roots = locals.roots.slice(locals.roots.indexOf(root.id));
  locals.at = leaf.end;
  return undefined;
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
  locals: {
    ...{ slot: 0, start: 0, end: 0, filter: 'both' },
    ...{ yields: false, roots: [], at: 0, leaves: [], flush: false },
  },
  steps: [
    choose('zap-filter', {
      all: [
        step(
          'UZ1',
          'in every root, clear each leaf that touches [start, end), private or shared; return whether to flush TLBs. Between two leaves, mmu_lock may be dropped (UZ2)',
          (machine, locals) => zap(machine, locals, () => true),
        ),
      ],
      matching: [
        step(
          'UZ1',
          'in every root, clear each leaf of the kind in filter that touches [start, end); return whether to flush TLBs. Between two leaves, mmu_lock may be dropped (UZ2)',
          (machine, locals) => zap(machine, locals, isMeant),
        ),
      ],
    }),
    step(
      'UZ2',
      'flush the TLBs of all vCPUs if a leaf was zapped; drop mmu_lock (tdp_mmu_iter_cond_resched)',
      (machine, locals) => {
        if (locals.flush) machine.emit({ type: 'flush' });
        locals.flush = false;
        return undefined;
      },
      { drops: mmuLock('write') },
    ),
    step('UZ3', 'take mmu_lock again; continue with the next leaf (UZ1)', () => goto('UZ1'), {
      takes: mmuLock('write'),
    }),
  ],
});
