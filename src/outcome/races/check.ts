/** Checks what a scenario expects of its race. */
import type { Program, Span } from '../../language';
import type { OnStep } from '../../simulator';
import { exploreRace, hasRace } from './explore';
import { type Verdict, verdictsOf } from './verdicts';

/** The result of a race, for tests. */
export interface CheckedRace {
  /** Line of the race, from 1. */
  readonly line: number;
  readonly keywordSpan: Span;
  readonly states: number;
  /** Whether every order was tried. */
  readonly complete: boolean;
  /** The verdicts that do not hold, or are not decided because not every order was tried. */
  readonly failed: readonly Verdict[];
}

/** States after which a test gives up: a minute, and some hundred megabytes. */
const MOST_STATES = 2_000_000;

/**
 * Tries every order of the race of a scenario, if it has one. Yields null now and then.
 * @param onStep Learns of each step that ran in some order, once.
 */
export function* checkRace(
  program: Program,
  {
    maxStates = MOST_STATES,
    onStep,
  }: { readonly maxStates?: number; readonly onStep?: OnStep | undefined } = {},
): Generator<null, CheckedRace | null> {
  if (!hasRace(program)) return null;
  const search = exploreRace(program, { maxStates });
  for (let next = search.next(); ; next = search.next()) {
    if (next.done !== true) {
      yield null;
      continue;
    }
    const { result } = next.value;
    if (onStep !== undefined) for (const step of result.steps.reached()) onStep(step);
    const failed = verdictsOf(next.value).filter(({ holds }) => holds !== true);
    const { line, keywordSpan } = program.race;
    return { line, keywordSpan, states: result.states, complete: result.complete, failed };
  }
}
