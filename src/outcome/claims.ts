/** Everything that can be claimed of what a statement did: read off its events. */
import type { AllClaims, ExitClaim, FilePagesClaim, LeafClaim, RmpClaim } from '../language';
import type { Event, ExitEvent } from '../simulator/events';
import type { Range } from '../simulator/ranges';
import { INITIAL_VMSA_GFN } from '../simulator/rmp/firmware';
import { type StaleRange, staleMappings } from '../simulator/stale';
import type { Around } from './affected-vm';
import { type LeafRange, mappedLeaves, mmioGfns, rewrittenLeaves, zapsBySlot } from './leaves';
import { resultOf } from './record';
import { stillOf, waitedFor } from './still';

type Hypercall = Extract<ExitEvent, { reason: 'hypercall' }>;

function hypercalls(events: readonly Event[]): readonly Hypercall[] {
  return events.filter((event): event is Hypercall => event.type === 'exit' && event.reason === 'hypercall');
}

/** How often a request to convert memory leaves for userspace. */
export function exitTimes(events: readonly Event[]): number {
  return hypercalls(events).reduce((sum, { times }) => sum + times, 0);
}

function exitOf(events: readonly Event[]): ExitClaim | null {
  const exit = events.findLast((event) => event.type === 'exit');
  switch (exit?.reason) {
    case undefined:
      return null;
    case 'memory-fault':
      return { reason: exit.reason, private: exit.private, gpa: exit.gpa };
    case 'hypercall':
      // A request for much memory leaves several times: it begins where the first exit says.
      return { reason: exit.reason, private: exit.private, gpa: hypercalls(events)[0]!.gpa };
    case 'mmio':
      return { reason: 'mmio', write: exit.write, gpa: exit.gpa };
    default:
      return { reason: 'internal-error' };
  }
}

function leafClaim({ start, end, level, writable }: LeafRange): LeafClaim {
  return { start, end, level, rights: writable ? 'rwx' : 'r-x' };
}

function plain({ start, end }: Range): Range {
  return { start, end };
}

/** Pages that entered or left files, by file. */
function filePages(
  events: readonly Event[],
  type: 'gmem-freed' | 'gmem-allocated',
): readonly FilePagesClaim[] {
  const byFile = new Map<string, Range[]>();
  for (const event of events) {
    if (event.type !== type) continue;
    byFile.set(event.file, [...(byFile.get(event.file) ?? []), plain(event)]);
  }
  return [...byFile].map(([file, pages]) => ({ file, pages }));
}

/** A memory failure is in one page. */
function poisonedPages(events: readonly Event[]): readonly FilePagesClaim[] {
  return events.flatMap((event) =>
    event.type === 'poisoned'
      ? [{ file: event.file, pages: [{ start: event.page, end: event.page + 1 }] }]
      : [],
  );
}

/** What an event did to the RMP; null for other events, and for a PSMASH. */
export function rmpClaim(event: Event): RmpClaim | null {
  if (event.type !== 'rmp' || event.change === 'psmash') return null;
  const { start, end, level, change, asid } = event;
  const entries = (end - start) / (level === 2 ? 512 : 1);
  if (change !== 'private') return { entries, level, to: change, asid: null };
  return { entries, level, to: event.gfn === INITIAL_VMSA_GFN ? 'VMSA' : change, asid };
}

/** What this statement should have taken away: stale mappings that were not so before it. */
export function newlyStale({ before, after, vmId }: Around): readonly StaleRange[] {
  // A VM that the statement made had none.
  const known = vmId < before.vms.length ? staleMappings(before, vmId) : [];
  return staleMappings(after, vmId).filter(
    ({ start, end }) => !known.some((range) => range.start <= start && range.end >= end),
  );
}

/** @param around The states around `events`. */
export function claimsOf(events: readonly Event[], around: Around): AllClaims {
  const zaps = zapsBySlot(events).filter(({ leaves }) => leaves.length > 0);
  const zapsAll = events.some(({ type }) => type === 'zap-all');
  const read = events.findLast((event) => event.type === 'read');
  const instruction = events.findLast((event) => event.type === 'instruction');
  return {
    result: resultOf(events),
    left: events.findLast((event) => event.type === 'return')?.left ?? 0n,
    exit: exitOf(events),
    zapped: [...zaps, ...(zapsAll ? [{ slot: null, leaves: [] }] : [])],
    skipped: events.flatMap((event) => (event.type === 'slot-skipped' ? [event.slot] : [])),
    waited: waitedFor(events),
    retried: events.some(({ type }) => type === 'retry'),
    mapped: mappedLeaves(events).map(leafClaim),
    rewrote: rewrittenLeaves(events).map(leafClaim),
    mmio: mmioGfns(events).map(plain),
    // What it has not come to yet is not left behind.
    stale: stillOf(events) === null ? newlyStale(around).map(plain) : [],
    freed: filePages(events, 'gmem-freed'),
    allocated: filePages(events, 'gmem-allocated'),
    poisoned: poisonedPages(events),
    sigbus: events.flatMap((event) =>
      event.type === 'sigbus' ? [{ slot: event.slot, gfn: event.gfn }] : [],
    ),
    attributes: events.flatMap((event) =>
      event.type === 'attributes' ? [{ to: event.to, ...plain(event) }] : [],
    ),
    unaccepted: events.filter((event) => event.type === 'unaccepted').map(plain),
    rmp: events.map(rmpClaim).filter((claim) => claim !== null),
    psmash: events.filter((event) => event.type === 'rmp' && event.change === 'psmash').length,
    ...(instruction === undefined
      ? {}
      : { instruction: { name: instruction.name, result: instruction.result } }),
    guest: events.flatMap((event) =>
      event.type === 'guest-exception' ? [{ vector: event.vector.slice(1), gfn: event.gfn }] : [],
    ),
    ...(read === undefined ? {} : { read: read.value }),
    readsPlain: read?.plain === true,
    faults: events.filter(({ type }) => type === 'fault').length,
    flush: events.some(({ type }) => type === 'flush'),
    warn: events.some(({ type }) => type === 'warn'),
  };
}
