/** Why the CPU left the guest with a nested page fault, in words. */
import { type FaultCause, NO_CAUSE } from '../../simulator/model/error-code';

const PARTS = Object.keys(NO_CAUSE) as readonly (keyof FaultCause)[];

/** Causes are known by their parts: locals of several names hold them. */
export function isFaultCause(value: object): value is FaultCause {
  return Object.keys(value).length === PARTS.length && PARTS.every((part) => part in value);
}

function accessText({ write, exec }: FaultCause): string {
  if (write) return 'write';
  return exec ? 'exec' : 'read';
}

/** `private write, forbidden by the RMP, its entry is larger than the page`. */
export function causeText(cause: FaultCause): string {
  const { present, rsvd, rmp, sizem, vmpl } = cause;
  return [
    `${cause.private ? 'private' : 'shared'} ${accessText(cause)}`,
    rsvd ? 'reserved bit in the SPTE' : present ? 'mapped' : 'not mapped',
    rmp ? 'forbidden by the RMP' : null,
    sizem ? 'the RMP entry is larger than the page' : null,
    vmpl ? 'no such permission of the VMPL' : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
