/** The parts of the description of a statement, which inline texts, hovers, figures and comparisons share. */
import {
  type CompiledStatement,
  type Course,
  type Expectations,
  leavesText,
  type ObservedOutcome,
} from '../../language';
import type { Call, Event, ExitEvent, GuestExceptionEvent, Slot, SuspendedEvent } from '../../simulator';
import { type Around, vmBefore } from '../affected-vm';
import { type LeafRange, zapsBySlot } from '../events/leaves';
import { type EventsFor, readAll } from '../events/routes';
import { failedExpectations } from '../expectations/check';
import { exitTimes, observedOutcome, rmpExpectation } from '../expectations/observed';
import { mapGpaRangeAttributes } from '../hypercall';
import { filePagesRecords, leafRecord, mappedRecord, pagesRecord, rootPagesRecord } from '../json/ranges';
import { leftBehindParts, staleParts } from './left-behind';
import { filePagesText, hex, rangeText } from './notation';
import { expectable, expectableItems, once, type Part, type PartKind, remark } from './part';
import { quietPart } from './quiet';
import { resultParts } from './result';
import { slotParts } from './slots';
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
  readonly observed: ObservedOutcome;
  /** Why it is suspended; null if it is not. */
  readonly suspended: SuspendedEvent | null;
}

export function ranOf(
  { call, course = undefined, expected }: Described,
  events: readonly Event[],
  around: Around,
  finished: boolean,
): Ran {
  const observed = observedOutcome(events, around);
  return {
    call,
    course: course ?? null,
    expected,
    around,
    events,
    finished,
    observed,
    suspended: suspensionOf(events),
  };
}

/** Whether a zap on behalf of a slot reached gfns outside the slot. */
function reachesBeyond(leaves: readonly LeafRange[], slot: Slot | undefined): boolean {
  if (slot === undefined) return false;
  const end = slot.baseGfn + slot.pages;
  return leaves.some((leaf) => leaf.start < slot.baseGfn || leaf.end > end);
}

function zapPart(what: string, zap: ObservedOutcome['zapped'][number], beyond: boolean): Part {
  const record = { slot: zap.slot, leaves: zap.leaves.map(leafRecord), allRoots: zap.leaves.length === 0 };
  const text = `${what}${beyond ? ' (BEYOND the slot)' : ''}`;
  return {
    text: `zapped ${text}`,
    following: text,
    expectation: { zapped: [zap] },
    saysMore: beyond,
    verdict: beyond ? 'BEYOND' : null,
    json: { adds: { zapped: [{ ...record, beyond }] } },
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

/** The request to the VMM, from args[1] and args[2] of the exit; null for other exits. */
function hypercallText(exits: readonly ExitEvent[]): string | null {
  const last = exits.at(-1);
  if (last?.reason !== 'hypercall') return null;
  const requests = exits.filter((exit) => exit.reason === 'hypercall');
  const pages = Number(requests.reduce((sum, { size }) => sum + size, 0n) >> 12n);
  const times = exitTimes(exits);
  const attributes = new Set(requests.map((request) => hex(mapGpaRangeAttributes(request))));
  return [
    `${pages} ${pages === 1 ? 'page' : 'pages'}`,
    `attributes ${[...attributes].join(', ')}`,
    ...(times > 1 ? [`${times} exits`] : []),
  ].join(', ');
}

/** The cause of an exit whose reason does not say it. */
const EXIT_CAUSES: Readonly<Partial<Record<ExitEvent['reason'], string>>> = {
  'internal-error': 'KVM cannot fetch the instruction',
  'fail-entry': 'the launch is not finished',
};

/** The exit of the vCPU; a conversion request for a large range exits several times. */
function exitParts(exits: readonly ExitEvent[], { observed: { exit } }: Ran): readonly Part[] {
  if (exit === null) return [];
  const asked = hypercallText(exits) ?? EXIT_CAUSES[exit.reason] ?? null;
  const parts = expectable('exit', exit, { has: 'exit' });
  return asked === null
    ? parts
    : parts.map(({ text, json }) => remark(`${text} (${asked})`, json, { expectation: { exit } }));
}

function notedPart(event: EventsFor<'text', 'noted'>[number]): Part {
  switch (event.type) {
    case 'warn':
      return remark(
        event.text,
        { adds: { warnings: [event.text] } },
        { expectation: { warn: true }, verdict: 'WARN' },
      );
    case 'oops':
      return remark(
        `the kernel stops: ${event.text}`,
        { adds: { oops: event.text } },
        { expectation: { result: 'oops' }, verdict: 'OOPS' },
      );
    case 'byte-zeroed': {
      const { file } = event;
      const page = hex(event.page);
      return remark(
        `zeroed the first byte of ${file} page ${page}`,
        { adds: { zeroed: [{ file, page }] } },
        { verdict: 'ZEROED' },
      );
    }
    case 'instruction': {
      const { name, result, detail, byKvm } = event;
      const record = { name, result, ...(detail === null ? {} : { detail }) };
      return remark(
        `${name} ${detail ?? result}`,
        { adds: { instructions: [record] } },
        byKvm ? {} : { expectation: { instruction: { name, result } } },
      );
    }
  }
}

/** A PSMASH that KVM executes shows as a change of the RMP. */
function isOwnPsmash(event: EventsFor<'text', 'noted'>[number]): boolean {
  return event.type === 'instruction' && event.byKvm === true && event.result === 'SUCCESS';
}

/** What the call waited for, and whether it reached the step before which it should suspend. */
function courseParts({ course, observed, suspended, finished }: Ran): readonly Part[] {
  if (course === null) return [];
  const waited = observed.waited.map((lock) =>
    remark(waitedPhrase(lock), { has: 'waited' }, { expectation: { waited: [lock] } }),
  );
  const { until } = course;
  const misses = finished && until !== null && suspended === null;
  return misses ? [...waited, remark(`does not reach ${until}`, { adds: { missedStep: until } })] : waited;
}

type Reader<K extends PartKind> = (events: EventsFor<'text', K>, ran: Ran) => readonly Part[];

/** All parts, in order. */
const READERS: { readonly [K in Exclude<PartKind, 'quiet'>]: Reader<K> } = {
  'failed-expectations': (_, { finished, expected, observed }) =>
    finished && expected !== null
      ? failedExpectations(expected, observed).map(({ kind, expected: wanted, actual }) =>
          remark(`NOT AS EXPECTED (${wanted})`, {
            adds: { failedExpectations: [{ kind, expected: wanted, actual }] },
          }),
        )
      : [],
  result: (events, { finished, observed: { result }, ...ran }) =>
    finished ? resultParts(events, { ...ran, result, after: ran.around.after }) : [],
  course: (_, ran) => courseParts(ran),
  // The result part already says that a call never ends, or retries.
  retried: (events, { suspended }) =>
    suspended?.why === 'retries' || events.some(({ type }) => type === 'livelock')
      ? []
      : once(
          events
            .filter((event) => event.type === 'retry')
            .map(({ why }) =>
              remark(`retried: ${why}`, { adds: { retried: [why] } }, { expectation: { retried: true } }),
            ),
        ),
  zapped: zapParts,
  skipped: (_, { observed }) =>
    once(expectableItems('skipped', observed.skipped, (slot) => ({ adds: { skipped: [slot] } }))),
  mapped: (_, { observed }) =>
    once(expectableItems('mapped', observed.mapped, (leaf) => ({ adds: { mapped: [mappedRecord(leaf)] } }))),
  rewrote: (_, { observed }) =>
    once(
      expectableItems('rewrote', observed.rewrote, (leaf) => ({
        adds: { rewrote: [mappedRecord(leaf)] },
      })),
    ),
  mmio: (_, { observed }) =>
    once(expectableItems('mmio', observed.mmio, (gfns) => ({ adds: { mmio: [rootPagesRecord(gfns)] } }))),
  slots: (events, { around }) => slotParts(events, around),
  stale: (_, { finished, around }) => (finished ? staleParts(around) : []),
  // A suspended call may still end the invalidation.
  'left-behind': (_, { finished, suspended, around }) =>
    finished && suspended === null ? leftBehindParts(around) : [],
  freed: (_, { observed }) =>
    expectableItems('freed', observed.freed, (pages) => ({ adds: { freed: filePagesRecords(pages) } })),
  allocated: (_, { observed }) =>
    expectableItems('allocated', observed.allocated, (pages) => ({
      adds: { allocated: filePagesRecords(pages) },
    })),
  poisoned: (_, { observed }) => expectableItems('poisoned', observed.poisoned, () => ({ has: 'poisoned' })),
  sigbus: (_, { observed }) => expectableItems('sigbus', observed.sigbus, () => ({ has: 'sigbus' })),
  rmp: (events) =>
    events.flatMap((event) => {
      const expectation = rmpExpectation(event);
      return expectation === null
        ? expectable('psmash', 1, { has: 'rmp' })
        : expectable('rmp', [expectation], { has: 'rmp' });
    }),
  'direct-map': (events) =>
    events.length === 0
      ? []
      : [remark(`direct map → 4K: pfn ${events.map(rangeText).join(', ')}`, { has: 'directMap' })],
  // Only for statements on userspace memory.
  'host-pages': (events, { call }) =>
    call.kind !== 'host' && call.kind !== 'discard'
      ? []
      : events.map(({ slot, start, end, now }) =>
          remark(`slot ${slot} memory ${filePagesText([{ start, end }])}: ${now}`, {
            adds: { memory: [{ slot, page: hex(start), pages: end - start, now }] },
          }),
        ),
  guest: (events) =>
    once(
      events.map(({ vector, gfn, why }) =>
        remark(
          `guest ${vector} gfn ${hex(gfn)}: ${EXCEPTIONS[why]}`,
          { adds: { exceptions: [{ vector, gfn: hex(gfn), why }] } },
          { expectation: { guest: [{ vector: vector.slice(1), gfn }] } },
        ),
      ),
    ),
  // Only if a value was written before, or if the scenario expects a read.
  read: (_, { observed, expected }) =>
    observed.read !== undefined && (!observed.readsPlain || expected?.read !== undefined)
      ? expectable('read', observed.read, {
          adds: { read: typeof observed.read === 'number' ? hex(observed.read) : observed.read },
        })
      : [],
  exit: exitParts,
  attributes: (_, { observed }) =>
    expectableItems('attributes', observed.attributes, ({ to, ...gfns }) => ({
      adds: { attributes: [{ ...pagesRecord(gfns), to }] },
    })),
  unaccepted: (_, { observed }) =>
    expectableItems('unaccepted', observed.unaccepted, () => ({ has: 'unaccepted' })),
  noted: (events) => once(events.filter((event) => !isOwnPsmash(event)).map(notedPart)),
  faults: (faults) => (faults.length > 1 ? expectable('faults', faults.length, { has: 'faults' }) : []),
  flush: (flushes) => (flushes.length > 0 ? expectable('flush', true, { has: 'flush' }) : []),
};

/** A part with its kind. */
export type PartOfKind = Part & { readonly kind: PartKind };

/** A resumed call without further events needs no text, because its earlier part is already described. */
function quietParts({ call, course, observed, around, finished }: Ran): readonly Part[] {
  if (!finished) return [];
  return [
    course?.continues === true
      ? remark('ok', { none: 'the result says it' })
      : quietPart(call, observed.result, around),
  ];
}

/** The parts of the description of a statement; a quiet part if there are no others. */
export function partsOf(ran: Ran): readonly PartOfKind[] {
  const parts: PartOfKind[] = [];
  for (const [kind, read] of readAll('text', READERS, ran.events, ran))
    for (const part of read) parts.push({ ...part, kind });
  return parts.length > 0 ? parts : quietParts(ran).map((part) => ({ ...part, kind: 'quiet' as const }));
}
