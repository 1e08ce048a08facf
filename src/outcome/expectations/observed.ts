/** Reads the complete outcome of a statement, in the form of expectations, off its events. */
import type {
  ExitExpectation,
  FilePagesExpectation,
  LeafExpectation,
  ObservedOutcome,
  RmpExpectation,
  RootGfnsExpectation,
} from '../../language';
import {
  commonEnds,
  type Event,
  type ExitEvent,
  type FilePagesEvent,
  firstOf,
  INITIAL_VMSA_GFN,
  type Range,
  type RmpEvent,
  type StaleRange,
  staleMappings,
} from '../../simulator';
import type { Around } from '../affected-vm';
import { type LeafRange, mappedLeaves, mmioGfns, rewrittenLeaves, zapsBySlot } from '../events/leaves';
import { resultOf } from '../events/result';
import { type EventsFor, readAll } from '../events/routes';
import { suspensionOf, waitedFor } from '../text/suspension';

function hypercalls(events: readonly ExitEvent[]) {
  return events.filter((event) => event.reason === 'hypercall');
}

/** How many times a conversion request exits to userspace. */
export function exitTimes(events: readonly ExitEvent[]): number {
  return hypercalls(events).reduce((sum, { times }) => sum + times, 0);
}

function exitOf(events: readonly ExitEvent[]): ExitExpectation | null {
  const exit = events.at(-1);
  switch (exit?.reason) {
    case undefined:
      return null;
    case 'memory-fault':
      return { reason: exit.reason, private: exit.private, gpa: exit.gpa };
    case 'hypercall':
      // A request for a large range exits several times: the first exit has its start.
      return { reason: exit.reason, private: exit.private, gpa: firstOf(hypercalls(events)).gpa };
    case 'mmio':
      return { reason: 'mmio', write: exit.write, gpa: exit.gpa };
    case 'internal-error':
    case 'fail-entry':
      return { reason: exit.reason };
  }
}

function leafExpectation({ writable, ...leaf }: LeafRange): LeafExpectation {
  return { ...leaf, rights: writable ? 'rwx' : 'r-x' };
}

function plain({ start, end }: Range): Range {
  return { start, end };
}

/** Gfns, with the root on TDX. */
function rootGfns({ start, end, root }: RootGfnsExpectation): RootGfnsExpectation {
  return root === undefined ? { start, end } : { start, end, root };
}

/** Pages that were allocated or freed, by file. */
function filePages(events: readonly FilePagesEvent[]): readonly FilePagesExpectation[] {
  const byFile = new Map<string, Range[]>();
  for (const event of events) {
    const pages = byFile.get(event.file);
    if (pages === undefined) byFile.set(event.file, [plain(event)]);
    else pages.push(plain(event));
  }
  return [...byFile].map(([file, pages]) => ({ file, pages }));
}

/** The change of RMP entries; null for a PSMASH. */
export function rmpExpectation({ start, end, level, change, asid, gfn }: RmpEvent): RmpExpectation | null {
  if (change === 'psmash') return null;
  const entries = (end - start) / (level === 2 ? 512 : 1);
  if (change !== 'private') return { entries, level, to: change, asid: null };
  return { entries, level, to: gfn === INITIAL_VMSA_GFN ? 'VMSA' : change, asid };
}

/** By the states around a statement: its text and its expectations both ask. */
const staleAround = new WeakMap<Around, readonly StaleRange[]>();

/** The mappings that became stale with this statement. */
export function newlyStale(around: Around): readonly StaleRange[] {
  const found = staleAround.get(around) ?? findNewlyStale(around);
  staleAround.set(around, found);
  return found;
}

function findNewlyStale({ before, after, vmId }: Around): readonly StaleRange[] {
  // A VM that the statement created had no stale mappings before.
  const known = vmId < before.vms.length ? staleMappings(before, vmId) : [];
  const now = staleMappings(after, vmId, before);
  if (now === known) return [];
  // Two lists with the same thousands of ranges, or nearly.
  const { head, tail } = commonEnds(known, now);
  return now
    .slice(head, now.length - tail)
    .filter(
      ({ start, end, root }) =>
        !known.some((range) => range.root === root && range.start <= start && range.end >= end),
    );
}

/** All events of a statement, and the states before and after them. */
interface Happened {
  readonly all: readonly Event[];
  readonly around: Around;
}

type Reader<K extends keyof ObservedOutcome> = (
  events: EventsFor<'expectations', K>,
  happened: Happened,
) => ObservedOutcome[K];

/** Reads each expectation off the events that the table names for it. */
const READERS: { readonly [K in keyof ObservedOutcome]-?: Reader<K> } = {
  result: (_, { all }) => resultOf(all),
  left: (returns) => returns.at(-1)?.left ?? 0n,
  exit: exitOf,
  zapped: (events) => {
    const zaps = zapsBySlot(events.filter((event) => event.type === 'zap'));
    const zapsAll = events.some(({ type }) => type === 'zap-all');
    return [
      ...zaps.filter(({ leaves }) => leaves.length > 0),
      ...(zapsAll ? [{ slot: null, leaves: [] }] : []),
    ];
  },
  skipped: (events) => events.map(({ slot }) => slot),
  waited: (suspensions, { all }) => waitedFor(suspensions, suspensionOf(all)),
  retried: (retries) => retries.length > 0,
  mapped: (walks) => mappedLeaves(walks).map(leafExpectation),
  rewrote: (walks) => rewrittenLeaves(walks).map(leafExpectation),
  mmio: (walks) => mmioGfns(walks).map(rootGfns),
  stale: (_, { around }) => newlyStale(around).map(rootGfns),
  freed: filePages,
  allocated: filePages,
  // A memory failure affects one page.
  poisoned: (events) => events.map(({ file, page }) => ({ file, pages: [{ start: page, end: page + 1 }] })),
  sigbus: (events) => events.map(({ slot, gfn }) => ({ slot, gfn })),
  attributes: (events) => events.map((event) => ({ to: event.to, ...plain(event) })),
  unaccepted: (events) => events.map(plain),
  rmp: (events) => events.map(rmpExpectation).filter((expectation) => expectation !== null),
  psmash: (events) => events.filter(({ change }) => change === 'psmash').length,
  instruction: (events) => {
    const last = events.findLast(({ byKvm }) => byKvm === undefined);
    return last === undefined ? undefined : { name: last.name, result: last.result };
  },
  guest: (events) => events.map(({ vector, gfn }) => ({ vector: vector.slice(1), gfn })),
  read: (reads) => reads.at(-1)?.value,
  readsPlain: (reads) => reads.at(-1)?.plain === true,
  faults: (faults) => faults.length,
  flush: (flushes) => flushes.length > 0,
  warn: (warns) => warns.length > 0,
};

/** @param around The states before and after `events`. */
export function observedOutcome(events: readonly Event[], around: Around): ObservedOutcome {
  const outcome: Record<string, unknown> = {};
  for (const [name, value] of readAll('expectations', READERS, events, { all: events, around }))
    if (value !== undefined) outcome[name] = value;
  return outcome as unknown as ObservedOutcome;
}
