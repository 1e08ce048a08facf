import type { WordDoc } from '../table/syntax';
import type { ExpectationKind } from './expectations';

/** The words of expectations that are about all orders of a race. */

export const QUANTIFIERS = [
  {
    word: 'always',
    doc: 'Must hold in every order of the race. An expectation without a quantifier means `always`.',
  },
  { word: 'never', doc: 'Must not hold in any order of the race.' },
  { word: 'sometimes', doc: 'Must hold in at least one order of the race.' },
] as const satisfies readonly WordDoc[];

export type Quantifier = (typeof QUANTIFIERS)[number]['word'];

/** What a race can expect of all orders, behind its `}`. */
export const VIOLATIONS = [
  { word: 'STALE', doc: 'A mapping remains that should have been zapped.' },
  { word: 'WARN', doc: 'The kernel reaches a WARN_ON_ONCE or a BUG.' },
  { word: 'oops', doc: 'The kernel itself stops.' },
  { word: 'deadlock', doc: 'Calls wait for each other, and none can continue.' },
  { word: 'livelock', doc: 'A call retries forever, although no other call can make progress.' },
  { word: 'violation', doc: 'The state violates an invariant of the kernel, the RMP or the TDX module.' },
] as const satisfies readonly WordDoc[];

export type Violation = (typeof VIOLATIONS)[number]['word'];

export const QUANTIFIER_WORDS: readonly Quantifier[] = QUANTIFIERS.map(({ word }) => word);
export const VIOLATION_WORDS: readonly Violation[] = VIOLATIONS.map(({ word }) => word);

/** What a task sees of its own call, whatever the other tasks do. */
const SEEN_BY_TASK: ReadonlySet<ExpectationKind> = new Set<ExpectationKind>([
  ...(['result', 'left', 'exit', 'retried', 'read', 'guest', 'instruction'] as const),
]);

export function isSeenByTask(kind: ExpectationKind): boolean {
  return SEEN_BY_TASK.has(kind);
}
