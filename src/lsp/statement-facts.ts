import type { Keyword, Statement } from '../language';
import type { State } from '../simulator/state';
import { addressFacts, fileFacts, fileRangeFacts, guestRangeFacts, memoryFacts, slotFacts } from './facts';

/**
 * The machine around a statement: statements that make something are told as they leave it, others as they
 * find it.
 */
export interface Moment {
  readonly before: State;
  /** Null where the statement did not run. */
  readonly after: State | null;
}

type Facts = (statement: Statement, moment: Moment) => string[];

function slotOf(statement: Statement, state: State): string[] {
  const id = statement.numbers.slot?.value;
  return id === null || id === undefined ? [] : slotFacts(id, state);
}

function fileOf(statement: Statement, state: State): string[] {
  const name = statement.names.file?.text;
  return name === undefined ? [] : fileFacts(name, state);
}

function addressOf(statement: Statement, state: State): string[] {
  const gpa = statement.numbers.gpa?.value;
  return gpa === null || gpa === undefined ? [] : addressFacts(gpa, state);
}

const FACTS: Readonly<Record<Exclude<Keyword, 'kernel' | 'vm'>, Facts>> = {
  gmem: (statement, { before, after }) => fileOf(statement, after ?? before),
  slot: (statement, { before, after }) => slotOf(statement, after ?? before),
  move: (statement, { before, after }) => slotOf(statement, after ?? before),
  delete: (statement, { before }) => slotOf(statement, before),
  convert: (statement, { before }) => guestRangeFacts(statement, before),
  prefault: (statement, { before }) => guestRangeFacts(statement, before),
  fault: (statement, { before }) => addressOf(statement, before),
  allocate: (statement, { before }) => fileRangeFacts(statement, before),
  punch: (statement, { before }) => fileRangeFacts(statement, before),
  truncate: (statement, { before }) => fileOf(statement, before),
  close: (statement, { before }) => fileOf(statement, before),
  discard: (statement, { before }) => memoryFacts(statement, before),
  host: (statement, { before }) => memoryFacts(statement, before),
};

/** What the statement is about. */
export function statementFacts(statement: Statement, moment: Moment): string[] {
  const { keyword } = statement;
  return keyword === 'kernel' || keyword === 'vm' ? [] : FACTS[keyword](statement, moment);
}
