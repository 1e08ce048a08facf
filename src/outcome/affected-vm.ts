/** Which VM a call affects: not always the one that the scenario is at. */
import {
  type Call,
  fileByName,
  type GmemFile,
  newVm,
  type State,
  type VmState,
  vmAfter,
  vmOf,
} from '../simulator';
/** The file that a call is about, as it was before the call; null where it is about none, or a bad descriptor. */
export function fileOfCall(call: Call | null, before: State): GmemFile | null {
  // A new file may have the name of an earlier one.
  return call !== null && call.kind !== 'gmem' && 'name' in call ? fileByName(before, call.name) : null;
}

/** The states around what a call did, and the VM that it affects. */
export interface Around {
  readonly before: State;
  readonly after: State;
  readonly vmId: number;
}

/**
 * The VM of the file that the call names: a hole takes mappings from that one, whichever the scenario is at. Else the VM
 * that the call is for, or leads the scenario to.
 * @param vmId The VM that the call is for.
 */
function affectedVm(call: Call | null, states: Omit<Around, 'vmId'>, vmId: number): number {
  const { before, after } = states;
  const file = fileOfCall(call, before);
  if (file !== null) return file.vmId;
  // A VM that is not made yet is not affected.
  const leads = call?.kind === 'switch' || (call?.kind === 'vm' && after.vms.length > before.vms.length);
  return call !== null && leads ? vmAfter(call, vmId, after) : vmId;
}

/** The states around a call, with the VM that it affects. @param vmId The VM that the call is for. */
export function aroundCall(call: Call | null, before: State, after: State, vmId: number): Around {
  return { before, after, vmId: affectedVm(call, { before, after }, vmId) };
}

/** The affected VM before the call; one that the call made had nothing. */
export function vmBefore({ before, after, vmId }: Around): VmState {
  return before.vms[vmId] ?? newVm(vmId, vmOf(after, vmId).type, 0);
}

/** The affected VM after the call. */
export function vmAtEnd({ after, vmId }: Around): VmState {
  return vmOf(after, vmId);
}
