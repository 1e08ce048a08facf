/** Comparing what a scenario claims of a statement with what it did. */
import { type AllClaims, CLAIM_KINDS, type ClaimKind, type Claims, printClaims } from '../../language';
import { type Difference, differenceOf } from './difference';

/** A claim that is not so. */
export interface Unmet extends Difference {
  readonly kind: ClaimKind;
  /** As one types it. */
  readonly expected: string;
  readonly actual: string;
  /** Whether the outcome claims it without saying it. */
  readonly implied: boolean;
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
  return CLAIM_KINDS.flatMap((kind): Unmet[] => {
    if (claims[kind] === undefined) return [];
    const difference = differenceOf(kind, claims[kind], actual[kind]);
    if (difference === null) return [];
    return [
      {
        kind,
        expected: printClaims({ [kind]: claims[kind] }),
        actual: printClaims({ [kind]: actual[kind] }),
        implied: expected[kind] === undefined,
        ...difference,
      },
    ];
  });
}
