/** Parts of ranges, of lists, and of everything that stands for a place. */
import { hex } from '../../outcome';
import { pageOf } from '../../simulator/units';
import { changesOf, rangesOf } from '../changes';
import { placeOf } from '../place-of';
import { type Place, WHATS_OF, type What } from '../places';
import type { Scene } from '../scene';
import { flag, listOf, numberOf, type RangeValue, rangeOf, type Value, type ValueOf } from '../value';
import { type Described, type Found, type MemberTable, member } from './member';

/** A number as the pages of a range are counted. Among gfns, one that was typed could be an address as well. */
function pageAmong(
  value: Value | undefined,
  unit: RangeValue['unit'],
): number | { readonly problem: string } {
  if (value?.kind !== 'number') return { problem: '`has` asks for a page: give it a number.' };
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
  member('start', 'the first', ({ start, unit }) => numberOf(start, unit === 'plain' ? 'pages' : unit)),
  member('end', 'the one behind the last', ({ end, unit }) =>
    numberOf(end, unit === 'plain' ? 'pages' : unit),
  ),
  member('count', 'how many', ({ start, end }) => numberOf(Math.max(0, end - start), 'count')),
  {
    name: 'has',
    doc: 'whether a page is in it',
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
  member('count', 'how many', ({ count }) => numberOf(count, 'count')),
  {
    name: 'has',
    doc: 'whether a page is in one of its ranges',
    parameters: ['page'],
    call: (list, [page]) => {
      const ranges = rangesIn(list);
      return ranges === undefined
        ? { problem: 'Only a list of ranges can be asked for a page.' }
        : hasPage(ranges, page);
    },
  },
];

const WHAT_DOCS: Readonly<Record<What, string>> = {
  zapped: 'what of it lost its mapping',
  mapped: 'what of it was mapped',
  rewritten: 'what of it has other bits, or another level',
  converted: 'what of it became private or shared',
  allocated: 'pages that came',
  freed: 'pages that went',
  poisoned: 'pages in which the hardware reported an error',
  created: 'whether it came to be',
  moved: 'whether it was moved',
  deleted: 'whether it went',
  smashed: 'entries of 2M that became 4K',
  adjusted: 'entries that the guest changed',
};

/** What the statement did so far to a place, or the last one did, as a list of ranges. */
export function changedPages(place: Place, what: What, { state, effects }: Scene): Value {
  const { before, vmId } = effects;
  const happening = { events: effects.events(), before, after: state, vmId };
  const changes = changesOf(place, what, happening);
  const unit = changes[0]?.unit ?? 'gfn';
  const file = place.kind === 'file-pages' && unit === 'page' ? place.file : null;
  return listOf(rangesOf(changes), (range) => rangeOf(range, unit, file), { place, what });
}

/** What can be asked of a value because it stands for a place: `slot(0).zapped`. */
export function placeMembers(value: Value, scene: Scene): readonly Described[] {
  const place = placeOf(value, scene);
  if (place === null || value.kind === 'number') return [];
  return WHATS_OF[place.kind].map((what) => ({
    name: what,
    doc: `${WHAT_DOCS[what]}, by the last statement`,
  }));
}

/** The member of that name; undefined where the place has none. */
export function placeMember(value: Value, name: string, scene: Scene): Value | undefined {
  const place = placeOf(value, scene);
  if (place === null || value.kind === 'number') return undefined;
  const what = WHATS_OF[place.kind].find((candidate) => candidate === name);
  return what === undefined ? undefined : changedPages(place, what, scene);
}
