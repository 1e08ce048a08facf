/** Whether statements do what a scenario expects of them. */
import {
  type AllExpectations,
  type CompiledStatement,
  type Expectations,
  expectationLines,
  type Program,
} from '../../language';
import { type Executed, runScenario, stepScenario } from '../run';
import { type FailedExpectation, failedExpectations, withImplied } from './check';
import { expectationsOf } from './expectations';

/** A statement that ran, and what of its expectations is not so. */
export interface Checked {
  readonly statement: CompiledStatement;
  readonly failed: readonly FailedExpectation[];
  readonly actual: AllExpectations;
}

export function checkedAgainst(statement: CompiledStatement, actual: AllExpectations): Checked {
  const { expected } = statement;
  return { statement, failed: expected === null ? [] : failedExpectations(expected, actual), actual };
}

export function checked(executed: Omit<Executed, 'next'>): Checked {
  return checkedAgainst(executed.statement, expectationsOf(executed.events, executed));
}

/** Checks the statements of a scenario one by one, pausing after each step of the kernel: null until one has run. */
export function* checkInSteps(program: Program): Generator<Checked | null> {
  for (const executed of stepScenario(program)) yield executed === null ? null : checked(executed);
}

/** Runs the statements of a scenario one by one, each when the next is asked for. */
export function* checkScenario(program: Program): Generator<Checked> {
  for (const executed of runScenario(program)) yield checked(executed);
}

/** What became of a scenario's expectations. */
export interface ScenarioReport {
  /** Null for the only scenario of a file without blocks. */
  readonly title: string | null;
  /** Statements of which something is expected. */
  readonly expectations: number;
  /** Of those, the ones that do something else. */
  readonly failed: readonly Checked[];
}

export function reportOn({ title }: Program, all: readonly Checked[]): ScenarioReport {
  const expectations = all.filter(({ statement }) => statement.expected !== null);
  return {
    title,
    expectations: expectations.length,
    failed: expectations.filter(({ failed }) => failed.length > 0),
  };
}

/** An expectation that is not so, in a sentence. */
export function failedExpectationSentence({ expected, actual }: FailedExpectation): string {
  return `Expected ${expected}; what happens is ${actual || 'nothing of the kind'}.`;
}

/** What is not as expected, a sentence a line. */
export function failedExpectationText({ failed }: Checked): string {
  return failed.map(failedExpectationSentence).join('\n');
}

/** What an outcome expects of a kind, and what the statement did in the place of that; an item a line. */
export function bothSides(
  { statement: { expected }, actual }: Checked,
  { kind }: FailedExpectation,
): { readonly expectedItems: string; readonly actual: string } {
  const lines = (expectations: Expectations) => expectationLines({ [kind]: expectations[kind] }).join('\n');
  return { expectedItems: lines(withImplied(expected ?? {})), actual: lines(actual) };
}
