/** Which TDP roots a vCPU runs on. Facts: arch/x86/kvm/mmu/tdp_mmu.c, kvm_tdp_mmu_alloc_root. */
import type { Root, State, Vcpu } from '../state';
import { emptyRoot } from './page-table';
import { putVcpu, rootById, vcpuOf } from './state-parts';

/** Which root has private, or shared, memory: private memory of a TDX guest has page tables of its own. */
export function rootKind({ vm }: Pick<State, 'vm'>, isPrivate: boolean): Root['kind'] {
  return vm === 'tdx' && isPrivate ? 'mirror' : 'direct';
}

/**
 * The vCPU's root of a kind; undefined where it has none, or one that a zap of all roots made obsolete. The mirror root
 * is of TDX: see rootKind().
 */
export function validRoot(state: State, vcpu: number, kind: Root['kind'] = 'direct'): Root | undefined {
  const { root, mirrorRoot } = vcpuOf(state, vcpu);
  const found = rootById(state, kind === 'mirror' ? mirrorRoot : root);
  return found?.invalid === false ? found : undefined;
}

/** Loads the newest valid root of the kind that the VM has, or a new one without entries. */
function load(state: State, vcpu: number, kind: Root['kind'], into: 'root' | 'mirrorRoot'): State {
  const shared = state.roots.find((root) => !root.invalid && root.kind === kind);
  const parts = (id: number): Partial<Vcpu> => (into === 'root' ? { root: id } : { mirrorRoot: id });
  if (shared !== undefined) return putVcpu(state, vcpu, parts(shared.id));
  const root = emptyRoot(state.next.root, kind);
  const next = { ...state.next, root: root.id + 1 };
  return putVcpu({ ...state, roots: [root, ...state.roots], next }, vcpu, parts(root.id));
}

/** Loads what roots the vCPU needs. */
export function loadRoot(state: State, vcpu: number): State {
  const loaded = load(state, vcpu, 'direct', 'root');
  return state.vm === 'tdx' ? load(loaded, vcpu, 'mirror', 'mirrorRoot') : loaded;
}
