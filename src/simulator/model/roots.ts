/** Which TDP roots a vCPU runs on. Facts: arch/x86/kvm/mmu/tdp_mmu.c, kvm_tdp_mmu_alloc_root. */
import type { SpteRun } from '../events';
import type { Root, State, Vcpu, VmState } from '../state';
import { emptyRoot } from './page-table';
import { putVcpu, rootById, vcpuOf } from './state-parts';
import { putVm, vmOf } from './vms';

/** The kind of root that maps private or shared memory: on TDX, private memory has page tables of its own. */
export function rootKind({ type }: Pick<VmState, 'type'>, isPrivate: boolean): Root['kind'] {
  return type === 'tdx' && isPrivate ? 'mirror' : 'direct';
}

/** The changes of a root, with its kind where a VM has roots of two kinds. */
export function inRoot(
  { type }: Pick<VmState, 'type'>,
  { kind }: Pick<Root, 'kind'>,
  runs: readonly SpteRun[],
): readonly SpteRun[] {
  return type === 'tdx' ? runs.map((run) => ({ ...run, root: kind })) : runs;
}

/**
 * The vCPU's root of a kind; undefined if it has none, or if a zap of all roots made it obsolete. Only TDX has a mirror
 * root: see rootKind().
 */
export function validRoot(vm: VmState, vcpu: number, kind: Root['kind'] = 'direct'): Root | undefined {
  const { root, mirrorRoot } = vcpuOf(vm, vcpu);
  const found = rootById(vm, kind === 'mirror' ? mirrorRoot : root);
  return found?.invalid === false ? found : undefined;
}

/** Loads the VM's newest valid root of the kind, or a new one without entries. */
function load(
  state: State,
  vmId: number,
  vcpu: number,
  kind: Root['kind'],
  into: 'root' | 'mirrorRoot',
): State {
  const vm = vmOf(state, vmId);
  const shared = vm.roots.find((root) => !root.invalid && root.kind === kind);
  const parts = (id: number): Partial<Vcpu> => (into === 'root' ? { root: id } : { mirrorRoot: id });
  if (shared !== undefined) return putVm(state, putVcpu(vm, vcpu, parts(shared.id)));
  const root = emptyRoot(state.next.root, kind);
  const next = { ...state.next, root: root.id + 1 };
  const loaded = putVcpu({ ...vm, roots: [root, ...vm.roots] }, vcpu, parts(root.id));
  return putVm({ ...state, next }, loaded);
}

/** Loads the roots that the vCPU needs. */
export function loadRoot(state: State, vmId: number, vcpu: number): State {
  const loaded = load(state, vmId, vcpu, 'direct', 'root');
  return vmOf(state, vmId).type === 'tdx' ? load(loaded, vmId, vcpu, 'mirror', 'mirrorRoot') : loaded;
}
