/** Calls that are suspended among others: what they wait for, and what there is to say of them. */
import type { Event, Lock, LockKind, State, SuspendedEvent } from '../../simulator';
import { hex } from './notation';

/** Why the call is suspended where these events end; null where it does not. */
export function suspensionOf(events: readonly Event[]): SuspendedEvent | null {
  const last = events.at(-1);
  return last?.type === 'suspended' ? last : null;
}

/** The locks that the call waited for and has by now, in its order; `suspended` says why it is suspended now. */
export function waitedFor(
  suspensions: readonly SuspendedEvent[],
  suspended: SuspendedEvent | null,
): readonly LockKind[] {
  const locks = suspensions.flatMap((event) =>
    event !== suspended && event.why === 'blocked' ? [event.lock.kind] : [],
  );
  return [...new Set(locks)];
}

/** How a call that is suspended is said to: as one expectations it. */
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

/** A lock as people know it: those of files and pages by the file. */
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

/** What holders do with a lock. */
function heldBy({ kind }: Lock, holders: readonly string[]): string {
  const verb = kind === 'vcpu' ? 'which is in' : kind === 'srcu' ? 'of which' : 'held by';
  const rest = kind === 'srcu' ? (holders.length === 1 ? ' is one' : ' are some') : '';
  return `${verb} ${holders.join(' and ')}${rest}`;
}

/** Why a call is suspended, in words. */
export function suspensionPhrase(suspended: SuspendedEvent, state: State): string {
  switch (suspended.why) {
    case 'suspended':
      return `suspended before ${suspended.step}`;
    case 'blocked':
      return `waits for ${lockText(suspended.lock, state)}, ${heldBy(suspended.lock, suspended.holders)}`;
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
      return 'has returned before: there is nothing to resume';
  }
}

/** What is called otherwise in words than in an expectation. */
const WAITED: Readonly<Record<string, string>> = { vcpu: 'the vCPU', srcu: 'the SRCU readers' };

/** A kind of lock that a call waited for, in words. */
export function waitedPhrase(lock: string): string {
  return `waited for ${WAITED[lock] ?? lock}`;
}
