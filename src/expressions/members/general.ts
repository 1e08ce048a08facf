/** Members of ranges, of lists, and of all values that are watch targets. */
import { hex } from '../../outcome';
import { pageOf } from '../../simulator';
import { changesOf, rangesOf } from '../changes';
import type { EvaluationContext } from '../evaluation-context';
import { flag, listOf, numberOf, type RangeValue, rangeOf, type Value, type ValueOf } from '../value';
import { CHANGE_KINDS_OF, type ChangeKind, type WatchTarget } from '../watch-target';
import { watchTargetOf } from '../watch-target-of';
import { type Described, type Found, type MemberTable, member } from './member';

/** A number in the unit of a range. For gfns, a typed number is ambiguous: it could be an address. */
function pageAmong(
  value: Value | undefined,
  unit: RangeValue['unit'],
): number | { readonly problem: string } {
  if (value?.kind !== 'number') return { problem: '`has` takes a page number.' };
  if (unit !== 'gfn') return Number(value.value);
  if (value.unit === 'bytes') return pageOf(value.value);
  if (value.unit !== 'plain') return Number(value.value);
  const number = hex(value.value);
  return { problem: `Is ${number} an address or a gfn? Write gfn(${number}) or gpa(${number}).` };
}

function hasPage(ranges: readonly RangeValue[], page: Value | undefined): Found {
  const wanted = pageAmong(page, ranges[0]?.unit ?? 'plain');
  if (typeof wanted !== 'number') return wanted;
  return flag(ranges.some(({ start, end }) => start <= wanted && wanted < end));
}

export const RANGE_MEMBERS: MemberTable<'range'> = [
  member('start', 'the first page', ({ start, unit }) => numberOf(start, unit === 'plain' ? 'pages' : unit)),
  member('end', 'the end, exclusive', ({ end, unit }) => numberOf(end, unit === 'plain' ? 'pages' : unit)),
  member('count', 'the number of pages', ({ start, end }) => numberOf(Math.max(0, end - start), 'count')),
  {
    name: 'has',
    doc: 'whether it contains a page',
    parameters: ['page'],
    call: (range, [page]) => hasPage([range], page),
  },
];

/** The ranges of a list of ranges; undefined for other lists. */
function rangesIn(list: ValueOf<'list'>): readonly RangeValue[] | undefined {
  const items = Array.from({ length: list.count }, (_, index) => list.at(index));
  return items.every((item) => item.kind === 'range') ? items : undefined;
}

export const LIST_MEMBERS: MemberTable<'list'> = [
  member('count', 'the number of items', ({ count }) => numberOf(count, 'count')),
  {
    name: 'has',
    doc: 'whether one of its ranges contains a page',
    parameters: ['page'],
    call: (list, [page]) => {
      const ranges = rangesIn(list);
      return ranges === undefined
        ? { problem: '`has` works only on a list of ranges.' }
        : hasPage(ranges, page);
    },
  },
];

const WHAT_DOCS: Readonly<Record<ChangeKind, string>> = {
  zapped: 'the parts whose mapping was removed',
  mapped: 'the parts that were mapped',
  rewritten: 'the parts whose SPTE bits or level changed',
  converted: 'the parts that became private or shared',
  allocated: 'pages that were allocated',
  freed: 'pages that were freed',
  poisoned: 'pages with a reported hardware error',
  created: 'whether it was created',
  moved: 'whether it was moved',
  deleted: 'whether it was deleted',
  smashed: '2M entries that were split to 4K',
  adjusted: 'entries that the guest changed',
};

/** The changes to a watch target by the current statement, or the last one, as a list of ranges. */
export function changedPages(
  target: WatchTarget,
  what: ChangeKind,
  { state, effects }: EvaluationContext,
): Value {
  const { before, vmId } = effects;
  const happening = { events: effects.events(), before, after: state, vmId };
  const changes = changesOf(target, what, happening);
  const unit = changes[0]?.unit ?? 'gfn';
  const file = target.kind === 'file-pages' && unit === 'page' ? target.file : null;
  return listOf(rangesOf(changes), (range) => rangeOf(range, unit, file), { target, what });
}

/** The members a value has because it is a watch target: `slot(0).zapped`. */
export function watchTargetMembers(value: Value, context: EvaluationContext): readonly Described[] {
  const target = watchTargetOf(value, context);
  if (target === null || value.kind === 'number') return [];
  return CHANGE_KINDS_OF[target.kind].map((what) => ({
    name: what,
    doc: `${WHAT_DOCS[what]}, by the last statement`,
  }));
}

/** The member of that name; undefined if the watch target has none. */
export function watchTargetMember(value: Value, name: string, context: EvaluationContext): Value | undefined {
  const target = watchTargetOf(value, context);
  if (target === null || value.kind === 'number') return undefined;
  const what = CHANGE_KINDS_OF[target.kind].find((candidate) => candidate === name);
  return what === undefined ? undefined : changedPages(target, what, context);
}
