/** Reads the outcome of a statement, as data, off its events. */
import {
  type Event,
  type ExitEvent,
  firstOf,
  INITIAL_VMSA_GFN,
  lockName,
  type RmpEvent,
  spteChanges,
} from '../../simulator';
import { resultOf } from '../events/result';
import { type EventsFor, readAll } from '../events/routes';
import { type Hypercall, mapGpaRangeAttributes } from '../hypercall';
import { hex, letters } from '../text/notation';
import { suspensionOf, waitedFor } from '../text/suspension';
import type { ExitRecord, Outcome, RmpRecord, SpteRecord } from './outcome';

/** Maximum number of entries in a record: a statement can change 10^9 entries. */
export const MAX_SPTES = 65_536;

/** Merges the exits of one conversion request into one exit. */
function hypercall(events: readonly ExitEvent[], last: Hypercall): ExitRecord {
  const all = events.filter((event) => event.reason === 'hypercall');
  const sum = (numbers: readonly bigint[]) => numbers.reduce((left, right) => left + right, 0n);
  const times = all.reduce((left, exit) => left + exit.times, 0);
  return {
    reason: 'hypercall',
    private: last.private,
    gpa: hex(all[0]?.gpa ?? last.gpa),
    size: hex(sum(all.map(({ size }) => size))),
    ...(times === 1 ? {} : { times }),
    requests: all.map((exit) => [
      hex(exit.gpa),
      hex(exit.size),
      hex(mapGpaRangeAttributes(exit)),
      exit.times,
    ]),
  };
}

function exitOf(events: readonly ExitEvent[]): ExitRecord | undefined {
  const exit = events.at(-1);
  switch (exit?.reason) {
    case undefined:
      return undefined;
    case 'memory-fault':
      return { reason: 'memory-fault', private: exit.private, gpa: hex(exit.gpa), size: hex(exit.size) };
    case 'hypercall':
      return hypercall(events, exit);
    case 'mmio':
      return { reason: 'mmio', gpa: hex(exit.gpa), write: exit.write };
    case 'internal-error':
    case 'fail-entry':
      return { reason: exit.reason };
  }
}

function sptesOf(walks: EventsFor<'json', 'sptes'>): readonly SpteRecord[] {
  const sptes: SpteRecord[] = [];
  for (const walk of walks) {
    for (const { gfn, level, from, to, root } of spteChanges(walk)) {
      if (sptes.length >= MAX_SPTES) return sptes;
      const change = [hex(gfn), level, letters(from), letters(to)] as const;
      sptes.push(root === undefined ? change : [...change, root]);
    }
  }
  return sptes;
}

function entryCount(runs: readonly { start: number; end: number; level: number }[]): number {
  return runs.reduce((sum, { start, end, level }) => {
    const span = 512 ** (level - 1);
    return sum + Math.ceil(end / span) - Math.floor(start / span);
  }, 0);
}

function rmpChange({ change, gfn }: RmpEvent): RmpRecord[3] {
  return change === 'private' && gfn === INITIAL_VMSA_GFN ? 'VMSA' : change;
}

/** Undefined for an empty list, so that its key is left out. */
function some<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

type Reader<K extends keyof Outcome> = (
  events: EventsFor<'json', K>,
  all: readonly Event[],
) => Outcome[K] | undefined;

/** All keys, in the order of the JSON; a reader that returns undefined leaves its key out. */
const KEYS: { readonly [K in keyof Required<Outcome>]: Reader<K> } = {
  // The step or the lock is in `suspended`.
  result: (_, all) => firstOf(resultOf(all).split(' ', 1)),
  exit: exitOf,
  left: (returns) => {
    const left = returns.at(-1)?.left;
    return left === undefined ? undefined : hex(left);
  },
  faults: (faults) => faults.map(({ gpa, errorCode }) => [hex(gpa), hex(errorCode)]),
  sptes: sptesOf,
  flush: (flushes) => flushes.length > 0,
  poisoned: (events) => some(events.map(({ file, page }) => [file, hex(page), 1] as const)),
  sigbus: (events) => some(events.map(({ slot, gfn }) => [slot, hex(gfn)] as const)),
  rmp: (events) =>
    some(
      events.map(
        (event) =>
          [hex(event.start), event.end - event.start, event.level, rmpChange(event), event.asid] as const,
      ),
    ),
  directMap: (events) => some(events.map(({ start, end }) => [hex(start), end - start] as const)),
  instruction: (events) => {
    const last = events.findLast(({ byKvm }) => byKvm === undefined);
    if (last === undefined) return undefined;
    const { name, result, detail } = last;
    return { name, result, ...(detail === null ? {} : { detail }) };
  },
  guest: (exceptions) => exceptions.at(-1)?.vector,
  unaccepted: (events) => some(events.map(({ start, end }) => [hex(start), end - start] as const)),
  read: (reads) => {
    const read = reads.at(-1);
    if (read === undefined || read.plain) return undefined;
    return typeof read.value === 'number' ? hex(read.value) : read.value;
  },
  suspended: (_, all) => {
    const suspended = suspensionOf(all);
    switch (suspended?.why) {
      case 'suspended':
        return { step: suspended.step };
      case 'blocked':
        return { lock: lockName(suspended.lock), because: suspended.holders };
      case 'retries':
        return { because: suspended.others };
      case 'deadlock':
        return { lock: lockName(suspended.lock), because: suspended.cycle.map(({ title }) => title) };
      default:
        return undefined;
    }
  },
  waited: (suspensions, all) => some(waitedFor(suspensions, suspensionOf(all))),
  sptesCut: (walks) => {
    const cut = walks.reduce((sum, { runs }) => sum + entryCount(runs), 0) - MAX_SPTES;
    return cut > 0 ? cut : undefined;
  },
};

export function outcomeOf(events: readonly Event[]): Outcome {
  const entries = readAll('json', KEYS, events, events);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as unknown as Outcome;
}
