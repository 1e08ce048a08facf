/** What a statement did, in words that fit behind its line. */
import {
  type AllClaims,
  type Claims,
  type CompiledStatement,
  type Course,
  claimPhrases,
  explainRefusal,
  leavesText,
} from '../language';
import type { Call } from '../simulator/calls';
import type { Event, GuestExceptionEvent, StillEvent } from '../simulator/events';
import { PFERR_GUEST_RMP, PFERR_GUEST_VMPL } from '../simulator/model/error-code';
import { addressSpaceOf } from '../simulator/model/state-parts';
import type { Slot, State, VmState } from '../simulator/state';
import { pageOf } from '../simulator/units';
import { type Around, vmAtEnd, vmBefore } from './affected-vm';
import { unmetClaims } from './check';
import { claimsOf, exitTimes, rmpClaim } from './claims';
import { type LeafRange, leavesInSlot, removedLeaves, zapsBySlot } from './leaves';
import { accessText, leftBehindPhrases, staleAt } from './left-behind';
import { outcomeOf, resultOf } from './record';
import { coursePhrases, stillOf, stillPhrase } from './still';
import { filePagesText, gfnText, hex, rangeText } from './text';

/** A slot of one of the VMs. */
export interface SlotOfVm {
  readonly vmId: number;
  readonly slot: number;
}

export interface SlotLoss extends SlotOfVm {
  /** `lost gfn 0x90000..0x90002`. */
  readonly text: string;
}

/**
 * What kind of news a description is; of several, the one further down. `wrong`: what no kernel should do, a mapping
 * left behind or a WARN, and only historical kernels and knobs do.
 */
export type Tone = 'done' | 'zapped' | 'failed' | 'wrong';

/** What is described: of one that runs by itself, nobody has to say how it runs among others. */
export type Described = Pick<CompiledStatement, 'call' | 'expected'> & {
  readonly course?: Course | undefined;
};

/** Parts of a description, each a short phrase. */
export interface Description {
  readonly phrases: readonly string[];
  /** The same, each to be read by itself: of several zaps, every one says that it is one. */
  readonly lines: readonly string[];
  readonly tone: Tone;
  /** Whether the call failed, the vCPU left with a memory fault, or something else was claimed of it. */
  readonly failed: boolean;
  readonly lost: readonly SlotLoss[];
}

const isNotNull = <T>(value: T | null): value is T => value !== null;

/** Whether a zap in the name of a slot reached gfns that the slot does not have. */
function reachesBeyond(leaves: readonly LeafRange[], slot: Slot | undefined): boolean {
  if (slot === undefined) return false;
  const end = slot.baseGfn + slot.pages;
  return leaves.some((leaf) => leaf.start < slot.baseGfn || leaf.end > end);
}

/** What was zapped, without the word. */
function zapPhrases(events: readonly Event[], before: VmState): readonly string[] {
  const phrases = zapsBySlot(events)
    .filter(({ leaves }) => leaves.length > 0)
    .map(({ slot: id, leaves }) => {
      if (id === null) return leavesText(leaves);
      const slot = before.slots.find((candidate) => candidate.id === id);
      return `slot ${id} ${leavesText(leaves)}${reachesBeyond(leaves, slot) ? ' (BEYOND the slot)' : ''}`;
    });
  if (events.some(({ type }) => type === 'zap-all')) phrases.push('all roots: every mapping of the VM');
  return phrases;
}

function zapsBeyond(events: readonly Event[], before: VmState): boolean {
  return zapsBySlot(events).some(({ slot: id, leaves }) =>
    reachesBeyond(
      leaves,
      before.slots.find((slot) => slot.id === id),
    ),
  );
}

/** Phrases of what can be claimed in these words, where there is something to tell. */
function claimed(claims: AllClaims, ...kinds: readonly ListKind[]): readonly string[] {
  return kinds.flatMap((kind) => (claims[kind].length === 0 ? [] : claimPhrases(kind, claims[kind])));
}

type ListKind =
  | 'skipped'
  | 'mapped'
  | 'rewrote'
  | 'mmio'
  | 'freed'
  | 'allocated'
  | 'poisoned'
  | 'sigbus'
  | 'attributes'
  | 'unaccepted';

/** Why the guest got an exception. */
const EXCEPTIONS: Readonly<Record<GuestExceptionEvent['why'], string>> = {
  'not-validated': 'not validated',
  mmio: 'a hole, its handler asks for MMIO',
  'private-mmio': 'a hole, where private memory cannot be',
  'no-such-instruction': 'it has no such instruction',
};

/** What a single event says by itself. */
function eventPhrase(event: Event): string | null {
  switch (event.type) {
    case 'warn':
      return event.text;
    case 'oops':
      return `the kernel stops: ${event.text}`;
    case 'byte-zeroed':
      return `zeroed the first byte of ${event.file} page ${hex(event.page)}`;
    case 'instruction':
      return `${event.name} ${event.detail ?? event.result}`;
    default:
      return null;
  }
}

function slotRange({ baseGfn, pages }: Slot): { start: number; end: number } {
  return { start: baseGfn, end: baseGfn + pages };
}

/** What became of a memslot: where it is, and which part of which file it shows. */
function slotPhrases(events: readonly Event[], around: Around): readonly string[] {
  return events.flatMap((event) => {
    if (event.type !== 'slot') return [];
    if (event.change === 'deleted') return [`slot ${event.slot} deleted`];
    if (event.change === 'unchanged') return [`slot ${event.slot} unchanged`];
    const slot = vmAtEnd(around).slots.find(({ id }) => id === event.slot);
    if (slot === undefined) return [];
    const where = `slot ${slot.id} at ${gfnText(slotRange(slot))}`;
    if (slot.gmem?.file === null || slot.gmem?.file === undefined) return [where];
    const { file, pgoff } = slot.gmem;
    const pages = { start: pgoff, end: pgoff + slot.pages };
    return [`${where} = ${around.after.files[file]?.name} ${filePagesText([pages])}`];
  });
}

/** Without the marks that Markdown would show as code. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}

/** A call that never ends; where the RMP is the reason, that it is. */
function livelockPhrase(events: readonly Event[]): string {
  const fault = events.findLast((event) => event.type === 'fault');
  const code = fault?.errorCode ?? 0n;
  if (fault === undefined || (code & PFERR_GUEST_RMP) === 0n) return 'livelock: KVM would retry for ever';
  const level = (code & PFERR_GUEST_VMPL) === 0n ? '' : ' at its VMPL';
  return `livelock: KVM would retry for ever, as the RMP denies the guest gfn ${hex(pageOf(fault.gpa))}${level}`;
}

function resultPhrase(call: Call, events: readonly Event[], after: State): string | null {
  const still = stillOf(events);
  if (still !== null) return stillPhrase(still, after);
  const result = resultOf(events);
  const left = events.findLast((event) => event.type === 'return')?.left ?? 0n;
  const rest = left > 0n && left !== ('size' in call ? call.size : 0n) ? `, ${hex(left)} bytes left` : '';
  if (result === 'ok') return null;
  if (result === 'livelock') return livelockPhrase(events);
  // The event says more.
  if (result === 'oops') return null;
  const refused = events.findLast((event) => event.type === 'refused');
  return refused?.errno === result ? plain(explainRefusal(call, result, refused)) : `${result}${rest}`;
}

/** Why a fault started again; a call that never ends, or goes round, says so by itself. */
function retryPhrases(events: readonly Event[], still: StillEvent | null): readonly string[] {
  if (still?.why === 'retries' || events.some(({ type }) => type === 'livelock')) return [];
  return [...new Set(events.flatMap((event) => (event.type === 'retry' ? [`retried: ${event.why}`] : [])))];
}

/** A PSMASH that KVM executes shows as a change of the RMP. */
function isOwnPsmash(call: Call, event: Event): boolean {
  return (
    event.type === 'instruction' &&
    event.name === 'PSMASH' &&
    call.kind !== 'psmash' &&
    event.result === 'SUCCESS'
  );
}

/** What changed in the RMP, in the order in which it did. */
function rmpPhrases(events: readonly Event[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type === 'rmp' && event.change === 'psmash') return claimPhrases('psmash', 1);
    const claim = rmpClaim(event);
    return claim === null ? [] : claimPhrases('rmp', [claim]);
  });
}

/** What of the direct map is mapped as 4K from now on. */
function directMapPhrases(events: readonly Event[]): readonly string[] {
  const split = events.filter((event) => event.type === 'direct-map-split').map(rangeText);
  return split.length === 0 ? [] : [`direct map → 4K: pfn ${split.join(', ')}`];
}

function guestPhrases(events: readonly Event[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'guest-exception'
      ? [`guest ${event.vector} gfn ${hex(event.gfn)}: ${EXCEPTIONS[event.why]}`]
      : [],
  );
}

/** Whether to say what was read: not before anything was written, unless somebody asks. */
function isReadTold(events: readonly Event[], expected: Claims | null): boolean {
  const read = events.findLast((event) => event.type === 'read');
  return read !== undefined && (!read.plain || expected?.read !== undefined);
}

/** KVM_MAP_GPA_RANGE_ENCRYPTED: what args[2] of KVM_HC_MAP_GPA_RANGE has for private pages, counted in 4K. */
const ENCRYPTED = 0x10;

/** What the VMM is asked for, by args[1] and args[2] of the exit; null where it is not asked. */
function hypercallText(events: readonly Event[]): string | null {
  const exit = outcomeOf(events).exit;
  if (exit?.reason !== 'hypercall') return null;
  const pages = Number(BigInt(exit.size ?? 0) >> 12n);
  const times = exitTimes(events);
  return [
    `${pages} ${pages === 1 ? 'page' : 'pages'}`,
    `attributes ${hex(exit.private === true ? ENCRYPTED : 0)}`,
    ...(times > 1 ? [`${times} exits`] : []),
  ].join(', ');
}

/** How the vCPU left; a request for much memory leaves several times. */
function exitPhrases({ exit }: AllClaims, events: readonly Event[]): readonly string[] {
  if (exit === null) return [];
  const asked = hypercallText(events);
  return claimPhrases('exit', exit).map((phrase) => (asked === null ? phrase : `${phrase} (${asked})`));
}

/** What became of a slot's userspace memory, where the statement is about that. */
function hostPagePhrases(call: Call, events: readonly Event[]): readonly string[] {
  if (call.kind !== 'host' && call.kind !== 'discard') return [];
  return events.flatMap((event) =>
    event.type === 'host-pages' ? [`slot ${event.slot} memory ${filePagesText([event])}: ${event.now}`] : [],
  );
}

const LEAKED = 'not the last reference: KVM leaked one, and the file stays';

/** Whether the file of a closed descriptor stays, since KVM has a reference that it forgot. */
function isLeaked(call: Call, { files }: State): boolean {
  return call.kind === 'close' && files.findLast(({ name }) => name === call.name)?.leaked === true;
}

/** What to say of a call that left no trace in the events. */
function quietPhrase(call: Call, around: Around): string {
  switch (call.kind) {
    case 'gmem':
      return `${call.name}: ${filePagesText([{ start: 0, end: pageOf(call.size) }])}`;
    case 'punch':
      return 'nothing mapped, nothing to free';
    case 'allocate':
      return 'all pages were there';
    case 'convert':
      return 'no attribute changed';
    case 'fault':
      return `no fault: ${accessText(call, around)}`;
    case 'prefault':
      return 'all of it was mapped';
    case 'close':
      return isLeaked(call, around.after) ? LEAKED : `${call.name} had no pages`;
    case 'host':
      return 'the page was there';
    default:
      return 'ok';
  }
}

/**
 * What a description tells besides what can be claimed: why a call was refused, what became of slots, of userspace
 * memory and of the bookkeeping, and whether an access reached a page that is gone.
 */
export function remarksOf(call: Call, events: readonly Event[], around: Around): readonly string[] {
  return [
    resultPhrase(call, events, around.after),
    ...slotPhrases(events, around),
    // What a call has not come to yet is not left behind.
    ...(stillOf(events) === null ? leftBehindPhrases(around) : []),
    ...hostPagePhrases(call, events),
    ...events.map(eventPhrase),
    quietPhrase(call, around),
  ].filter(isNotNull);
}

function losses(events: readonly Event[], before: VmState): readonly SlotLoss[] {
  const removed = removedLeaves(events);
  return before.slots
    .filter(({ id }) => addressSpaceOf(id) === 0)
    .flatMap((slot) => {
      const leaves = leavesInSlot(removed, slot);
      return leaves.length === 0
        ? []
        : [{ vmId: before.id, slot: slot.id, text: `lost ${leavesText(leaves)}` }];
    });
}

/** What a call did that no kernel should. */
function wentWrong(call: Call, events: readonly Event[], around: Around): boolean {
  const access = call.kind === 'fault' && resultOf(events) === 'ok';
  return (
    events.some(({ type }) => type === 'warn' || type === 'oops' || type === 'byte-zeroed') ||
    resultOf(events) === 'livelock' ||
    resultOf(events) === 'deadlock' ||
    zapsBeyond(events, vmBefore(around)) ||
    isLeaked(call, around.after) ||
    (access && staleAt(pageOf(call.gpa), around) !== undefined)
  );
}

/**
 * Describes what a statement did, wholly or so far, to the VM that it affects. `around` are the states around `events`;
 * `finished` is false while the statement is still on its way.
 */
export function describe(
  { call, course, expected }: Described,
  events: readonly Event[],
  around: Around,
  finished = true,
): Description {
  const { after } = around;
  const still = stillOf(events);
  const result = finished ? resultPhrase(call, events, after) : null;
  const zaps = zapPhrases(events, vmBefore(around));
  const leftBehind = finished && still === null ? leftBehindPhrases(around) : [];
  const claims = claimsOf(events, around);
  const unmet = finished && expected !== null ? unmetClaims(expected, claims) : [];
  const withZaps = (zapped: readonly string[]) => [
    ...unmet.map((claim) => `NOT AS CLAIMED (${claim.expected})`),
    result,
    ...(course === undefined ? [] : coursePhrases(course, events, finished)),
    ...retryPhrases(events, still),
    ...zapped,
    // A call that retries may say the same again and again.
    ...new Set(claimed(claims, 'skipped', 'mapped', 'rewrote', 'mmio')),
    ...slotPhrases(events, around),
    ...leftBehind,
    ...claimed(claims, 'freed', 'allocated', 'poisoned', 'sigbus'),
    ...rmpPhrases(events),
    ...directMapPhrases(events),
    ...hostPagePhrases(call, events),
    // The handler in the guest asks for what the vCPU leaves with.
    ...new Set(guestPhrases(events)),
    ...(isReadTold(events, expected) ? claimPhrases('read', claims.read) : []),
    ...exitPhrases(claims, events),
    ...claimed(claims, 'attributes', 'unaccepted'),
    ...new Set(events.filter((event) => !isOwnPsmash(call, event)).map(eventPhrase)),
    claims.faults > 1 ? `${claims.faults} faults` : null,
    claims.flush ? 'flush' : null,
  ];
  // What goes on has done its part before: that nothing is left to tell says nothing.
  const quiet = finished ? [course?.continues === true ? 'ok' : quietPhrase(call, around)] : [];
  const told = (all: readonly (string | null)[]) => {
    const phrases = all.filter(isNotNull);
    return phrases.length === 0 ? quiet : phrases;
  };
  // A failure that was claimed is as it should be.
  const stops = still?.why === 'stands' || still?.why === 'waits' || still?.why === 'retries';
  const fails = (result !== null && !stops) || claims.result === 'oops';
  const failed = unmet.length > 0 || (fails && expected === null);
  const wrong = leftBehind.length > 0 || wentWrong(call, events, around);
  const tone = wrong ? 'wrong' : failed ? 'failed' : zaps.length > 0 ? 'zapped' : 'done';
  return {
    phrases: told(withZaps(zaps.map((zap, at) => (at === 0 ? `zapped ${zap}` : zap)))),
    lines: told(withZaps(zaps.map((zap) => `zapped ${zap}`))),
    tone,
    failed,
    lost: losses(events, vmBefore(around)),
  };
}
