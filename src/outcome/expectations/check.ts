/** Compares the expectations of a statement with its outcome. */
import {
  EXPECTATION_KINDS,
  type ExpectationKind,
  type Expectations,
  type ObservedOutcome,
  printExpectations,
} from '../../language';
import { type Difference, differenceOf } from './difference';
import { withRoots } from './root';

/** A failed expectation. */
export interface FailedExpectation extends Difference {
  readonly kind: ExpectationKind;
  /** As written in a scenario. */
  readonly expected: string;
  readonly actual: string;
  /** Whether the expectation is implied rather than written. */
  readonly implied: boolean;
}

/**
 * Adds the implied expectations: unless an errno or an exit is expected, the call succeeds and the vCPU does not exit.
 */
export function withImplied(expectations: Expectations): Expectations {
  const { result, exit } = expectations;
  if (result !== undefined && result !== 'ok') return expectations;
  const leaves = exit !== undefined && exit !== null;
  return { ...(leaves ? {} : { result: 'ok', exit: null }), ...expectations };
}

/** How an expectation fails; null if it is met. */
export function failureOf<K extends ExpectationKind>(
  kind: K,
  expected: Expectations[K],
  actual: Expectations[K],
): Difference | null {
  // A livelock is a retry that no other call can end.
  if (kind === 'result' && expected === 'retries' && actual === 'livelock') return null;
  return differenceOf(kind, expected, actual);
}

/** The failed expectations, in the order of printing. */
export function failedExpectations(
  expected: Expectations,
  actual: ObservedOutcome,
): readonly FailedExpectation[] {
  const expectations = withImplied(expected);
  return EXPECTATION_KINDS.flatMap((kind): FailedExpectation[] => {
    if (expectations[kind] === undefined) return [];
    const difference = failureOf(kind, expectations[kind], withRoots(kind, expectations[kind], actual[kind]));
    if (difference === null) return [];
    return [
      {
        kind,
        expected: printExpectations({ [kind]: expectations[kind] }),
        actual: printExpectations({ [kind]: actual[kind] }),
        implied: expected[kind] === undefined,
        ...difference,
      },
    ];
  });
}
