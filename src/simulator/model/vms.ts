/** Finds and replaces the VMs of a host. */
import type { State, Task, VmState } from '../state';

/** A VM, and the state of its host. */
export interface HostedVm {
  readonly state: State;
  readonly vm: VmState;
}

/** @throws Error if the host has no such VM; the language checks VM numbers. */
export function vmOf({ vms }: Pick<State, 'vms'>, id: number): VmState {
  const vm = vms[id];
  if (vm === undefined) throw new Error(`the host has no VM ${id}`);
  return vm;
}

/** The VM with that id, and the state of its host. */
export function hostedVm(state: State, id: number): HostedVm {
  return { state, vm: vmOf(state, id) };
}

/** Replaces the VM with that id, or adds it as the last one. */
export function putVm(state: State, vm: VmState): State {
  const vms = [...state.vms];
  vms[vm.id] = vm;
  return { ...state, vms };
}

/** The VM that the next step of a task works on. */
export function vmIdOfNextStep({ stack, vmId }: Task): number {
  return stack.at(-1)?.vmId ?? vmId;
}

/** The ASID of a guest; on TDX, it stands for the guest's key. */
export function asidOf(vmId: number): number {
  return vmId + 1;
}
