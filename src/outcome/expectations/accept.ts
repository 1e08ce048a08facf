/** Chooses the expectations to write for the outcome of a statement. */
import {
  EXPECTATION_KINDS,
  type ExpectationKind,
  type Expectations,
  type ObservedOutcome,
} from '../../language';
import { failedExpectations } from './check';

/** Whether a kind is written for a statement without expectations: only what readers want to be sure of. */
const BY_DEFAULT: Readonly<Record<ExpectationKind, boolean>> = {
  result: true,
  left: true,
  exit: true,
  waited: true,
  retried: true,
  zapped: true,
  skipped: true,
  mapped: true,
  // Changed bits of a leaf are seldom the point.
  rewrote: false,
  mmio: false,
  stale: true,
  freed: true,
  // What was mapped says enough.
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

/** Whether the value of a kind is unremarkable: success, an empty list, no flush, a read before any write. */
function isQuiet(kind: ExpectationKind, actual: ObservedOutcome): boolean {
  const expectation = actual[kind];
  if (kind === 'result') return expectation === 'ok';
  // A zero that is read is remarkable if a value was written.
  if (kind === 'read') return expectation === undefined || actual.readsPlain;
  return (
    expectation === undefined ||
    expectation === null ||
    expectation === false ||
    expectation === 0 ||
    expectation === 0n ||
    (Array.isArray(expectation) && expectation.length === 0)
  );
}

function pick(actual: ObservedOutcome, wanted: (kind: ExpectationKind) => boolean): Expectations {
  return Object.fromEntries(EXPECTATION_KINDS.filter(wanted).map((kind) => [kind, actual[kind]]));
}

/** The expectations, with the failed ones replaced by the outcome. */
function corrected(expectations: Expectations, actual: ObservedOutcome): Expectations {
  const failed = new Set(failedExpectations(expectations, actual).map(({ kind }) => kind));
  return failed.size === 0
    ? expectations
    : corrected({ ...expectations, ...pick(actual, (kind) => failed.has(kind)) }, actual);
}

function isNews(kind: ExpectationKind, actual: ObservedOutcome): boolean {
  return BY_DEFAULT[kind] && !isQuiet(kind, actual);
}

/** Whether the outcome of a statement is worth an expectation, apart from success. */
export function hasNews(actual: ObservedOutcome): boolean {
  return EXPECTATION_KINDS.some((kind) => isNews(kind, actual));
}

/**
 * Expectations that match the outcome. Existing expectations stay if they are met, and are replaced by the outcome if
 * they fail; other kinds are added only if an implied expectation requires it.
 */
export function acceptedExpectations(expected: Expectations | null, actual: ObservedOutcome): Expectations {
  const expectations =
    expected === null ? pick(actual, (kind) => isNews(kind, actual)) : corrected(expected, actual);
  return EXPECTATION_KINDS.some((kind) => expectations[kind] !== undefined) ? expectations : { result: 'ok' };
}
