/** Describes suspended calls: what they wait for, and why. */
import type { Event, Lock, LockKind, State, SuspendedEvent } from '../../simulator';
import { hex } from './notation';

/** Why the call is suspended at the end of these events; null if it is not. */
export function suspensionOf(events: readonly Event[]): SuspendedEvent | null {
  const last = events.at(-1);
  return last?.type === 'suspended' ? last : null;
}

/** The locks that the call waited for and has acquired, in order; `suspended` is the current suspension. */
export function waitedFor(
  suspensions: readonly SuspendedEvent[],
  suspended: SuspendedEvent | null,
): readonly LockKind[] {
  const locks = suspensions.flatMap((event) =>
    event !== suspended && event.why === 'blocked' ? [event.lock.kind] : [],
  );
  return [...new Set(locks)];
}

/** The result of a suspended call, in the form of an expectation. */
export function suspensionResult(suspended: SuspendedEvent): string {
  switch (suspended.why) {
    case 'suspended':
      return `suspended at ${suspended.step}`;
    case 'blocked':
      return `blocked on ${suspended.lock.kind}`;
    default:
      return suspended.why;
  }
}

/** The name of a lock; locks of files and pages include the file. */
export function lockText(lock: Lock, { files }: State): string {
  const nameOf = (id: number) => files.find((file) => file.id === id)?.name ?? String(id);
  switch (lock.kind) {
    case 'vcpu':
      return `vCPU ${lock.vcpu}`;
    case 'srcu':
      return 'the SRCU readers';
    case 'invalidate_lock':
      return `the ${lock.kind} of ${nameOf(lock.file)}`;
    case 'folio_lock':
      return `the ${lock.kind} of page ${hex(lock.page)} of ${nameOf(lock.file)}`;
    default:
      return lock.kind;
  }
}

/** How the holders of a lock are introduced; `held by` for all other kinds. */
const HOLDERS: Readonly<Partial<Record<LockKind, string>>> = { vcpu: 'which runs', srcu: 'including' };

function heldBy({ kind }: Lock, holders: readonly string[]): string {
  return `${HOLDERS[kind] ?? 'held by'} ${holders.join(' and ')}`;
}

/** What a call waits for, and the names of the calls that hold it. */
export function waitPhrase(lock: Lock, holders: readonly string[], state: State): string {
  return `waits for ${lockText(lock, state)}, ${heldBy(lock, holders)}`;
}

/** Why a call is suspended, in words. */
export function suspensionPhrase(suspended: SuspendedEvent, state: State): string {
  switch (suspended.why) {
    case 'suspended':
      return `suspended before ${suspended.step}`;
    case 'blocked':
      return waitPhrase(suspended.lock, suspended.holders, state);
    case 'retries':
      return `retries while ${suspended.others.join(' and ')} ${suspended.others.length === 1 ? 'is' : 'are'} suspended`;
    case 'deadlock': {
      const [first, ...others] = suspended.cycle;
      const chain = others.map(
        ({ title, lock }) => `${title}, which waits for ${lockText(lock, state)}, held by `,
      );
      return `deadlock: waits for ${lockText(suspended.lock, state)}, held by ${chain.join('')}${first.title}`;
    }
    case 'returned':
      return 'has already returned: there is no call to resume';
  }
}

/** Locks whose phrase differs from the name in expectations. */
const WAITED: Readonly<Record<string, string>> = { vcpu: 'the vCPU', srcu: 'the SRCU readers' };

/** The phrase for a lock that a call waited for. */
export function waitedPhrase(lock: string): string {
  return `waited for ${WAITED[lock] ?? lock}`;
}
