/** Explains the cause of a nested page fault. */
import { type FaultCause, NO_CAUSE } from '../../simulator';

const PARTS = Object.keys(NO_CAUSE) as readonly (keyof FaultCause)[];

/** Causes are recognized by their fields: locals of several names hold them. */
export function isFaultCause(value: object): value is FaultCause {
  return Object.keys(value).length === PARTS.length && PARTS.every((part) => part in value);
}

function accessText({ write, exec }: FaultCause): string {
  if (write) return 'write';
  return exec ? 'exec' : 'read';
}

function spteText({ present, rsvd, pending }: FaultCause): string {
  if (pending) return 'mapped, not accepted by the guest';
  if (rsvd) return 'reserved bit in the SPTE';
  return present ? 'mapped' : 'not mapped';
}

/** `private write, mapped, forbidden by the RMP`: the access, the SPTE, and what refused the access. */
export function causeText(cause: FaultCause): string {
  const { rmp, sizem, vmpl } = cause;
  return [
    `${cause.private ? 'private' : 'shared'} ${accessText(cause)}`,
    spteText(cause),
    rmp ? 'forbidden by the RMP' : null,
    sizem ? 'the RMP entry is larger than the page' : null,
    vmpl ? 'no such permission of the VMPL' : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
