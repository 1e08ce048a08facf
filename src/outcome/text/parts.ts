/** The one list of what is said of a statement: inline texts, hovers, figures and comparisons are made of it. */
import { type AllClaims, type Claims, type CompiledStatement, type Course, leavesText } from '../../language';
import type { Call, Event, ExitEvent, GuestExceptionEvent, Slot, StillEvent } from '../../simulator';
import { type Around, vmBefore } from '../affected-vm';
import { type LeafRange, zapsBySlot } from '../events/leaves';
import { type EventsFor, readAll } from '../events/routes';
import { unmetClaims } from '../expectations/check';
import { claimsOf, exitTimes, rmpClaim } from '../expectations/claims';
import { leftBehindParts } from './left-behind';
import { filePagesText, hex, rangeText } from './notation';
import { expectable, expectableItems, once, type Part, type PartKind, remark } from './part';
import { quietPart } from './quiet';
import { resultParts } from './result';
import { slotPhrases } from './slots';
import { stillOf, waitedPhrase } from './still';

/** What is described: of one that runs by itself, nobody has to say how it runs among others. */
export type Described = Pick<CompiledStatement, 'call' | 'expected'> & {
  readonly course?: Course | undefined;
};

/** A statement that ran, wholly or so far, seen by the VM that it affects. */
export interface Ran {
  readonly call: Call;
  readonly course: Course | null;
  readonly expected: Claims | null;
  /** The states around `events`, with the affected VM. */
  readonly around: Around;
  readonly events: readonly Event[];
  readonly finished: boolean;
  readonly claims: AllClaims;
  /** Why it is suspended; null where it is not. */
  readonly still: StillEvent | null;
}

export function ranOf(
  { call, course = undefined, expected }: Described,
  events: readonly Event[],
  around: Around,
  finished: boolean,
): Ran {
  const claims = claimsOf(events, around);
  return {
    call,
    course: course ?? null,
    expected,
    around,
    events,
    finished,
    claims,
    still: stillOf(events),
  };
}

/** Whether a zap in the name of a slot reached gfns that the slot does not have. */
function reachesBeyond(leaves: readonly LeafRange[], slot: Slot | undefined): boolean {
  if (slot === undefined) return false;
  const end = slot.baseGfn + slot.pages;
  return leaves.some((leaf) => leaf.start < slot.baseGfn || leaf.end > end);
}

function zapPart(what: string, zap: AllClaims['zapped'][number], beyond: boolean): Part {
  const told = `${what}${beyond ? ' (BEYOND the slot)' : ''}`;
  return {
    text: `zapped ${told}`,
    following: told,
    expectation: { zapped: [zap] },
    saysMore: beyond,
    verdict: beyond ? 'BEYOND' : null,
  };
}

function zapParts(events: EventsFor<'text', 'zapped'>, { around }: Ran): readonly Part[] {
  const zaps = zapsBySlot(events.filter((event) => event.type === 'zap'));
  const parts = zaps
    .filter(({ leaves }) => leaves.length > 0)
    .map((zap) => {
      const slot = vmBefore(around).slots.find(({ id }) => id === zap.slot);
      const whose = zap.slot === null ? '' : `slot ${zap.slot} `;
      return zapPart(`${whose}${leavesText(zap.leaves)}`, zap, reachesBeyond(zap.leaves, slot));
    });
  if (!events.some(({ type }) => type === 'zap-all')) return parts;
  return [...parts, zapPart('all roots: every mapping of the VM', { slot: null, leaves: [] }, false)];
}

/** Why the guest got an exception. */
const EXCEPTIONS: Readonly<Record<GuestExceptionEvent['why'], string>> = {
  'not-validated': 'not validated',
  mmio: 'a hole, its handler asks for MMIO',
  'private-mmio': 'a hole, where private memory cannot be',
  'no-such-instruction': 'it has no such instruction',
};

/** KVM_MAP_GPA_RANGE_ENCRYPTED: what args[2] of KVM_HC_MAP_GPA_RANGE has for private pages, counted in 4K. */
const ENCRYPTED = 0x10;

/** What the VMM is asked for, by args[1] and args[2] of the exit; null where it is not asked. */
function hypercallText(exits: readonly ExitEvent[]): string | null {
  const last = exits.at(-1);
  if (last?.reason !== 'hypercall') return null;
  const size = exits.reduce((sum, exit) => (exit.reason === 'hypercall' ? sum + exit.size : sum), 0n);
  const pages = Number(size >> 12n);
  const times = exitTimes(exits);
  return [
    `${pages} ${pages === 1 ? 'page' : 'pages'}`,
    `attributes ${hex(last.private ? ENCRYPTED : 0)}`,
    ...(times > 1 ? [`${times} exits`] : []),
  ].join(', ');
}

/** How the vCPU left; a request for much memory leaves several times. */
function exitParts(exits: readonly ExitEvent[], { claims: { exit } }: Ran): readonly Part[] {
  if (exit === null) return [];
  const asked = hypercallText(exits);
  const parts = expectable('exit', exit);
  return asked === null
    ? parts
    : parts.map(({ text }) => remark(`${text} (${asked})`, { expectation: { exit } }));
}

function notedPart(event: EventsFor<'text', 'noted'>[number]): Part {
  switch (event.type) {
    case 'warn':
      return remark(event.text, { expectation: { warn: true }, verdict: 'WARN' });
    case 'oops':
      return remark(`the kernel stops: ${event.text}`, { expectation: { result: 'oops' }, verdict: 'OOPS' });
    case 'byte-zeroed':
      return remark(`zeroed the first byte of ${event.file} page ${hex(event.page)}`, { verdict: 'ZEROED' });
    case 'instruction': {
      const { name, result, detail } = event;
      return remark(`${name} ${detail ?? result}`, { expectation: { instruction: { name, result } } });
    }
  }
}

/** A PSMASH that KVM executes shows as a change of the RMP. */
function isOwnPsmash(call: Call, event: EventsFor<'text', 'noted'>[number]): boolean {
  return (
    event.type === 'instruction' &&
    event.name === 'PSMASH' &&
    call.kind !== 'psmash' &&
    event.result === 'SUCCESS'
  );
}

/** What the call waited for, and whether it came to the step that it was to stop before. */
function courseParts({ course, claims, still, finished }: Ran): readonly Part[] {
  if (course === null) return [];
  const waited = claims.waited.map((lock) => remark(waitedPhrase(lock), { expectation: { waited: [lock] } }));
  const misses = finished && course.until !== null && still === null;
  return misses ? [...waited, remark(`does not come to ${course.until}`)] : waited;
}

type Reader<K extends PartKind> = (events: EventsFor<'text', K>, ran: Ran) => readonly Part[];

/** What is said of a statement, in its order. */
const READERS: { readonly [K in Exclude<PartKind, 'quiet'>]: Reader<K> } = {
  'failed-expectations': (_, { finished, expected, claims }) =>
    finished && expected !== null
      ? unmetClaims(expected, claims).map((unmet) => remark(`NOT AS CLAIMED (${unmet.expected})`))
      : [],
  result: (events, { finished, claims: { result }, ...ran }) =>
    finished ? resultParts(events, { ...ran, result, after: ran.around.after }) : [],
  course: (_, ran) => courseParts(ran),
  // A call that never ends, or goes round, says so by itself.
  retried: (events, { still }) =>
    still?.why === 'retries' || events.some(({ type }) => type === 'livelock')
      ? []
      : once(
          events
            .filter((event) => event.type === 'retry')
            .map(({ why }) => remark(`retried: ${why}`, { expectation: { retried: true } })),
        ),
  zapped: zapParts,
  skipped: (_, { claims }) => once(expectableItems('skipped', claims.skipped)),
  mapped: (_, { claims }) => once(expectableItems('mapped', claims.mapped)),
  rewrote: (_, { claims }) => once(expectableItems('rewrote', claims.rewrote)),
  mmio: (_, { claims }) => once(expectableItems('mmio', claims.mmio)),
  slots: (events, { around }) => slotPhrases(events, around).map((text) => remark(text)),
  // What a suspended call has yet to do is not left behind.
  'left-behind': (_, { finished, still, around }) =>
    finished && still === null ? leftBehindParts(around) : [],
  freed: (_, { claims }) => expectableItems('freed', claims.freed),
  allocated: (_, { claims }) => expectableItems('allocated', claims.allocated),
  poisoned: (_, { claims }) => expectableItems('poisoned', claims.poisoned),
  sigbus: (_, { claims }) => expectableItems('sigbus', claims.sigbus),
  rmp: (events) =>
    events.flatMap((event) => {
      const claim = rmpClaim(event);
      return claim === null ? expectable('psmash', 1) : expectable('rmp', [claim]);
    }),
  'direct-map': (events) =>
    events.length === 0 ? [] : [remark(`direct map → 4K: pfn ${events.map(rangeText).join(', ')}`)],
  // Only where the statement is about userspace memory.
  'host-pages': (events, { call }) =>
    call.kind !== 'host' && call.kind !== 'discard'
      ? []
      : events.map((event) => remark(`slot ${event.slot} memory ${filePagesText([event])}: ${event.now}`)),
  guest: (events) =>
    once(
      events.map(({ vector, gfn, why }) =>
        remark(`guest ${vector} gfn ${hex(gfn)}: ${EXCEPTIONS[why]}`, {
          expectation: { guest: [{ vector: vector.slice(1), gfn }] },
        }),
      ),
    ),
  // Not before anything was written, unless the scenario expects it.
  read: (_, { claims, expected }) =>
    claims.read !== undefined && (!claims.readsPlain || expected?.read !== undefined)
      ? expectable('read', claims.read)
      : [],
  exit: exitParts,
  attributes: (_, { claims }) => expectableItems('attributes', claims.attributes),
  unaccepted: (_, { claims }) => expectableItems('unaccepted', claims.unaccepted),
  noted: (events, { call }) => once(events.filter((event) => !isOwnPsmash(call, event)).map(notedPart)),
  faults: (faults) => (faults.length > 1 ? expectable('faults', faults.length) : []),
  flush: (flushes) => (flushes.length > 0 ? expectable('flush', true) : []),
};

/** A part, with the kind of news that it is. */
export type PartOfKind = Part & { readonly kind: PartKind };

/** What a call that resumes did before is said already: that nothing is left says nothing. */
function quietParts({ call, course, claims, around, finished }: Ran): readonly Part[] {
  if (!finished) return [];
  return [course?.continues === true ? remark('ok') : quietPart(call, claims.result, around)];
}

/** What is said of a statement; where there is nothing to tell, that it was quiet. */
export function partsOf(ran: Ran): readonly PartOfKind[] {
  const told = readAll('text', READERS, ran.events, ran).flatMap(([kind, parts]) =>
    parts.map((part) => ({ ...part, kind })),
  );
  return told.length > 0 ? told : quietParts(ran).map((part) => ({ ...part, kind: 'quiet' as const }));
}
