/** Calls that stand still among others: what they wait for, and what there is to say of them. */
import type { Event, Lock, LockKind, State, StillEvent } from '../../simulator';
import { hex } from './notation';

/** Why the call stands still where these events end; null where it does not. */
export function stillOf(events: readonly Event[]): StillEvent | null {
  const last = events.at(-1);
  return last?.type === 'still' ? last : null;
}

/** The locks that the call waited for and has by now, in its order; `still` says why it is suspended now. */
export function waitedFor(stills: readonly StillEvent[], still: StillEvent | null): readonly LockKind[] {
  const locks = stills.flatMap((event) =>
    event !== still && event.why === 'waits' ? [event.lock.kind] : [],
  );
  return [...new Set(locks)];
}

/** How a call that stands still is said to: as one claims it. */
export function stillResult(still: StillEvent): string {
  switch (still.why) {
    case 'stands':
      return `stands at ${still.step}`;
    case 'waits':
      return `waits ${still.lock.kind}`;
    default:
      return still.why;
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

/** Why a call stands still, in words. */
export function stillPhrase(still: StillEvent, state: State): string {
  switch (still.why) {
    case 'stands':
      return `stands still before ${still.step}`;
    case 'waits':
      return `waits for ${lockText(still.lock, state)}, ${heldBy(still.lock, still.holders)}`;
    case 'retries':
      return `retries while ${still.others.join(' and ')} stand${still.others.length === 1 ? 's' : ''} still`;
    case 'deadlock': {
      const [first, ...others] = still.cycle;
      const chain = others.map(
        ({ title, lock }) => `${title}, which waits for ${lockText(lock, state)}, held by `,
      );
      return `deadlock: waits for ${lockText(still.lock, state)}, held by ${chain.join('')}${first!.title}`;
    }
    case 'returned':
      return 'has returned before: there is nothing to go on with';
  }
}

/** What is called otherwise in words than in a claim. */
const WAITED: Readonly<Record<string, string>> = { vcpu: 'the vCPU', srcu: 'the SRCU readers' };

/** A kind of lock that a call waited for, in words. */
export function waitedPhrase(lock: string): string {
  return `waited for ${WAITED[lock] ?? lock}`;
}
