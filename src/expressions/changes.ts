/** Finds what a step did to a watch target, from the events that it emitted. */
import { filePagesText, hex, letters, levelText, rangeText } from '../outcome';
import {
  gfnsBoundTo,
  type Range,
  type SpteRun,
  type SpteValue,
  type State,
  type TracedEvent,
  within,
} from '../simulator';
import type { ChangeKind, WatchTarget } from './watch-target';

/** Events, with the states before and after the step (or steps) that emitted them. */
export interface Happening {
  readonly events: readonly TracedEvent[];
  readonly before: State;
  readonly after: State;
  /** The VM that they worked on. */
  readonly vmId: number;
}

/** One change; its range holds the pages of the watch target that it touched. */
export interface Change extends Range {
  readonly what: ChangeKind;
  readonly unit: 'gfn' | 'page' | 'pfn';
  /** The change as a whole: `zapped 4K gfn 0x90000..0x90002, was rwxad`. */
  readonly text: string;
  readonly event: TracedEvent;
}

type Type = TracedEvent['type'];
type Traced<T extends Type> = Extract<TracedEvent, { readonly type: T }>;

const EVERYTHING: Range = { start: 0, end: Number.MAX_SAFE_INTEGER };

function overlap(a: Range, b: Range): Range | null {
  const start = Math.max(a.start, b.start);
  const end = Math.min(a.end, b.end);
  return start < end ? { start, end } : null;
}

/** The gfns of the slot, including its old gfns if it was moved or deleted. */
function gfnsOfSlot({ before, after, vmId }: Happening, id: number): readonly Range[] {
  const [now, then] = [after, before].map(({ vms }) => vms[vmId]?.slots.find((slot) => slot.id === id));
  const slots = now?.baseGfn === then?.baseGfn ? [now] : [now, then];
  return slots.flatMap((slot) =>
    slot === undefined ? [] : [{ start: slot.baseGfn, end: slot.baseGfn + slot.pages }],
  );
}

/** The gfns of a watch target; none in steps of another VM. */
function gfnsOf(target: WatchTarget, happening: Happening): readonly Range[] {
  const { before, vmId } = happening;
  switch (target.kind) {
    case 'anything':
      return [EVERYTHING];
    case 'gfns':
      return target.vm === vmId ? [target] : [];
    case 'slot':
      return target.vm === vmId ? gfnsOfSlot(happening, target.slot) : [];
    case 'file-pages': {
      const file = before.files.findLast(({ name }) => name === target.file);
      return file?.vmId !== vmId ? [] : gfnsBoundTo(before, file.id, target);
    }
    case 'pfns':
      return [];
  }
}

function isMapped(value: SpteValue): boolean {
  return typeof value === 'object' && value.kind === 'mapped';
}

/** What happened to the pages an entry maps; null if only page tables were added or removed. */
function whatOf({ from, to }: SpteRun): ChangeKind | null {
  if (isMapped(from)) return to === 'none' ? 'zapped' : 'rewritten';
  if (isMapped(to)) return 'mapped';
  return typeof from === 'object' || typeof to === 'object' ? 'rewritten' : null;
}

function spteText(what: ChangeKind, run: SpteRun): string {
  const gfns = `${what} ${levelText(run.level)} gfn ${rangeText(run)}`;
  if (what === 'zapped') return `${gfns}, was ${letters(run.from)}`;
  return what === 'mapped'
    ? `${gfns} ${letters(run.to)}`
    : `${gfns} from ${letters(run.from)} to ${letters(run.to)}`;
}

function spteChanges(
  runs: readonly SpteRun[],
  gfns: readonly Range[],
  event: TracedEvent,
): readonly Change[] {
  return runs.flatMap((run) => {
    const what = whatOf(run);
    if (what === null) return [];
    return gfns.flatMap((range): Change[] => {
      const part = overlap(run, range);
      return part === null ? [] : [{ ...part, what, unit: 'gfn', text: spteText(what, run), event }];
    });
  });
}

function attributeChanges(
  gfns: readonly Range[],
  event: TracedEvent & Range,
  to: 'private' | 'shared',
): readonly Change[] {
  const text = `converted gfn ${rangeText(event)} to ${to}`;
  return gfns.flatMap((range): Change[] => {
    const part = overlap(event, range);
    return part === null ? [] : [{ ...part, what: 'converted', unit: 'gfn', text, event }];
  });
}

/** The pfns of the range whose entries differ. */
function rmpDifferences({ before, after }: Happening, range: Range): readonly Range[] {
  if (before.rmp === after.rmp) return [];
  const key = ({ start, end, value }: { start: number; end: number; value: unknown }) =>
    `${start} ${end} ${JSON.stringify(value)}`;
  const known = new Set(within(before.rmp, range.start, range.end).map(key));
  return within(after.rmp, range.start, range.end).filter((extent) => !known.has(key(extent)));
}

/** The pfns that belong to a target. */
function pfnsOf(target: WatchTarget): Range | null {
  if (target.kind === 'pfns') return target;
  return target.kind === 'anything' ? EVERYTHING : null;
}

function rmpChanges(event: Traced<'rmp'>, target: WatchTarget): readonly Change[] {
  const pfns = pfnsOf(target);
  const part = pfns === null ? null : overlap(event, pfns);
  if (part === null) return [];
  const what = event.change === 'psmash' ? 'smashed' : 'converted';
  const to = event.change === 'private' ? `private of ASID ${event.asid}` : event.change;
  const text = `${what} pfn ${rangeText(event)}${what === 'smashed' ? ' from 2M to 4K' : ` to ${to}`}`;
  return [{ ...part, what, unit: 'pfn', text, event }];
}

/** Events of the guest's instructions contain only the result, so the pages are taken from the states. */
function adjustments(
  event: Traced<'instruction'>,
  target: WatchTarget,
  happening: Happening,
): readonly Change[] {
  const pfns = pfnsOf(target);
  if (pfns === null || (event.name !== 'PVALIDATE' && event.name !== 'RMPADJUST')) return [];
  return rmpDifferences(happening, pfns).map(({ start, end }) => {
    const text = `${event.name} adjusted the entry of pfn ${rangeText({ start, end })}`;
    return { start, end, what: 'adjusted', unit: 'pfn', text, event };
  });
}

function fileChanges(
  what: ChangeKind,
  pages: Range,
  event: Traced<'gmem-allocated' | 'gmem-freed' | 'poisoned'>,
  target: WatchTarget,
): readonly Change[] {
  if (target.kind !== 'anything' && (target.kind !== 'file-pages' || target.file !== event.file)) return [];
  const part = overlap(pages, target.kind === 'anything' ? EVERYTHING : target);
  const text = `${what} ${event.file} ${filePagesText([pages])}`;
  return part === null ? [] : [{ ...part, what, unit: 'page', text, event }];
}

function slotChanges(event: Traced<'slot'>, target: WatchTarget, happening: Happening): readonly Change[] {
  if (event.change === 'unchanged') return [];
  if (target.kind !== 'slot' || target.vm !== happening.vmId || target.slot !== event.slot) return [];
  const [gfns = { start: 0, end: 0 }] = gfnsOfSlot(happening, event.slot);
  const where = event.change === 'deleted' ? '' : `, base gfn ${hex(gfns.start)}`;
  const text = `${event.change} slot ${event.slot}${where}`;
  return [{ ...gfns, what: event.change, unit: 'gfn', text, event }];
}

type Reader<T extends Type> = (
  event: Traced<T>,
  target: WatchTarget,
  happening: Happening,
) => readonly Change[];

/** An event that no data breakpoint stops at, and why. */
const nothing = (_why: string) => null;

/** The changes of each type of event; null if nothing can be watched. */
const CHANGES: { readonly [T in Type]: Reader<T> | null } = {
  sptes: (event, target, happening) => spteChanges(event.runs, gfnsOf(target, happening), event),
  attributes: (event, target, happening) => attributeChanges(gfnsOf(target, happening), event, event.to),
  rmp: rmpChanges,
  instruction: adjustments,
  'gmem-allocated': (event, target) => fileChanges('allocated', event, event, target),
  'gmem-freed': (event, target) => fileChanges('freed', event, event, target),
  poisoned: (event, target) =>
    fileChanges('poisoned', { start: event.page, end: event.page + 1 }, event, target),
  slot: slotChanges,
  zap: nothing('the zapped SPTEs are a separate event'),
  'zap-all': nothing('the zapped SPTEs are a separate event'),
  flush: nothing('TLBs cannot be watched'),
  fault: nothing('an access changes nothing itself'),
  exit: nothing('an exception filter stops at exits'),
  invalidate: nothing('bookkeeping of the VM, not of a watch target'),
  retry: nothing('the fault starts again, and nothing changed'),
  'byte-zeroed': nothing('contents of pages cannot be watched'),
  sigbus: nothing('a signal changes nothing'),
  notifier: nothing('the reaction of KVM is a separate event'),
  'host-pages': nothing('userspace memory cannot be watched'),
  'slot-skipped': nothing('the slot does not change'),
  refused: nothing('nothing changed'),
  warn: nothing('an exception filter stops at warnings'),
  oops: nothing('an exception filter stops at faults of the kernel'),
  suspended: nothing('nothing changed'),
  livelock: nothing('nothing changed'),
  return: nothing('an exception filter stops at failures'),
  'direct-map-split': nothing('the direct map cannot be watched'),
  'guest-exception': nothing('the host does not see it'),
  unaccepted: nothing('the zapped SPTEs are a separate event'),
  read: nothing('nothing changed'),
};

function changesBy(event: TracedEvent, target: WatchTarget, happening: Happening): readonly Change[] {
  const reader = CHANGES[event.type] as Reader<Type> | null;
  return reader === null ? [] : reader(event, target, happening);
}

/** All changes to a watch target, in order; `what` selects one kind of change. */
export function changesOf(
  target: WatchTarget,
  what: ChangeKind | null,
  happening: Happening,
): readonly Change[] {
  const changes = happening.events.flatMap((event) => changesBy(event, target, happening));
  return what === null ? changes : changes.filter((change) => change.what === what);
}

/** The pages of changes, with adjacent ranges merged. */
export function rangesOf(changes: readonly Change[]): readonly Range[] {
  const sorted = [...changes].sort((a, b) => a.start - b.start);
  const joined: Range[] = [];
  for (const { start, end } of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && start <= last.end) {
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    } else joined.push({ start, end });
  }
  return joined;
}
