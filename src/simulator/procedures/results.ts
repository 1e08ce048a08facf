/** How procedures end: with an errno for their caller, or with a result for the scenario. */
import type { Errno } from '../errno';
import type { Refusal } from '../events';
import type { Machine } from '../machine';
import { type Control, returns } from '../procedure';

/** Returns an errno to the caller, and reports the reason. */
export function refuse(machine: Machine, errno: Errno, reason: Refusal, otherSlot?: number): Control {
  machine.emit({ type: 'refused', reason, errno, ...(otherSlot === undefined ? {} : { otherSlot }) });
  return returns(errno);
}

/** Returns the result of a system call to the scenario: an errno, or null for success. */
export function finish(machine: Machine, result: Errno | null): Control {
  machine.emit({ type: 'return', result: result ?? 'ok' });
  return returns();
}

/** Ends a system call with an errno, and reports the reason. */
export function reject(machine: Machine, errno: Errno, reason: Refusal): Control {
  refuse(machine, errno, reason);
  return finish(machine, errno);
}
