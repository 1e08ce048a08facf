/** Compares expectations of the same kind item by item. */
import type {
  AttributesExpectation,
  ExitExpectation,
  ExpectationKind,
  Expectations,
  FilePagesExpectation,
  GuestExceptionExpectation,
  LeafExpectation,
  ObservedOutcome,
  RmpExpectation,
  RootGfnsExpectation,
  ZapExpectation,
} from '../../language';
import { firstOf, put, type Range, type RangeSet, remove } from '../../simulator';

/** The expected and the actual side, in either order. */
type Without<T> = (some: T, others: T) => T;

type ListKind = {
  [K in ExpectationKind]: ObservedOutcome[K] extends readonly unknown[] ? K : never;
}[ExpectationKind];
type List<K extends ListKind> = ObservedOutcome[K];

/** Normalized ranges: sorted and joined. */
function pagesOf(ranges: readonly Range[]): RangeSet {
  return ranges.reduce<RangeSet>((set, { start, end }) => put(set, start, end, true), []);
}

function rangesWithout(some: readonly Range[], others: readonly Range[]): readonly Range[] {
  const left = others.reduce<RangeSet>((set, { start, end }) => remove(set, start, end), pagesOf(some));
  return left.map(({ start, end }) => ({ start, end }));
}

/** The items of `some` without the ranges of matching items of `others`. */
function itemsWithout<T>(
  some: readonly T[],
  others: readonly T[],
  rangesOf: (item: T) => readonly Range[],
  matches: (a: T, b: T) => boolean,
  withRanges: (item: T, ranges: readonly Range[]) => readonly T[],
): readonly T[] {
  return some.flatMap((item) => {
    const matching = others.filter((other) => matches(item, other)).flatMap(rangesOf);
    const left = rangesWithout(rangesOf(item), matching);
    return left.length === 0 ? [] : withRanges(item, left);
  });
}

/** The leaves of one slot, level and kind of root, or all roots. */
function zapGroups(zaps: readonly ZapExpectation[]): readonly ZapExpectation[] {
  return zaps.flatMap(({ slot, leaves }) => {
    const keyOf = ({ level, root }: ZapExpectation['leaves'][number]) => `${level} ${root}`;
    const keys = [...new Set(leaves.map(keyOf))];
    return keys.map((key) => ({ slot, leaves: leaves.filter((leaf) => keyOf(leaf) === key) }));
  });
}

function sameKindOfLeaf(a: ZapExpectation, b: ZapExpectation): boolean {
  const [left, right] = [firstOf(a.leaves), firstOf(b.leaves)];
  return a.slot === b.slot && left.level === right.level && agrees(left.root, right.root);
}

function zapsWithout(
  some: readonly ZapExpectation[],
  others: readonly ZapExpectation[],
): readonly ZapExpectation[] {
  const isAll = ({ slot, leaves }: ZapExpectation) => slot === null && leaves.length === 0;
  const allRoots = others.some(isAll) ? [] : some.filter(isAll).slice(0, 1);
  const left = itemsWithout(
    zapGroups(some),
    zapGroups(others),
    ({ leaves }) => leaves,
    sameKindOfLeaf,
    ({ slot, leaves }, ranges) => [
      { slot, leaves: ranges.map((range) => ({ ...firstOf(leaves), ...range })) },
    ],
  );
  return [...left, ...allRoots];
}

/** Null and undefined match anything. */
function agrees<T>(a: T | null | undefined, b: T | null | undefined): boolean {
  return (a ?? null) === null || (b ?? null) === null || a === b;
}

const leavesWithout: Without<readonly LeafExpectation[]> = (some, others) =>
  itemsWithout(
    some,
    others,
    (leaf) => [leaf],
    (a, b) => agrees(a.level, b.level) && agrees(a.rights, b.rights) && agrees(a.root, b.root),
    (leaf, ranges) => ranges.map((range) => ({ ...leaf, ...range })),
  );

const rootGfnsWithout: Without<readonly RootGfnsExpectation[]> = (some, others) =>
  itemsWithout(
    some,
    others,
    (gfns) => [gfns],
    (a, b) => agrees(a.root, b.root),
    (gfns, ranges) => ranges.map((range) => ({ ...gfns, ...range })),
  );

const pagesWithout: Without<readonly FilePagesExpectation[]> = (some, others) =>
  itemsWithout(
    some,
    others,
    ({ pages }) => pages,
    (a, b) => a.file === b.file,
    ({ file }, pages) => [{ file, pages }],
  );

const attributesWithout: Without<readonly AttributesExpectation[]> = (some, others) =>
  itemsWithout(
    some,
    others,
    (range) => [range],
    (a, b) => a.to === b.to,
    ({ to }, ranges) => ranges.map((range) => ({ to, ...range })),
  );

/** Sums the numbers of entries with the same change. */
function rmpWithout(
  some: readonly RmpExpectation[],
  others: readonly RmpExpectation[],
): readonly RmpExpectation[] {
  const anyAsid = [some, others].some((expectations) => expectations.every(({ asid }) => asid === null));
  const keyOf = ({ level, to, asid }: RmpExpectation) => `${level} ${to} ${anyAsid ? null : asid}`;
  const sums = (expectations: readonly RmpExpectation[]) => {
    const byKey = new Map<string, RmpExpectation>();
    for (const expectation of expectations) {
      const entries = expectation.entries + (byKey.get(keyOf(expectation))?.entries ?? 0);
      byKey.set(keyOf(expectation), { ...expectation, entries });
    }
    return byKey;
  };
  const there = sums(others);
  return [...sums(some)].flatMap(([key, expectation]) => {
    const entries = expectation.entries - (there.get(key)?.entries ?? 0);
    return entries > 0 ? [{ ...expectation, entries }] : [];
  });
}

/** The order counts, so either the whole list is equal or nothing is. */
function exceptionsWithout(
  some: readonly GuestExceptionExpectation[],
  others: readonly GuestExceptionExpectation[],
): readonly GuestExceptionExpectation[] {
  const isSame = ({ vector, gfn }: GuestExceptionExpectation, at: number) =>
    vector === others[at]?.vector && agrees(gfn, others[at].gfn);
  return some.length === others.length && some.every(isSame) ? [] : some;
}

const WITHOUT: { readonly [K in ListKind]: Without<List<K>> } = {
  zapped: zapsWithout,
  waited: (some, others) => some.filter((lock) => !others.includes(lock)),
  skipped: (some, others) => some.filter((slot) => !others.includes(slot)),
  mapped: leavesWithout,
  rewrote: leavesWithout,
  mmio: rootGfnsWithout,
  stale: rootGfnsWithout,
  freed: pagesWithout,
  allocated: pagesWithout,
  poisoned: pagesWithout,
  sigbus: (some, others) =>
    some.filter(({ slot, gfn }) => !others.some((other) => other.slot === slot && other.gfn === gfn)),
  attributes: attributesWithout,
  unaccepted: rangesWithout,
  rmp: rmpWithout,
  guest: exceptionsWithout,
};

export function isListKind(kind: ExpectationKind): kind is ListKind {
  return Object.hasOwn(WITHOUT, kind);
}

function isSameExit(expected: ExitExpectation | null, actual: ExitExpectation | null): boolean {
  if (expected === null || actual === null) return expected === actual;
  const gpaOf = (exit: ExitExpectation) => ('gpa' in exit ? exit.gpa : null);
  const isThere = agrees(gpaOf(expected), gpaOf(actual));
  return isThere && sameWords({ ...expected, gpa: null }, { ...actual, gpa: null });
}

function sameWords(a: object, b: object): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}

function isSameValue<K extends ExpectationKind>(
  kind: K,
  expected: Expectations[K],
  actual: Expectations[K],
): boolean {
  if (kind === 'exit')
    return isSameExit(expected as ExitExpectation | null, actual as ExitExpectation | null);
  if (typeof expected !== 'object' || typeof actual !== 'object') return Object.is(expected, actual);
  return sameWords(expected ?? {}, actual ?? {});
}

/** The expected items that are missing from the outcome, and the items of the outcome that are not expected. */
export interface Difference {
  readonly missing: Expectations;
  readonly extra: Expectations;
}

/** How an expectation differs from the outcome; null if it does not. */
export function differenceOf<K extends ExpectationKind>(
  kind: K,
  expected: Expectations[K],
  actual: Expectations[K],
): Difference | null {
  if (!isListKind(kind)) {
    const isMet = actual !== undefined && isSameValue(kind, expected, actual);
    return isMet ? null : { missing: { [kind]: expected }, extra: { [kind]: actual } };
  }
  const without = WITHOUT[kind] as unknown as Without<readonly unknown[]>;
  const [some, others] = [expected, actual] as [readonly unknown[], readonly unknown[]];
  const missing = without(some, others);
  const extra = without(others, some);
  if (missing.length === 0 && extra.length === 0) return null;
  return { missing: { [kind]: missing }, extra: { [kind]: extra } };
}
