/** The parts of the description of a statement, which inline texts, hovers, figures and comparisons share. */
import {
  type AllExpectations,
  type CompiledStatement,
  type Course,
  type Expectations,
  leavesText,
} from '../../language';
import type { Call, Event, ExitEvent, GuestExceptionEvent, Slot, SuspendedEvent } from '../../simulator';
import { type Around, vmBefore } from '../affected-vm';
import { type LeafRange, zapsBySlot } from '../events/leaves';
import { type EventsFor, readAll } from '../events/routes';
import { failedExpectations } from '../expectations/check';
import { exitTimes, expectationsOf, rmpExpectation } from '../expectations/expectations';
import { leftBehindParts } from './left-behind';
import { filePagesText, hex, rangeText } from './notation';
import { expectable, expectableItems, once, type Part, type PartKind, remark } from './part';
import { quietPart } from './quiet';
import { resultParts } from './result';
import { slotPhrases } from './slots';
import { suspensionOf, waitedPhrase } from './suspension';

/** The statement to describe; without a `course`, the description does not mention suspension. */
export type Described = Pick<CompiledStatement, 'call' | 'expected'> & {
  readonly course?: Course | undefined;
};

/** A statement that ran, completely or so far, in terms of the affected VM. */
export interface Ran {
  readonly call: Call;
  readonly course: Course | null;
  readonly expected: Expectations | null;
  /** The states before and after `events`, with the affected VM. */
  readonly around: Around;
  readonly events: readonly Event[];
  readonly finished: boolean;
  readonly expectations: AllExpectations;
  /** Why it is suspended; null if it is not. */
  readonly suspended: SuspendedEvent | null;
}

export function ranOf(
  { call, course = undefined, expected }: Described,
  events: readonly Event[],
  around: Around,
  finished: boolean,
): Ran {
  const expectations = expectationsOf(events, around);
  return {
    call,
    course: course ?? null,
    expected,
    around,
    events,
    finished,
    expectations,
    suspended: suspensionOf(events),
  };
}

/** Whether a zap on behalf of a slot reached gfns outside the slot. */
function reachesBeyond(leaves: readonly LeafRange[], slot: Slot | undefined): boolean {
  if (slot === undefined) return false;
  const end = slot.baseGfn + slot.pages;
  return leaves.some((leaf) => leaf.start < slot.baseGfn || leaf.end > end);
}

function zapPart(what: string, zap: AllExpectations['zapped'][number], beyond: boolean): Part {
  const text = `${what}${beyond ? ' (BEYOND the slot)' : ''}`;
  return {
    text: `zapped ${text}`,
    following: text,
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

/** Why the guest received an exception. */
const EXCEPTIONS: Readonly<Record<GuestExceptionEvent['why'], string>> = {
  'not-validated': 'not validated',
  mmio: 'its handler requests MMIO',
  'private-mmio': 'MMIO cannot be private memory',
  'no-such-instruction': 'the VM type has no such instruction',
};

/** KVM_MAP_GPA_RANGE_ENCRYPTED: args[2] of KVM_HC_MAP_GPA_RANGE for private pages of 4K. */
const ENCRYPTED = 0x10;

/** The request to the VMM, from args[1] and args[2] of the exit; null for other exits. */
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

/** The exit of the vCPU; a conversion request for a large range exits several times. */
function exitParts(exits: readonly ExitEvent[], { expectations: { exit } }: Ran): readonly Part[] {
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

/** What the call waited for, and whether it reached the step before which it should suspend. */
function courseParts({ course, expectations, suspended, finished }: Ran): readonly Part[] {
  if (course === null) return [];
  const waited = expectations.waited.map((lock) =>
    remark(waitedPhrase(lock), { expectation: { waited: [lock] } }),
  );
  const misses = finished && course.until !== null && suspended === null;
  return misses ? [...waited, remark(`does not reach ${course.until}`)] : waited;
}

type Reader<K extends PartKind> = (events: EventsFor<'text', K>, ran: Ran) => readonly Part[];

/** All parts, in order. */
const READERS: { readonly [K in Exclude<PartKind, 'quiet'>]: Reader<K> } = {
  'failed-expectations': (_, { finished, expected, expectations }) =>
    finished && expected !== null
      ? failedExpectations(expected, expectations).map((failed) =>
          remark(`NOT AS EXPECTED (${failed.expected})`),
        )
      : [],
  result: (events, { finished, expectations: { result }, ...ran }) =>
    finished ? resultParts(events, { ...ran, result, after: ran.around.after }) : [],
  course: (_, ran) => courseParts(ran),
  // The result part already says that a call never ends, or retries.
  retried: (events, { suspended }) =>
    suspended?.why === 'retries' || events.some(({ type }) => type === 'livelock')
      ? []
      : once(
          events
            .filter((event) => event.type === 'retry')
            .map(({ why }) => remark(`retried: ${why}`, { expectation: { retried: true } })),
        ),
  zapped: zapParts,
  skipped: (_, { expectations }) => once(expectableItems('skipped', expectations.skipped)),
  mapped: (_, { expectations }) => once(expectableItems('mapped', expectations.mapped)),
  rewrote: (_, { expectations }) => once(expectableItems('rewrote', expectations.rewrote)),
  mmio: (_, { expectations }) => once(expectableItems('mmio', expectations.mmio)),
  slots: (events, { around }) => slotPhrases(events, around).map((text) => remark(text)),
  // A suspended call may still zap what is stale.
  'left-behind': (_, { finished, suspended, around }) =>
    finished && suspended === null ? leftBehindParts(around) : [],
  freed: (_, { expectations }) => expectableItems('freed', expectations.freed),
  allocated: (_, { expectations }) => expectableItems('allocated', expectations.allocated),
  poisoned: (_, { expectations }) => expectableItems('poisoned', expectations.poisoned),
  sigbus: (_, { expectations }) => expectableItems('sigbus', expectations.sigbus),
  rmp: (events) =>
    events.flatMap((event) => {
      const expectation = rmpExpectation(event);
      return expectation === null ? expectable('psmash', 1) : expectable('rmp', [expectation]);
    }),
  'direct-map': (events) =>
    events.length === 0 ? [] : [remark(`direct map → 4K: pfn ${events.map(rangeText).join(', ')}`)],
  // Only for statements on userspace memory.
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
  // Only if a value was written before, or if the scenario expects a read.
  read: (_, { expectations, expected }) =>
    expectations.read !== undefined && (!expectations.readsPlain || expected?.read !== undefined)
      ? expectable('read', expectations.read)
      : [],
  exit: exitParts,
  attributes: (_, { expectations }) => expectableItems('attributes', expectations.attributes),
  unaccepted: (_, { expectations }) => expectableItems('unaccepted', expectations.unaccepted),
  noted: (events, { call }) => once(events.filter((event) => !isOwnPsmash(call, event)).map(notedPart)),
  faults: (faults) => (faults.length > 1 ? expectable('faults', faults.length) : []),
  flush: (flushes) => (flushes.length > 0 ? expectable('flush', true) : []),
};

/** A part with its kind. */
export type PartOfKind = Part & { readonly kind: PartKind };

/** A resumed call without further events needs no text, because its earlier part is already described. */
function quietParts({ call, course, expectations, around, finished }: Ran): readonly Part[] {
  if (!finished) return [];
  return [course?.continues === true ? remark('ok') : quietPart(call, expectations.result, around)];
}

/** The parts of the description of a statement; a quiet part if there are no others. */
export function partsOf(ran: Ran): readonly PartOfKind[] {
  const parts = readAll('text', READERS, ran.events, ran).flatMap(([kind, read]) =>
    read.map((part) => ({ ...part, kind })),
  );
  return parts.length > 0 ? parts : quietParts(ran).map((part) => ({ ...part, kind: 'quiet' as const }));
}
