/** The one list of what is said of a statement: inline texts, hovers, figures and comparisons are made of it. */
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
import { mapGpaRangeAttributes } from '../hypercall';
import { filePagesRecords, leafRecord, mappedRecord, pagesRecord } from '../json/ranges';
import { leftBehindParts, staleParts } from './left-behind';
import { filePagesText, hex, rangeText } from './notation';
import { expectable, expectableItems, once, type Part, type PartKind, remark } from './part';
import { quietPart } from './quiet';
import { resultParts } from './result';
import { slotParts } from './slots';
import { suspensionOf, waitedPhrase } from './suspension';

/** What is described: of one that runs by itself, nobody has to say how it runs among others. */
export type Described = Pick<CompiledStatement, 'call' | 'expected'> & {
  readonly course?: Course | undefined;
};

/** A statement that ran, wholly or so far, seen by the VM that it affects. */
export interface Ran {
  readonly call: Call;
  readonly course: Course | null;
  readonly expected: Expectations | null;
  /** The states around `events`, with the affected VM. */
  readonly around: Around;
  readonly events: readonly Event[];
  readonly finished: boolean;
  readonly expectations: AllExpectations;
  /** Why it is suspended; null where it is not. */
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

/** Whether a zap in the name of a slot reached gfns that the slot does not have. */
function reachesBeyond(leaves: readonly LeafRange[], slot: Slot | undefined): boolean {
  if (slot === undefined) return false;
  const end = slot.baseGfn + slot.pages;
  return leaves.some((leaf) => leaf.start < slot.baseGfn || leaf.end > end);
}

function zapPart(what: string, zap: AllExpectations['zapped'][number], beyond: boolean): Part {
  const record = { slot: zap.slot, leaves: zap.leaves.map(leafRecord), allRoots: zap.leaves.length === 0 };
  const told = `${what}${beyond ? ' (BEYOND the slot)' : ''}`;
  return {
    text: `zapped ${told}`,
    following: told,
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

/** Why the guest got an exception. */
const EXCEPTIONS: Readonly<Record<GuestExceptionEvent['why'], string>> = {
  'not-validated': 'not validated',
  mmio: 'a hole, its handler asks for MMIO',
  'private-mmio': 'a hole, where private memory cannot be',
  'no-such-instruction': 'it has no such instruction',
};

/** What the VMM is asked for, by args[1] and args[2] of the exit; null where it is not asked. */
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

/** What lies behind an exit that does not say it itself. */
const EXIT_CAUSES: Readonly<Partial<Record<ExitEvent['reason'], string>>> = {
  'internal-error': 'KVM cannot fetch the instruction',
  'fail-entry': 'the launch is not finished',
};

/** How the vCPU left; a request for much memory leaves several times. */
function exitParts(exits: readonly ExitEvent[], { expectations: { exit } }: Ran): readonly Part[] {
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

/** What the call waited for, and whether it came to the step that it was to stop before. */
function courseParts({ course, expectations, suspended, finished }: Ran): readonly Part[] {
  if (course === null) return [];
  const waited = expectations.waited.map((lock) =>
    remark(waitedPhrase(lock), { has: 'waited' }, { expectation: { waited: [lock] } }),
  );
  const { until } = course;
  const misses = finished && until !== null && suspended === null;
  return misses ? [...waited, remark(`does not come to ${until}`, { adds: { missedStep: until } })] : waited;
}

type Reader<K extends PartKind> = (events: EventsFor<'text', K>, ran: Ran) => readonly Part[];

/** What is said of a statement, in its order. */
const READERS: { readonly [K in Exclude<PartKind, 'quiet'>]: Reader<K> } = {
  'failed-expectations': (_, { finished, expected, expectations }) =>
    finished && expected !== null
      ? failedExpectations(expected, expectations).map(({ kind, expected: wanted, actual }) =>
          remark(`NOT AS EXPECTED (${wanted})`, {
            adds: { failedExpectations: [{ kind, expected: wanted, actual }] },
          }),
        )
      : [],
  result: (events, { finished, expectations: { result }, ...ran }) =>
    finished ? resultParts(events, { ...ran, result, after: ran.around.after }) : [],
  course: (_, ran) => courseParts(ran),
  // A call that never ends, or goes round, says so by itself.
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
  skipped: (_, { expectations }) =>
    once(expectableItems('skipped', expectations.skipped, (slot) => ({ adds: { skipped: [slot] } }))),
  mapped: (_, { expectations }) =>
    once(
      expectableItems('mapped', expectations.mapped, (leaf) => ({ adds: { mapped: [mappedRecord(leaf)] } })),
    ),
  rewrote: (_, { expectations }) =>
    once(
      expectableItems('rewrote', expectations.rewrote, (leaf) => ({
        adds: { rewrote: [mappedRecord(leaf)] },
      })),
    ),
  mmio: (_, { expectations }) =>
    once(expectableItems('mmio', expectations.mmio, (gfns) => ({ adds: { mmio: [pagesRecord(gfns)] } }))),
  slots: (events, { around }) => slotParts(events, around),
  stale: (_, { finished, around }) => (finished ? staleParts(around) : []),
  // What a suspended call has yet to do is not left behind.
  'left-behind': (_, { finished, suspended, around }) =>
    finished && suspended === null ? leftBehindParts(around) : [],
  freed: (_, { expectations }) =>
    expectableItems('freed', expectations.freed, (pages) => ({ adds: { freed: filePagesRecords(pages) } })),
  allocated: (_, { expectations }) =>
    expectableItems('allocated', expectations.allocated, (pages) => ({
      adds: { allocated: filePagesRecords(pages) },
    })),
  poisoned: (_, { expectations }) =>
    expectableItems('poisoned', expectations.poisoned, () => ({ has: 'poisoned' })),
  sigbus: (_, { expectations }) => expectableItems('sigbus', expectations.sigbus, () => ({ has: 'sigbus' })),
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
  // Only where the statement is about userspace memory.
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
  // Not before anything was written, unless the scenario expects it.
  read: (_, { expectations, expected }) =>
    expectations.read !== undefined && (!expectations.readsPlain || expected?.read !== undefined)
      ? expectable('read', expectations.read, {
          adds: { read: typeof expectations.read === 'number' ? hex(expectations.read) : expectations.read },
        })
      : [],
  exit: exitParts,
  attributes: (_, { expectations }) =>
    expectableItems('attributes', expectations.attributes, ({ to, ...gfns }) => ({
      adds: { attributes: [{ ...pagesRecord(gfns), to }] },
    })),
  unaccepted: (_, { expectations }) =>
    expectableItems('unaccepted', expectations.unaccepted, () => ({ has: 'unaccepted' })),
  noted: (events) => once(events.filter((event) => !isOwnPsmash(event)).map(notedPart)),
  faults: (faults) => (faults.length > 1 ? expectable('faults', faults.length, { has: 'faults' }) : []),
  flush: (flushes) => (flushes.length > 0 ? expectable('flush', true, { has: 'flush' }) : []),
};

/** A part, with the kind of news that it is. */
export type PartOfKind = Part & { readonly kind: PartKind };

/** What a call that resumes did before is said already: that nothing is left says nothing. */
function quietParts({ call, course, expectations, around, finished }: Ran): readonly Part[] {
  if (!finished) return [];
  return [
    course?.continues === true
      ? remark('ok', { none: 'the result says it' })
      : quietPart(call, expectations.result, around),
  ];
}

/** What is said of a statement; where there is nothing to tell, that it was quiet. */
export function partsOf(ran: Ran): readonly PartOfKind[] {
  const told = readAll('text', READERS, ran.events, ran).flatMap(([kind, parts]) =>
    parts.map((part) => ({ ...part, kind })),
  );
  return told.length > 0 ? told : quietParts(ran).map((part) => ({ ...part, kind: 'quiet' as const }));
}
