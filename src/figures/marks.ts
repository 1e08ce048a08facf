/** What figures draw of each type of event; all else in them is drawn from the states around a statement. */
import type { Event, SpteRun } from '../simulator';

type Reader<T extends Event['type']> = (event: Extract<Event, { readonly type: T }>) => readonly SpteRun[];

/** An event that no figure reads, and why. */
const nothing = (_why: string) => null;

const STATES = nothing('lanes compare the states before and after');
const NO_PLACE = nothing('it has no place in a figure; the text below has it');

/** Page-table entries that changed; null where nothing is drawn of the event. */
const ENTRIES: { readonly [T in Event['type']]: Reader<T> | null } = {
  sptes: ({ runs }) => runs,
  zap: nothing('the zapped SPTEs have their own event'),
  'zap-all': nothing('the zapped SPTEs have their own event'),
  attributes: STATES,
  'gmem-allocated': STATES,
  'gmem-freed': STATES,
  poisoned: STATES,
  'host-pages': STATES,
  slot: STATES,
  rmp: STATES,
  unaccepted: STATES,
  flush: NO_PLACE,
  fault: nothing('the statement names the range, which is marked (transition.ts)'),
  exit: NO_PLACE,
  invalidate: NO_PLACE,
  retry: NO_PLACE,
  'byte-zeroed': NO_PLACE,
  sigbus: NO_PLACE,
  notifier: NO_PLACE,
  'slot-skipped': NO_PLACE,
  refused: NO_PLACE,
  warn: NO_PLACE,
  oops: NO_PLACE,
  suspended: NO_PLACE,
  livelock: NO_PLACE,
  return: NO_PLACE,
  'direct-map-split': NO_PLACE,
  instruction: STATES,
  'guest-exception': NO_PLACE,
  read: NO_PLACE,
};

/** The page-table entries that the events changed, in their order. */
export function drawnRuns(events: readonly Event[]): readonly SpteRun[] {
  return events.flatMap((event) => (ENTRIES[event.type] as Reader<Event['type']> | null)?.(event) ?? []);
}
