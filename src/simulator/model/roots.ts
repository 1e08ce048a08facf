/** Which TDP root a vCPU runs on. Facts: arch/x86/kvm/mmu/tdp_mmu.c, kvm_tdp_mmu_alloc_root. */
import type { Root, State } from '../state';
import { emptyRoot } from './page-table';
import { putVcpu, rootById, vcpuOf } from './state-parts';

/** The vCPU's root; undefined where it has none, or one that a zap of all roots made obsolete. */
export function validRoot(state: State, vcpu: number): Root | undefined {
  const root = rootById(state, vcpuOf(state, vcpu).root);
  return root?.invalid === false ? root : undefined;
}

/** Loads the newest valid root of the VM, or a new one without entries. */
export function loadRoot(state: State, vcpu: number): State {
  const shared = state.roots.find(({ invalid }) => !invalid);
  if (shared !== undefined) return putVcpu(state, vcpu, { root: shared.id });
  const root = emptyRoot(state.next.root);
  const next = { ...state.next, root: root.id + 1 };
  return putVcpu({ ...state, roots: [root, ...state.roots], next }, vcpu, { root: root.id });
}
