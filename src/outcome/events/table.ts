/**
 * The uses of each type of event: which expectations, keys of the JSON, parts of the text and details read it. Parts of
 * the text add more keys to the JSON (../json/told.ts). Readers receive only the events that this table names for them
 * (routes.ts), and the compiler requires every column for a new event. Layers above have their own columns: what can be
 * watched (src/expressions/changes.ts), what figures draw (src/figures/marks.ts), and what an editor reports
 * (src/lsp/background-run/remarks.ts).
 */
import type { ObservedOutcome } from '../../language';
import type { Event } from '../../simulator';
import type { Outcome } from '../json/outcome';
import type { PartKind } from '../text/part';

export interface EventColumns {
  readonly expectations: readonly (keyof ObservedOutcome)[];
  readonly json: readonly (keyof Outcome)[];
  /** `lost` is printed on the line of the slot that lost mappings. */
  readonly text: readonly (PartKind | 'lost')[];
  /** What hovers list below the text, and what comparisons compare. */
  readonly details: readonly ('faults' | 'zaps' | 'entries')[];
}

/** A column that does not read the event, and the reason. */
const nothing = (_why: string): readonly [] => [];

const TEXT_ADDS_IT = nothing('the part of the text adds its key');
const NO_DETAIL = nothing('the text is complete');

export const EVENTS = {
  sptes: {
    expectations: ['mapped', 'rewrote', 'mmio'],
    json: ['sptes', 'sptesCut'],
    text: ['mapped', 'rewrote', 'mmio', 'lost'],
    details: ['entries'],
  },
  zap: { expectations: ['zapped'], json: TEXT_ADDS_IT, text: ['zapped'], details: ['zaps'] },
  'zap-all': { expectations: ['zapped'], json: TEXT_ADDS_IT, text: ['zapped'], details: ['zaps'] },
  flush: { expectations: ['flush'], json: ['flush'], text: ['flush'], details: NO_DETAIL },
  fault: { expectations: ['faults'], json: ['faults'], text: ['result', 'faults'], details: ['faults'] },
  exit: { expectations: ['exit'], json: ['exit'], text: ['exit'], details: NO_DETAIL },
  invalidate: {
    expectations: nothing('bookkeeping; a retry or a livelock shows its effect'),
    json: nothing('bookkeeping that recordings of real kernels do not have'),
    text: nothing('only a leak is reported, and the states before and after the call show it'),
    details: nothing('bookkeeping'),
  },
  retry: {
    expectations: ['retried'],
    json: TEXT_ADDS_IT,
    text: ['retried'],
    details: NO_DETAIL,
  },
  'gmem-allocated': {
    expectations: ['allocated'],
    json: TEXT_ADDS_IT,
    text: ['allocated'],
    details: NO_DETAIL,
  },
  'gmem-freed': {
    expectations: ['freed'],
    json: TEXT_ADDS_IT,
    text: ['freed'],
    details: NO_DETAIL,
  },
  'byte-zeroed': {
    expectations: nothing('a bug of one historical kernel; a later read finds the byte'),
    json: TEXT_ADDS_IT,
    text: ['noted'],
    details: NO_DETAIL,
  },
  poisoned: { expectations: ['poisoned'], json: ['poisoned'], text: ['poisoned'], details: NO_DETAIL },
  sigbus: { expectations: ['sigbus'], json: ['sigbus'], text: ['sigbus'], details: NO_DETAIL },
  attributes: {
    expectations: ['attributes'],
    json: TEXT_ADDS_IT,
    text: ['attributes'],
    details: NO_DETAIL,
  },
  notifier: {
    expectations: nothing('the zaps that it leads to can be expected'),
    json: nothing('the zaps that it leads to show'),
    text: nothing('the zaps that it leads to show'),
    details: nothing('the zaps that it leads to show'),
  },
  'host-pages': {
    expectations: nothing('it is userspace memory, not what KVM does'),
    json: TEXT_ADDS_IT,
    text: ['host-pages'],
    details: NO_DETAIL,
  },
  slot: {
    expectations: nothing('a call that succeeds does what it names'),
    json: TEXT_ADDS_IT,
    text: ['slots'],
    details: NO_DETAIL,
  },
  'slot-skipped': {
    expectations: ['skipped'],
    json: TEXT_ADDS_IT,
    text: ['skipped'],
    details: NO_DETAIL,
  },
  refused: {
    expectations: nothing('the errno can be expected, not its reason'),
    json: TEXT_ADDS_IT,
    text: ['result'],
    details: NO_DETAIL,
  },
  warn: {
    expectations: ['warn'],
    json: TEXT_ADDS_IT,
    text: ['noted'],
    details: NO_DETAIL,
  },
  oops: { expectations: ['result'], json: ['result'], text: ['noted'], details: NO_DETAIL },
  suspended: {
    expectations: ['result', 'waited'],
    json: ['suspended', 'waited'],
    text: nothing('the result says why it is suspended, and the expectations what it waited for'),
    details: NO_DETAIL,
  },
  livelock: { expectations: ['result'], json: ['result'], text: ['result', 'retried'], details: NO_DETAIL },
  return: {
    expectations: ['result', 'left'],
    json: ['result', 'left'],
    text: ['result'],
    details: NO_DETAIL,
  },
  rmp: { expectations: ['rmp', 'psmash'], json: ['rmp'], text: ['rmp'], details: NO_DETAIL },
  'direct-map-split': {
    expectations: nothing('a side effect of an RMPUPDATE of 4K that follows from its range'),
    json: ['directMap'],
    text: ['direct-map'],
    details: NO_DETAIL,
  },
  instruction: {
    expectations: ['instruction'],
    json: ['instruction'],
    text: ['noted'],
    details: NO_DETAIL,
  },
  'guest-exception': { expectations: ['guest'], json: ['guest'], text: ['guest'], details: NO_DETAIL },
  unaccepted: {
    expectations: ['unaccepted'],
    json: ['unaccepted'],
    text: ['unaccepted'],
    details: NO_DETAIL,
  },
  read: { expectations: ['read', 'readsPlain'], json: ['read'], text: ['read'], details: NO_DETAIL },
} as const satisfies { readonly [T in Event['type']]: EventColumns };
