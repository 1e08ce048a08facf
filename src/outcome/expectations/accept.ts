/** The outcome that a scenario should claim, out of what a statement did. */
import { type AllClaims, CLAIM_KINDS, type ClaimKind, type Claims } from '../../language';
import { unmetClaims } from './check';

/** Whether a kind is expected where nothing was: it is what a reader wants to be sure of. */
const TOLD: Readonly<Record<ClaimKind, boolean>> = {
  result: true,
  left: true,
  exit: true,
  waited: true,
  retried: true,
  zapped: true,
  skipped: true,
  mapped: true,
  // Bits of a leaf that is there are seldom the point.
  rewrote: false,
  mmio: false,
  stale: true,
  freed: true,
  // A fault that maps a page says enough.
  allocated: false,
  poisoned: true,
  sigbus: true,
  // The statement names the range.
  attributes: false,
  unaccepted: true,
  rmp: true,
  psmash: true,
  instruction: true,
  guest: true,
  read: true,
  // What was mapped says enough.
  faults: false,
  flush: true,
  warn: true,
};

/** Whether there is nothing to tell of the kind: success, an empty list, no flush, what was read before any write. */
function isQuiet(kind: ClaimKind, actual: AllClaims): boolean {
  const claim = actual[kind];
  if (kind === 'result') return claim === 'ok';
  // A zero that is read is news where something was written.
  if (kind === 'read') return claim === undefined || actual.readsPlain;
  return (
    claim === undefined ||
    claim === null ||
    claim === false ||
    claim === 0 ||
    claim === 0n ||
    (Array.isArray(claim) && claim.length === 0)
  );
}

function pick(actual: AllClaims, wanted: (kind: ClaimKind) => boolean): Claims {
  return Object.fromEntries(CLAIM_KINDS.filter(wanted).map((kind) => [kind, actual[kind]]));
}

/** The claims, with what is so in the place of what is not. */
function corrected(claims: Claims, actual: AllClaims): Claims {
  const unmet = new Set(unmetClaims(claims, actual).map(({ kind }) => kind));
  return unmet.size === 0
    ? claims
    : corrected({ ...claims, ...pick(actual, (kind) => unmet.has(kind)) }, actual);
}

function isNews(kind: ClaimKind, actual: AllClaims): boolean {
  return TOLD[kind] && !isQuiet(kind, actual);
}

/** Whether a statement did something that is worth a claim, besides succeeding. */
export function hasNews(actual: AllClaims): boolean {
  return CLAIM_KINDS.some((kind) => isNews(kind, actual));
}

/**
 * Claims that are so. Where there were claims, they stay as they are if they are met; what the statement did is claimed
 * in the place of others, and of other kinds only where it has to be.
 */
export function acceptedClaims(expected: Claims | null, actual: AllClaims): Claims {
  const claims =
    expected === null ? pick(actual, (kind) => isNews(kind, actual)) : corrected(expected, actual);
  return CLAIM_KINDS.some((kind) => claims[kind] !== undefined) ? claims : { result: 'ok' };
}
