/** Which VM a call is about: not always the one that the scenario is at. */
import type { Call } from '../simulator/calls';
import { fileByName } from '../simulator/model/state-parts';
import { allVms, switchTo, switchToId } from '../simulator/model/vms';
import { type GmemFile, newVm, type State } from '../simulator/state';

/** The file that a call is about, as it was before the call; null where it is about none, or a bad descriptor. */
export function fileOfCall(call: Call | null, before: State): GmemFile | null {
  // A new file may have the name of an earlier one.
  return call !== null && call.kind !== 'gmem' && 'name' in call ? fileByName(before, call.name) : null;
}

/** The state with the VM of that id at hand; a VM that is not there yet has nothing. */
function seenBy(state: State, vmId: number): State {
  if (allVms(state).some((vm) => vm.vmId === vmId)) return switchToId(state, vmId);
  return switchTo(state, newVm(vmId, state.vm, 0));
}

export interface Around {
  readonly before: State;
  readonly after: State;
}

/**
 * The states around a call with the VM at hand that the call is about: the one that the scenario is at after it,
 * or that of the file that it names. A hole takes mappings from the file's VM, whichever the scenario is at.
 */
export function seenByItsVm(call: Call | null, { before, after }: Around): Around {
  const vmId = fileOfCall(call, before)?.vmId ?? after.vmId;
  return { before: seenBy(before, vmId), after: seenBy(after, vmId) };
}
