/** Checks statements against their expectations. */
import {
  type CompiledStatement,
  type Expectations,
  expectationLines,
  type ObservedOutcome,
  type Program,
} from '../../language';
import type { OnStep } from '../../simulator';
import type { CheckedRace } from '../races/check';
import { type Executed, runScenario, stepScenario } from '../run';
import { type FailedExpectation, failedExpectations, withImplied } from './check';
import { observedOutcome } from './observed';

/** A statement that ran, and its failed expectations. */
export interface Checked {
  readonly statement: CompiledStatement;
  readonly failed: readonly FailedExpectation[];
  readonly actual: ObservedOutcome;
}

export function checkedAgainst(statement: CompiledStatement, actual: ObservedOutcome): Checked {
  const { expected } = statement;
  return { statement, failed: expected === null ? [] : failedExpectations(expected, actual), actual };
}

export function checked(executed: Omit<Executed, 'next'>): Checked {
  return checkedAgainst(executed.statement, observedOutcome(executed.events, executed));
}

/**
 * Runs and checks a scenario, and yields null after each kernel step, and each statement once it is checked.
 * @param onStep Learns of each step that ran.
 */
export function* checkInSteps(program: Program, onStep?: OnStep): Generator<Checked | null> {
  for (const executed of stepScenario(program, onStep)) yield executed === null ? null : checked(executed);
}

/** Runs a scenario lazily, and yields each checked statement. */
export function* checkScenario(program: Program): Generator<Checked> {
  for (const executed of runScenario(program)) yield checked(executed);
}

/** The results of a scenario's expectations. */
export interface ScenarioReport {
  /** Null for a file without blocks. */
  readonly title: string | null;
  /** The number of statements with expectations. */
  readonly expectations: number;
  /** The statements with failed expectations. */
  readonly failed: readonly Checked[];
  /** Its race, whose expectations are not among those of the statements. */
  readonly race: CheckedRace | null;
}

/** @param race The result of the scenario's race, which says whether the expectations in and behind it hold. */
export function reportOn(
  { title }: Program,
  all: readonly Checked[],
  race: CheckedRace | null,
): ScenarioReport {
  const expectations = all.filter(
    ({ statement: { expected, quantified } }) => expected !== null || quantified.length > 0,
  );
  return {
    title,
    expectations: expectations.length + (race === null ? 0 : 1),
    failed: expectations.filter(
      ({ statement, failed }) => failed.length > 0 && (race === null || statement.race === null),
    ),
    race,
  };
}

/** A failed expectation as a sentence. */
export function failedExpectationSentence({ expected, actual }: FailedExpectation): string {
  return `Expected ${expected}, but got ${actual || 'nothing of the kind'}.`;
}

/** All failed expectations, one sentence per line. */
export function failedExpectationText({ failed }: Checked): string {
  return failed.map(failedExpectationSentence).join('\n');
}

/** The expected and actual items of a failed expectation, one per line. */
export function bothSides(
  { statement: { expected }, actual }: Checked,
  { kind }: FailedExpectation,
): { readonly expected: string; readonly actual: string } {
  const lines = (expectations: Expectations) => expectationLines({ [kind]: expectations[kind] }).join('\n');
  return { expected: lines(withImplied(expected ?? {})), actual: lines(actual) };
}
