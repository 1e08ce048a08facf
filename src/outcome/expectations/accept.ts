/** The outcome that a scenario should expect, out of what a statement did. */
import {
  type AllExpectations,
  EXPECTATION_KINDS,
  type ExpectationKind,
  type Expectations,
} from '../../language';
import { failedExpectations } from './check';

/** Whether a kind is expected where nothing was: it is what a reader wants to be sure of. */
const TOLD: Readonly<Record<ExpectationKind, boolean>> = {
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
function isQuiet(kind: ExpectationKind, actual: AllExpectations): boolean {
  const expectation = actual[kind];
  if (kind === 'result') return expectation === 'ok';
  // A zero that is read is news where something was written.
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

function pick(actual: AllExpectations, wanted: (kind: ExpectationKind) => boolean): Expectations {
  return Object.fromEntries(EXPECTATION_KINDS.filter(wanted).map((kind) => [kind, actual[kind]]));
}

/** The expectations, with what is so in the place of what is not. */
function corrected(expectations: Expectations, actual: AllExpectations): Expectations {
  const failed = new Set(failedExpectations(expectations, actual).map(({ kind }) => kind));
  return failed.size === 0
    ? expectations
    : corrected({ ...expectations, ...pick(actual, (kind) => failed.has(kind)) }, actual);
}

function isNews(kind: ExpectationKind, actual: AllExpectations): boolean {
  return TOLD[kind] && !isQuiet(kind, actual);
}

/** Whether a statement did something that is worth an expectation, besides succeeding. */
export function hasNews(actual: AllExpectations): boolean {
  return EXPECTATION_KINDS.some((kind) => isNews(kind, actual));
}

/**
 * Expectations that are so. Where there were expectations, they stay as they are if they are met; what the statement did is expected
 * in the place of others, and of other kinds only where it has to be.
 */
export function acceptedExpectations(expected: Expectations | null, actual: AllExpectations): Expectations {
  const expectations =
    expected === null ? pick(actual, (kind) => isNews(kind, actual)) : corrected(expected, actual);
  return EXPECTATION_KINDS.some((kind) => expectations[kind] !== undefined) ? expectations : { result: 'ok' };
}
