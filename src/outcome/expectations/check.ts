/** Comparing what a scenario expects of a statement with what it did. */
import {
  type AllExpectations,
  EXPECTATION_KINDS,
  type ExpectationKind,
  type Expectations,
  printExpectations,
} from '../../language';
import { type Difference, differenceOf } from './difference';

/** An expectation that is not so. */
export interface FailedExpectation extends Difference {
  readonly kind: ExpectationKind;
  /** As one types it. */
  readonly expected: string;
  readonly actual: string;
  /** Whether the outcome expects it without saying it. */
  readonly implied: boolean;
}

/**
 * What an outcome expects without saying it: success, where it names no errno and no exit; and that the vCPU stays in
 * the guest, where it names no errno either.
 */
export function withImplied(expectations: Expectations): Expectations {
  const { result, exit } = expectations;
  if (result !== undefined && result !== 'ok') return expectations;
  const leaves = exit !== undefined && exit !== null;
  return { ...(leaves ? {} : { result: 'ok', exit: null }), ...expectations };
}

/** The expectations that are not so, in the order in which expects are written. */
export function failedExpectations(
  expected: Expectations,
  actual: AllExpectations,
): readonly FailedExpectation[] {
  const expectations = withImplied(expected);
  return EXPECTATION_KINDS.flatMap((kind): FailedExpectation[] => {
    if (expectations[kind] === undefined) return [];
    const difference = differenceOf(kind, expectations[kind], actual[kind]);
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
