/** Determines the VM that a call affects, which is not always the current VM of the scenario. */
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
/** The file that a call names, before the call; null if it names none, or a bad descriptor. */
export function fileOfCall(call: Call | null, before: State): GmemFile | null {
  // A new file may have the name of an earlier one.
  return call !== null && call.kind !== 'gmem' && 'name' in call ? fileByName(before, call.name) : null;
}

/** The states before and after a call, and the affected VM. */
export interface Around {
  readonly before: State;
  readonly after: State;
  readonly vmId: number;
}

/**
 * The VM of the file that the call names, because a hole zaps mappings of that VM; otherwise the VM of the call, or the
 * VM to which the call switches.
 * @param vmId The VM of the call.
 */
function affectedVm(call: Call | null, states: Omit<Around, 'vmId'>, vmId: number): number {
  const { before, after } = states;
  const file = fileOfCall(call, before);
  if (file !== null) return file.vmId;
  // A VM that has not been created yet is not affected.
  const leads = call?.kind === 'switch' || (call?.kind === 'vm' && after.vms.length > before.vms.length);
  return call !== null && leads ? vmAfter(call, vmId, after) : vmId;
}

/** The states before and after a call, with the affected VM. @param vmId The VM of the call. */
export function aroundCall(call: Call | null, before: State, after: State, vmId: number): Around {
  return { before, after, vmId: affectedVm(call, { before, after }, vmId) };
}

/** The affected VM before the call; empty if the call created it. */
export function vmBefore({ before, after, vmId }: Around): VmState {
  return before.vms[vmId] ?? newVm(vmId, vmOf(after, vmId).type, 0);
}

/** The affected VM after the call. */
export function vmAtEnd({ after, vmId }: Pick<Around, 'after' | 'vmId'>): VmState {
  return vmOf(after, vmId);
}
