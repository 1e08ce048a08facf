/** Whether statements do what a scenario claims of them. */
import {
  type AllClaims,
  type Claims,
  type CompiledStatement,
  claimLines,
  type Program,
} from '../../language';
import { type Executed, runScenario, stepScenario } from '../run';
import { type Unmet, unmetClaims, withImplied } from './check';
import { claimsOf } from './claims';

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

export function checked(executed: Omit<Executed, 'next'>): Checked {
  return checkedAgainst(executed.statement, claimsOf(executed.events, executed));
}

/** Checks the statements of a scenario one by one, pausing after each step of the kernel: null until one has run. */
export function* checkInSteps(program: Program): Generator<Checked | null> {
  for (const executed of stepScenario(program)) yield executed === null ? null : checked(executed);
}

/** Runs the statements of a scenario one by one, each when the next is asked for. */
export function* checkScenario(program: Program): Generator<Checked> {
  for (const executed of runScenario(program)) yield checked(executed);
}

/** What became of a scenario's claims. */
export interface ScenarioReport {
  /** Null for the only scenario of a file without blocks. */
  readonly title: string | null;
  /** Statements of which something is claimed. */
  readonly claims: number;
  /** Of those, the ones that do something else. */
  readonly unmet: readonly Checked[];
}

export function reportOn({ title }: Program, all: readonly Checked[]): ScenarioReport {
  const claims = all.filter(({ statement }) => statement.expected !== null);
  return { title, claims: claims.length, unmet: claims.filter(({ unmet }) => unmet.length > 0) };
}

/** A claim that is not so, in a sentence. */
export function unmetSentence({ expected, actual }: Unmet): string {
  return `Claimed is ${expected}; what happens is ${actual || 'nothing of the kind'}.`;
}

/** What is not as claimed, a sentence a line. */
export function unmetText({ unmet }: Checked): string {
  return unmet.map(unmetSentence).join('\n');
}

/** What an outcome claims of a kind, and what the statement did in the place of that; an item a line. */
export function bothSides(
  { statement: { expected }, actual }: Checked,
  { kind }: Unmet,
): { readonly claimed: string; readonly actual: string } {
  const lines = (claims: Claims) => claimLines({ [kind]: claims[kind] }).join('\n');
  return { claimed: lines(withImplied(expected ?? {})), actual: lines(actual) };
}
