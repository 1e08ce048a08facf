/** Comparing what a scenario claims of a statement with what it did. */
import {
  type AllClaims,
  CLAIM_KINDS,
  type ClaimKind,
  type Claims,
  type ExitClaim,
  type FilePagesClaim,
  type GuestExceptionClaim,
  type LeafClaim,
  printClaims,
  type RmpClaim,
  type SigbusClaim,
  type ZapClaim,
} from '../language';
import { gaps, put, type Range, type RangeSet } from '../simulator/ranges';

/** A claim that is not so. */
export interface Unmet {
  readonly kind: ClaimKind;
  /** As one types it. */
  readonly expected: string;
  readonly actual: string;
}

/** The pages of the ranges, whatever their order and however they are cut. */
function pagesOf(ranges: readonly Range[]): RangeSet {
  return ranges.reduce<RangeSet>((set, { start, end }) => put(set, start, end, true), []);
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function samePages(a: readonly Range[], b: readonly Range[]): boolean {
  return sameJson(pagesOf(a), pagesOf(b));
}

/** Both have the same groups, and each group the same pages. */
function sameGroups<T>(
  a: readonly T[],
  b: readonly T[],
  keyOf: (item: T) => string,
  rangesOf: (item: T) => readonly Range[],
): boolean {
  const grouped = (items: readonly T[]) => {
    const groups = new Map<string, Range[]>();
    for (const item of items)
      groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), ...rangesOf(item)]);
    return groups;
  };
  const [left, right] = [grouped(a), grouped(b)];
  return (
    left.size === right.size && [...left].every(([key, ranges]) => samePages(ranges, right.get(key) ?? []))
  );
}

function zapRuns(zaps: readonly ZapClaim[]) {
  return zaps.flatMap(({ slot, leaves }) =>
    slot === null && leaves.length === 0
      ? [{ key: 'all roots', ranges: [] }]
      : leaves.map((leaf) => ({ key: `${slot} ${leaf.level}`, ranges: [leaf] })),
  );
}

function agrees(claim: LeafClaim, leaf: LeafClaim): boolean {
  return (
    (claim.level === null || claim.level === leaf.level) &&
    (claim.rights === null || claim.rights === leaf.rights)
  );
}

/** Whether the ranges, together, have all pages of `range`. */
function cover(ranges: readonly Range[], range: Range): boolean {
  const near = ranges.filter(({ start, end }) => start < range.end && end > range.start);
  return gaps(pagesOf(near), range.start, range.end).length === 0;
}

/**
 * Claimed leaves cover what there is, with the level and the rights where those are claimed. A page may be mapped twice
 * in one call, by a huge leaf and by a small one in its place: each of them wants its claim.
 */
function sameLeaves(expected: readonly LeafClaim[], actual: readonly LeafClaim[]): boolean {
  return (
    expected.every((claim) =>
      cover(
        actual.filter((leaf) => agrees(claim, leaf)),
        claim,
      ),
    ) &&
    actual.every((leaf) =>
      cover(
        expected.filter((claim) => agrees(claim, leaf)),
        leaf,
      ),
    )
  );
}

function sameExit(expected: ExitClaim | null, actual: ExitClaim | null): boolean {
  if (expected === null || actual === null) return expected === actual;
  if (!('gpa' in expected) || !('gpa' in actual)) return expected.reason === actual.reason;
  const isAt = expected.gpa === null || expected.gpa === actual.gpa;
  return isAt && sameWords({ ...expected, gpa: null }, { ...actual, gpa: null });
}

function sameWords(a: object, b: object): boolean {
  return sameJson(Object.entries(a).sort(), Object.entries(b).sort());
}

/** Entries that become the same add up. */
function sameRmp(expected: readonly RmpClaim[], actual: readonly RmpClaim[]): boolean {
  const anyAsid = expected.every(({ asid }) => asid === null);
  const totals = (claims: readonly RmpClaim[]) => {
    const sums = new Map<string, number>();
    for (const { entries, level, to, asid } of claims) {
      const key = `${level} ${to} ${anyAsid ? '' : asid}`;
      sums.set(key, (sums.get(key) ?? 0) + entries);
    }
    return [...sums].sort();
  };
  return sameJson(totals(expected), totals(actual));
}

function sameExceptions(
  expected: readonly GuestExceptionClaim[],
  actual: readonly GuestExceptionClaim[],
): boolean {
  return (
    expected.length === actual.length &&
    expected.every(({ vector, gfn }, at) => {
      const other = actual[at]!;
      return vector === other.vector && (gfn === null || gfn === other.gfn);
    })
  );
}

const addressOf = ({ slot, gfn }: SigbusClaim) => `${slot} ${gfn}`;

const samePagesOfFiles = (expected: readonly FilePagesClaim[], actual: readonly FilePagesClaim[]) =>
  sameGroups(
    expected,
    actual,
    ({ file }) => file,
    ({ pages }) => pages,
  );

type Same<K extends ClaimKind> = (
  expected: NonNullable<AllClaims[K]>,
  actual: NonNullable<AllClaims[K]>,
) => boolean;

const SAME: { readonly [K in Exclude<ClaimKind, 'exit'>]: Same<K> } = {
  result: Object.is,
  left: Object.is,
  zapped: (a, b) =>
    sameGroups(
      zapRuns(a),
      zapRuns(b),
      ({ key }) => key,
      ({ ranges }) => ranges,
    ),
  skipped: (a, b) => sameJson([...a].sort(), [...b].sort()),
  mapped: sameLeaves,
  rewrote: sameLeaves,
  mmio: samePages,
  stale: samePages,
  freed: samePagesOfFiles,
  allocated: samePagesOfFiles,
  poisoned: samePagesOfFiles,
  sigbus: (a, b) => sameJson(a.map(addressOf).sort(), b.map(addressOf).sort()),
  attributes: (a, b) =>
    sameGroups(
      a,
      b,
      ({ to }) => to,
      (range) => [range],
    ),
  unaccepted: samePages,
  rmp: sameRmp,
  psmash: Object.is,
  instruction: (a, b) => a.name === b.name && a.result === b.result,
  guest: sameExceptions,
  faults: Object.is,
  flush: Object.is,
  warn: Object.is,
};

function isMet<K extends ClaimKind>(kind: K, expected: Claims[K], actual: AllClaims): boolean {
  if (kind === 'exit') return sameExit(expected as ExitClaim | null, actual.exit);
  const found = actual[kind];
  if (found === undefined || found === null) return false;
  return (SAME[kind as Exclude<K, 'exit'>] as Same<K>)(
    expected as NonNullable<AllClaims[K]>,
    found as NonNullable<AllClaims[K]>,
  );
}

/**
 * What an outcome claims without saying it: success, where it names no errno and no exit; and that the vCPU stays in
 * the guest, where it names no errno either.
 */
export function withImplied(claims: Claims): Claims {
  const { result, exit } = claims;
  if (result !== undefined && result !== 'ok') return claims;
  const leaves = exit !== undefined && exit !== null;
  return { ...(leaves ? {} : { result: 'ok', exit: null }), ...claims };
}

/** The claims that are not so, in the order in which claims are written. */
export function unmetClaims(expected: Claims, actual: AllClaims): readonly Unmet[] {
  const claims = withImplied(expected);
  return CLAIM_KINDS.filter((kind) => claims[kind] !== undefined && !isMet(kind, claims[kind], actual)).map(
    (kind) => ({
      kind,
      expected: printClaims({ [kind]: claims[kind] }),
      actual: printClaims({ [kind]: actual[kind] }),
    }),
  );
}
