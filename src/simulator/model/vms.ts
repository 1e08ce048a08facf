/** Which VM the calls are for. */
import type { State, VmState } from '../state';

/** The part of the state that is the VM's at hand. */
export function currentVm(state: State): VmState {
  const { vmId, vm, launched, dead, slots, generation, memories } = state;
  const { privateGfns, accepted, roots, vcpus, mmu } = state;
  return {
    ...{ vmId, vm, launched, dead, slots, generation, memories },
    ...{ privateGfns, accepted, roots, vcpus, mmu },
  };
}

/** Every VM of the host, the one at hand first. */
export function allVms(state: State): readonly VmState[] {
  return [currentVm(state), ...state.parked];
}

/** Parks the VM at hand, and takes up another: a new one, or one that is parked. */
export function switchTo(state: State, next: VmState): State {
  const others = state.parked.filter(({ vmId }) => vmId !== next.vmId);
  const parked = [...others, currentVm(state)].sort((a, b) => a.vmId - b.vmId);
  return { ...state, ...next, parked };
}

/** Takes up the VM with that id, where it is not at hand already. */
export function switchToId(state: State, vmId: number): State {
  const parked = state.parked.find((vm) => vm.vmId === vmId);
  return parked === undefined ? state : switchTo(state, parked);
}

/** The address space id under which an SNP guest owns memory. */
export function asidOf({ vmId }: Pick<VmState, 'vmId'>): number {
  return vmId + 1;
}
