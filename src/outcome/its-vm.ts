/** Which VM a call is about: not always the one that the scenario is at. */
import type { Course } from '../language';
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

/** The VM that a call is for where it names no file: the one that it brings the scenario to, or finds it at. */
function vmOf(call: Call | null, { before, after }: Around, course: Course | undefined): number {
  if (call === null || call.kind === 'vm' || call.kind === 'switch') return after.vmId;
  if (course?.continues !== true) return before.vmId;
  return before.tasks.findLast(({ title }) => title === course.title)?.vmId ?? before.vmId;
}

/**
 * The states around a call with the VM at hand that the call is about: the one that the scenario is at, or that of the
 * file that it names. A hole takes mappings from the file's VM, whichever the scenario is at; and a call that goes on
 * is still for the VM that it began in.
 */
export function seenByItsVm(call: Call | null, around: Around, course?: Course): Around {
  const { before, after } = around;
  const vmId = fileOfCall(call, before)?.vmId ?? vmOf(call, around, course);
  return { before: seenBy(before, vmId), after: seenBy(after, vmId) };
}
