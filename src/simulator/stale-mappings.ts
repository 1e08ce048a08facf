/**
 * The stale mappings of a VM, found from those of an earlier state: a scenario with thousands of leaves asks for them before
 * and after each of thousands of statements.
 */
import { vmOf } from './model/vms';
import { differing } from './range-changes';
import { type Extent, intersects, touching } from './ranges';
import { type StaleRange, staleOfWrong, wrongInExtent } from './stale';
import { type Mapping, type MappingChanges, mappingChanges } from './stale-changes';
import type { Leaf, Root, State, VmState } from './state';

/** A range that a leaf maps wrongly. */
interface Wrong {
  readonly leaf: Extent<Leaf>;
  readonly range: StaleRange;
}

/** What is wrong in a root, whatever calls are pending. */
interface WrongRoot {
  readonly root: Root;
  /** In the order of the gfns. */
  readonly wrong: readonly Wrong[];
  /** The ranges of `wrong`. */
  readonly ranges: readonly StaleRange[];
}

function wrongRoot(root: Root, wrong: readonly Wrong[]): WrongRoot {
  const sorted = wrong.toSorted((a, b) => a.range.start - b.range.start);
  return { root, wrong: sorted, ranges: sorted.map(({ range }) => range) };
}

function wrongOfLeaf(mapping: Mapping, root: Root, leaf: Extent<Leaf>): readonly Wrong[] {
  return wrongInExtent(mapping, mapping.vm, root, leaf).map((range) => ({ leaf, range }));
}

/** The pages that a leaf maps, as the bounds of a range of pfns. */
function pfnsOf({ start, end, value }: Extent<Leaf>): readonly [number, number] {
  const frame = value.kind === 'mapped' && value.frame !== 'zero' ? value.frame : 0;
  return [start + frame, end + frame];
}

/** What is wrong in a root, from what was wrong earlier: looks only at leaves for which something may have changed. */
function wrongSince(before: WrongRoot, mapping: Mapping, root: Root, changes: MappingChanges): WrongRoot {
  const { leaves } = root;
  const changed = differing(before.root.leaves, leaves);
  const suspects = new Set(changed.after);
  const old = new Set(changed.before);
  for (const { start, end } of changes.gfns) {
    for (const leaf of touching(leaves, start, end)) suspects.add(leaf);
  }
  const kept = before.wrong.filter(({ leaf }) => {
    if (suspects.has(leaf) || old.has(leaf)) return false;
    // Why the leaf is wrong depends on what has its pages.
    if (!intersects(changes.pfns, ...pfnsOf(leaf))) return true;
    suspects.add(leaf);
    return false;
  });
  const found = [...suspects].flatMap((leaf) => wrongOfLeaf(mapping, root, leaf));
  if (found.length === 0 && kept.length === before.wrong.length) return { ...before, root };
  return wrongRoot(root, [...kept, ...found]);
}

/** What is wrong in the valid roots of a VM, and what it depends on. */
interface WrongVm extends Mapping {
  readonly roots: readonly WrongRoot[];
  /** What is stale in this state; calls may be pending in it. */
  readonly state: State;
  readonly stale: readonly StaleRange[];
}

/**
 * What is known of the VMs that were asked about last, the latest first: a VM after one statement is the VM before the
 * next. A WeakMap of all VMs costs several times as much as the search itself, in garbage collection.
 */
let latest: readonly WrongVm[] = [];

/** Enough for a scenario with several VMs. */
const KEPT = 8;

function knownOf(vm: VmState | undefined): WrongVm | undefined {
  return vm && latest.find((known) => known.vm === vm);
}

function rootsOf(mapping: Mapping, before: WrongVm | undefined): readonly WrongRoot[] {
  const changes = before && mappingChanges(before, mapping);
  return mapping.vm.roots
    .filter(({ invalid }) => !invalid)
    .map((root): WrongRoot => {
      const earlier = before?.roots.find((one) => one.root.id === root.id);
      if (earlier && changes) return wrongSince(earlier, mapping, root, changes);
      return wrongRoot(
        root,
        root.leaves.flatMap((leaf) => wrongOfLeaf(mapping, root, leaf)),
      );
    });
}

/**
 * The stale mappings in the valid roots of a VM.
 * @param before An earlier state that has the VM: if its stale mappings are known, only what changed is looked at.
 */
export function staleMappings(state: State, vmId: number, before?: State): readonly StaleRange[] {
  const vm = vmOf(state, vmId);
  const same = knownOf(vm);
  if (same?.state === state) return same.stale;
  const { files, vms } = state;
  const mapping = { vm, files, vms };
  const roots = rootsOf(mapping, same ?? knownOf(before?.vms[vmId]));
  const [first, ...others] = roots.map(({ root, ranges }) => staleOfWrong(state, vm, root, ranges));
  const stale = others.length === 0 ? (first ?? []) : [first ?? [], ...others].flat();
  const found: WrongVm = { ...mapping, roots, state, stale };
  latest = [found, ...latest.filter((known) => known !== same)].slice(0, KEPT);
  return stale;
}
