/** A statement as a record of `run --json`, and as a part of the other documents. */
import type { CompiledStatement, Program } from '../../language';
import type { Event } from '../../simulator';
import type { Executed } from '../run';
import { type Description, describe } from '../text/describe';
import type { Verdict } from '../text/part';
import type { Outcome } from './outcome';
import { leafRecord } from './ranges';
import { outcomeOf } from './record';
import { type LeafRecord, type Told, toldOf } from './told';

/** The version of every document. It rises when a key is removed or changes its meaning; new keys do not change it. */
export const JSON_VERSION = 1;

/** The complete outcome of a statement. */
export interface StatementOutcome extends Outcome, Told {
  /** Number of the affected VM, whose gfns and slots they are. */
  readonly vm: number;
  readonly verdicts: readonly Verdict[];
  /** The leaves that each slot lost, for whatever reason. */
  readonly lost?: readonly { readonly slot: number; readonly leaves: readonly LeafRecord[] }[];
}

/** The location of a statement. */
export interface StatementPlace {
  readonly file: string;
  /** Title of its scenario; absent for a file without blocks. */
  readonly scenario?: string;
  /** From 1. */
  readonly line: number;
  /** Its keyword. */
  readonly statement: string;
}

/** A line of `run --json`. */
export type StatementRecord = { readonly version: number } & StatementPlace & StatementOutcome;

export function statementOutcome(
  events: readonly Event[],
  { parts, verdicts, lost }: Description,
  vm: number,
): StatementOutcome {
  const losses = lost.map(({ slot, leaves }) => ({ slot, leaves: leaves.map(leafRecord) }));
  return {
    vm,
    verdicts,
    ...outcomeOf(events),
    ...toldOf(parts),
    ...(losses.length === 0 ? {} : { lost: losses }),
  };
}

/** @param file The file, as the user named it. */
export function placeOf(
  file: string,
  { title }: Pick<Program, 'title'>,
  { line, statement }: CompiledStatement,
): StatementPlace {
  return { file, ...(title === null ? {} : { scenario: title }), line, statement: statement.keyword };
}

export function outcomeOfExecuted(executed: Omit<Executed, 'next'>): StatementOutcome {
  const { statement, events, vmId } = executed;
  return statementOutcome(events, describe(statement, events, executed), vmId);
}

export function recordOf(
  file: string,
  program: Pick<Program, 'title'>,
  executed: Omit<Executed, 'next'>,
): StatementRecord {
  return {
    version: JSON_VERSION,
    ...placeOf(file, program, executed.statement),
    ...outcomeOfExecuted(executed),
  };
}
