/** What a statement did, as one JSON object (`run --json`). */
import type { Event, ExitEvent, ReturnEvent } from '../simulator/events';
import { lockName } from '../simulator/lock';
import { spteChanges } from '../simulator/sptes';
import { stillOf, stillResult, waitedFor } from './still';
import { hex, letters } from './text';

export type RmpRecord = readonly [pfn: string, pages: number, level: number, change: string, asid: number];

export interface ExitRecord {
  readonly reason: 'memory-fault' | 'mmio' | 'hypercall' | 'internal-error';
  readonly private?: boolean;
  readonly gpa?: string;
  readonly size?: string;
  readonly times?: number;
  readonly write?: boolean;
}

/** One changed entry: first gfn, level, from, to. */
export type SpteRecord = readonly [gfn: string, level: number, from: string, to: string];

export interface StillRecord {
  readonly step?: string;
  readonly lock?: string;
  readonly because?: readonly string[];
}

/** The keys that recordings of real kernels have too; their order is that of the JSON. */
export interface Outcome {
  readonly result: string;
  readonly exit?: ExitRecord;
  readonly left?: string;
  readonly faults: readonly (readonly [gpa: string, errorCode: string])[];
  readonly sptes: readonly SpteRecord[];
  readonly flush: boolean;
  /** Pages that were poisoned: file, first page, number of pages. */
  readonly poisoned?: readonly (readonly [file: string, page: string, pages: number])[];
  /** SIGBUS that the VMM got: slot, and gfn whose userspace address it has. */
  readonly sigbus?: readonly (readonly [slot: number, gfn: string])[];
  /** Changes of the RMP: first pfn, number of pages, level, what they became, ASID. */
  readonly rmp?: readonly RmpRecord[];
  /** What of the direct map is mapped as 4K from now on: first pfn, number of pages. */
  readonly directMap?: readonly (readonly [pfn: string, pages: number])[];
  /** The instruction on the RMP that the statement is about. */
  readonly instruction?: { readonly name: string; readonly result: string; readonly detail?: string };
  /** An exception that the guest got, and the host did not see. */
  readonly guest?: string;
  /** What a TDX guest had accepted and lost: first gfn, number of pages. */
  readonly unaccepted?: readonly (readonly [gfn: string, pages: number])[];
  /** What an access read, once a value was written: four bytes in hex, or `ciphertext`, `given`, `freed`. */
  readonly read?: string;
  /** Of a call that stands still, where it does or what it waits for, and because of which calls. */
  readonly still?: StillRecord;
  /** What the call waited for, and has by now. */
  readonly waited?: readonly string[];
  /** How many changes `sptes` leaves out: they are cut after MAX_SPTES. */
  readonly sptesCut?: number;
}

/** Entries that a record lists at most: a change of a thousand million entries must still be printable. */
export const MAX_SPTES = 65_536;

function returned(events: readonly Event[]): ReturnEvent | undefined {
  return events.findLast((event) => event.type === 'return');
}

/**
 * Result as the scenario sees it: `ok`, an errno, `livelock`, or `oops` where the kernel itself stopped; and of a call
 * that stands still, how it does.
 */
export function resultOf(events: readonly Event[]): string {
  const still = stillOf(events);
  if (still !== null) return stillResult(still);
  if (events.some((event) => event.type === 'oops')) return 'oops';
  if (events.some((event) => event.type === 'livelock')) return 'livelock';
  return returned(events)?.result ?? 'ok';
}

type Hypercall = Extract<ExitEvent, { reason: 'hypercall' }>;

/** The exits of one request to convert memory, as one: what they ask for together. */
function hypercall(events: readonly Event[], last: Hypercall): ExitRecord {
  const all = events.filter(
    (event): event is Hypercall => event.type === 'exit' && event.reason === 'hypercall',
  );
  const sum = (numbers: readonly bigint[]) => numbers.reduce((left, right) => left + right, 0n);
  const times = all.reduce((left, exit) => left + exit.times, 0);
  return {
    reason: 'hypercall',
    private: last.private,
    gpa: hex(all[0]?.gpa ?? last.gpa),
    size: hex(sum(all.map(({ size }) => size))),
    ...(times === 1 ? {} : { times }),
  };
}

function exitOf(events: readonly Event[]): ExitRecord | undefined {
  const exit = events.findLast((event) => event.type === 'exit');
  switch (exit?.reason) {
    case undefined:
      return undefined;
    case 'memory-fault':
      return { reason: 'memory-fault', private: exit.private, gpa: hex(exit.gpa), size: hex(exit.size) };
    case 'hypercall':
      return hypercall(events, exit);
    case 'mmio':
      return { reason: 'mmio', gpa: hex(exit.gpa), write: exit.write };
    default:
      return { reason: 'internal-error' };
  }
}

function sptesOf(events: readonly Event[]): { sptes: SpteRecord[]; cut: number } {
  const sptes: SpteRecord[] = [];
  let cut = 0;
  for (const event of events) {
    if (event.type !== 'sptes') continue;
    if (sptes.length >= MAX_SPTES) {
      cut += entryCount(event.runs);
      continue;
    }
    let listed = 0;
    for (const { gfn, level, from, to } of spteChanges(event)) {
      if (sptes.length >= MAX_SPTES) {
        cut += entryCount(event.runs) - listed;
        break;
      }
      sptes.push([hex(gfn), level, letters(from), letters(to)]);
      listed++;
    }
  }
  return { sptes, cut };
}

function entryCount(runs: readonly { start: number; end: number; level: number }[]): number {
  return runs.reduce((sum, { start, end, level }) => {
    const span = 512 ** (level - 1);
    return sum + Math.ceil(end / span) - Math.floor(start / span);
  }, 0);
}

/** The keys that only memory failures have. */
function poisonKeys(events: readonly Event[]): Pick<Outcome, 'poisoned' | 'sigbus'> {
  const poisoned = events
    .filter((event) => event.type === 'poisoned')
    .map(({ file, page }) => [file, hex(page), 1] as const);
  const sigbus = events
    .filter((event) => event.type === 'sigbus')
    .map(({ slot, gfn }) => [slot, hex(gfn)] as const);
  return {
    ...(poisoned.length === 0 ? {} : { poisoned }),
    ...(sigbus.length === 0 ? {} : { sigbus }),
  };
}

/** The keys that only statements of SEV-SNP and TDX have. */
function rmpKeys(
  events: readonly Event[],
): Pick<Outcome, 'rmp' | 'directMap' | 'instruction' | 'guest' | 'unaccepted'> {
  const rmp = events
    .filter((event) => event.type === 'rmp')
    .map(({ start, end, level, change, asid }): RmpRecord => [hex(start), end - start, level, change, asid]);
  const directMap = events
    .filter((event) => event.type === 'direct-map-split')
    .map(({ start, end }) => [hex(start), end - start] as const);
  const unaccepted = events
    .filter((event) => event.type === 'unaccepted')
    .map(({ start, end }) => [hex(start), end - start] as const);
  const instruction = events.findLast((event) => event.type === 'instruction');
  const exception = events.findLast((event) => event.type === 'guest-exception');
  return {
    ...(rmp.length === 0 ? {} : { rmp }),
    ...(directMap.length === 0 ? {} : { directMap }),
    ...(instruction === undefined
      ? {}
      : {
          instruction: {
            name: instruction.name,
            result: instruction.result,
            ...(instruction.detail === null ? {} : { detail: instruction.detail }),
          },
        }),
    ...(exception === undefined ? {} : { guest: exception.vector }),
    ...(unaccepted.length === 0 ? {} : { unaccepted }),
  };
}

function readOf(events: readonly Event[]): Pick<Outcome, 'read'> {
  const read = events.findLast((event) => event.type === 'read');
  if (read === undefined || read.plain) return {};
  return { read: typeof read.value === 'number' ? hex(read.value) : read.value };
}

function stillKeys(events: readonly Event[]): Pick<Outcome, 'still' | 'waited'> {
  const still = stillOf(events);
  const waited = waitedFor(events);
  const more = waited.length === 0 ? {} : { waited };
  switch (still?.why) {
    case 'stands':
      return { still: { step: still.step }, ...more };
    case 'waits':
      return { still: { lock: lockName(still.lock), because: still.holders }, ...more };
    case 'retries':
      return { still: { because: still.others }, ...more };
    case 'deadlock':
      return {
        still: { lock: lockName(still.lock), because: still.cycle.map(({ title }) => title) },
        ...more,
      };
    default:
      return more;
  }
}

export function outcomeOf(events: readonly Event[]): Outcome {
  const exit = exitOf(events);
  const left = returned(events)?.left;
  const { sptes, cut } = sptesOf(events);
  return {
    // Where it stands, or what it waits for, is told by itself.
    result: resultOf(events).split(' ', 1)[0]!,
    ...(exit === undefined ? {} : { exit }),
    ...(left === undefined ? {} : { left: hex(left) }),
    faults: events
      .filter((event) => event.type === 'fault')
      .map(({ gpa, errorCode }) => [hex(gpa), hex(errorCode)] as const),
    sptes,
    flush: events.some((event) => event.type === 'flush'),
    ...poisonKeys(events),
    ...rmpKeys(events),
    ...readOf(events),
    ...stillKeys(events),
    ...(cut === 0 ? {} : { sptesCut: cut }),
  };
}
