/** Whether statements do what a scenario claims of them. */
import type { AllClaims, CompiledStatement, Program } from '../language';
import { type Unmet, unmetClaims } from './check';
import { claimsOf } from './claims';
import { type Executed, runScenario } from './run';

/** A statement that ran, and what of its claims is not so. */
export interface Checked {
  readonly statement: CompiledStatement;
  readonly unmet: readonly Unmet[];
  readonly actual: AllClaims;
}

export function checkedAgainst(statement: CompiledStatement, actual: AllClaims): Checked {
  const { expected } = statement;
  return { statement, unmet: expected === null ? [] : unmetClaims(expected, actual), actual };
}

export function checked({ statement, events, before, after }: Executed): Checked {
  return checkedAgainst(statement, claimsOf(events, before, after));
}

/** Runs the statements of a scenario one by one, each when the next is asked for. */
export function* checkScenario(program: Program): Generator<Checked> {
  for (const executed of runScenario(program)) yield checked(executed);
}
