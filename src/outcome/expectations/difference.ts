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
import { firstOf, gaps, type Range, type RangeSet, union } from '../../simulator';

/**
 * Leaves out of a list what `others` has; the two are the expected and the actual side, in either order. `others` is read
 * once for any number of lists.
 */
type Without<T> = (others: T) => (some: T) => T;

type ListKind = {
  [K in ExpectationKind]: ObservedOutcome[K] extends readonly unknown[] ? K : never;
}[ExpectationKind];
type List<K extends ListKind> = ObservedOutcome[K];

const rangesWithout: Without<readonly Range[]> = (others) => {
  const covered = union(others);
  return (some) => union(some).flatMap(({ start, end }) => gaps(covered, start, end));
};

/** How items with ranges are compared. */
interface Items<T> {
  readonly rangesOf: (item: T) => readonly Range[];
  readonly matches: (a: T, b: T) => boolean;
  /** All that `matches` looks at: there may be thousands of items, but only a few keys. */
  readonly keyOf: (item: T) => string;
  readonly withRanges: (item: T, ranges: readonly Range[]) => readonly T[];
}

/** Leaves out the ranges of the matching items of `others`. */
function itemsWithout<T>({ rangesOf, matches, keyOf, withRanges }: Items<T>): Without<readonly T[]> {
  return (others) => {
    const byKey = new Map<string, RangeSet>();
    const coveredFor = (item: T): RangeSet => {
      const key = keyOf(item);
      const known = byKey.get(key) ?? union(others.filter((other) => matches(item, other)).flatMap(rangesOf));
      byKey.set(key, known);
      return known;
    };
    return (some) =>
      some.flatMap((item) => {
        const covered = coveredFor(item);
        const left = union(rangesOf(item)).flatMap(({ start, end }) => gaps(covered, start, end));
        return left.length === 0 ? [] : withRanges(item, left);
      });
  };
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

const groupsWithout = itemsWithout<ZapExpectation>({
  rangesOf: ({ leaves }) => leaves,
  matches: sameKindOfLeaf,
  keyOf: ({ slot, leaves: [leaf] }) => `${slot} ${leaf?.level} ${leaf?.root}`,
  withRanges: ({ slot, leaves }, ranges) => [
    { slot, leaves: ranges.map((range) => ({ ...firstOf(leaves), ...range })) },
  ],
});

const zapsWithout: Without<readonly ZapExpectation[]> = (others) => {
  const isAll = ({ slot, leaves }: ZapExpectation) => slot === null && leaves.length === 0;
  const hasAll = others.some(isAll);
  const without = groupsWithout(zapGroups(others));
  return (some) => [...without(zapGroups(some)), ...(hasAll ? [] : some.filter(isAll).slice(0, 1))];
};

/** Null and undefined match anything. */
function agrees<T>(a: T | null | undefined, b: T | null | undefined): boolean {
  return (a ?? null) === null || (b ?? null) === null || a === b;
}

const leavesWithout = itemsWithout<LeafExpectation>({
  rangesOf: (leaf) => [leaf],
  matches: (a, b) => agrees(a.level, b.level) && agrees(a.rights, b.rights) && agrees(a.root, b.root),
  keyOf: ({ level, rights, root }) => `${level} ${rights} ${root}`,
  withRanges: (leaf, ranges) => ranges.map((range) => ({ ...leaf, ...range })),
});

const rootGfnsWithout = itemsWithout<RootGfnsExpectation>({
  rangesOf: (gfns) => [gfns],
  matches: (a, b) => agrees(a.root, b.root),
  keyOf: ({ root }) => `${root}`,
  withRanges: (gfns, ranges) => ranges.map((range) => ({ ...gfns, ...range })),
});

const pagesWithout = itemsWithout<FilePagesExpectation>({
  rangesOf: ({ pages }) => pages,
  matches: (a, b) => a.file === b.file,
  keyOf: ({ file }) => file,
  withRanges: ({ file }, pages) => [{ file, pages }],
});

const attributesWithout = itemsWithout<AttributesExpectation>({
  rangesOf: (range) => [range],
  matches: (a, b) => a.to === b.to,
  keyOf: ({ to }) => to,
  withRanges: ({ to }, ranges) => ranges.map((range) => ({ to, ...range })),
});

/** Names of locks, or numbers of slots. */
function wordsWithout<T extends string | number>(others: readonly T[]): (some: readonly T[]) => readonly T[] {
  const there = new Set(others);
  return (some) => some.filter((word) => !there.has(word));
}

/** Sums the numbers of entries with the same change. */
const rmpWithout: Without<readonly RmpExpectation[]> = (others) => (some) => {
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
};

/** The order counts, so either the whole list is equal or nothing is. */
const exceptionsWithout: Without<readonly GuestExceptionExpectation[]> = (others) => (some) => {
  const isSame = ({ vector, gfn }: GuestExceptionExpectation, at: number) =>
    vector === others[at]?.vector && agrees(gfn, others[at].gfn);
  return some.length === others.length && some.every(isSame) ? [] : some;
};

const WITHOUT: { readonly [K in ListKind]: Without<List<K>> } = {
  zapped: zapsWithout,
  waited: wordsWithout,
  skipped: wordsWithout,
  mapped: leavesWithout,
  rewrote: leavesWithout,
  mmio: rootGfnsWithout,
  stale: rootGfnsWithout,
  freed: pagesWithout,
  allocated: pagesWithout,
  poisoned: pagesWithout,
  sigbus: (others) => {
    const keyOf = ({ slot, gfn }: ObservedOutcome['sigbus'][number]) => `${slot} ${gfn}`;
    const there = new Set(others.map(keyOf));
    return (some) => some.filter((error) => !there.has(keyOf(error)));
  },
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

/** Leaves out of lists of a kind what `others` has. */
export function withoutItems<K extends ListKind>(kind: K, others: List<K>): (some: List<K>) => List<K> {
  return (WITHOUT[kind] as unknown as Without<List<K>>)(others);
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
  const [some, others] = [expected, actual] as [List<ListKind>, List<ListKind>];
  const missing = withoutItems(kind, others)(some);
  const extra = withoutItems(kind, some)(others);
  if (missing.length === 0 && extra.length === 0) return null;
  return { missing: { [kind]: missing }, extra: { [kind]: extra } };
}
