/** Calls that stand still among others: what they wait for, and what there is to say of them. */
import type { Event, StillEvent } from '../../simulator/events';
import type { State } from '../../simulator/state';
import { hex } from './notation';

/** Why the call stands still where these events end; null where it does not. */
export function stillOf(events: readonly Event[]): StillEvent | null {
  const last = events.at(-1);
  return last?.type === 'still' ? last : null;
}

/** What kind of lock it is, without what it belongs to: `invalidate_lock`. */
export function lockKind(lock: string): string {
  return lock.split(' ', 1)[0]!;
}

/** The locks that the call waited for and has by now, in its order; `still` says why it is suspended now. */
export function waitedFor(stills: readonly StillEvent[], still: StillEvent | null): readonly string[] {
  const locks = stills.flatMap((event) =>
    event !== still && event.why === 'waits' ? [lockKind(event.lock)] : [],
  );
  return [...new Set(locks)];
}

/** How a call that stands still is said to: as one claims it. */
export function stillResult(still: StillEvent): string {
  switch (still.why) {
    case 'stands':
      return `stands at ${still.step}`;
    case 'waits':
      return `waits ${lockKind(still.lock)}`;
    default:
      return still.why;
  }
}

/** A lock as people know it: those of files and pages by the file. */
export function lockText(lock: string, { files }: State): string {
  const [kind, of] = lock.split(' ');
  const nameOf = (id: string) => files.find((file) => file.id === Number(id))?.name ?? id;
  switch (kind) {
    case 'vcpu':
      return `vCPU ${of}`;
    case 'srcu':
      return 'the SRCU readers';
    case 'invalidate_lock':
      return `the ${kind} of ${nameOf(of!)}`;
    case 'folio_lock': {
      const [file, page] = of!.split(':');
      return `the ${kind} of page ${hex(Number(page))} of ${nameOf(file!)}`;
    }
    default:
      return lock;
  }
}

/** What holders do with a lock. */
function heldBy(lock: string, holders: readonly string[]): string {
  const verb = lock.startsWith('vcpu') ? 'which is in' : lock === 'srcu' ? 'of which' : 'held by';
  const rest = lock === 'srcu' ? (holders.length === 1 ? ' is one' : ' are some') : '';
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
