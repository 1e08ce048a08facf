import type { Keyword, Statement } from '../language';
import type { State } from '../simulator/state';
import {
  addressFacts,
  fileFacts,
  fileRangeFacts,
  guestRangeFacts,
  memoryFacts,
  slotFacts,
  vmFacts,
} from './facts';
import { fileRmpFacts, guestRmpFacts } from './rmp-facts';

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

const guestRmp: Facts = (statement, { before }) => [
  ...guestRangeFacts(statement, before),
  ...guestRmpFacts(statement, before),
];

const fileRmp: Facts = (statement, { before }) => [
  ...fileRangeFacts(statement, before),
  ...fileRmpFacts(statement, before),
];

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
  host: (statement, moment) =>
    statement.names.file === undefined ? memoryFacts(statement, moment.before) : fileRmp(statement, moment),
  switch: (_statement, { before, after }) => vmFacts(after ?? before),
  'launch-update': (statement, { before }) => guestRangeFacts(statement, before),
  'launch-finish': (_statement, { before }) => vmFacts(before),
  psc: guestRmp,
  pvalidate: guestRmp,
  rmpadjust: guestRmp,
  rmpquery: guestRmp,
  rmpupdate: fileRmp,
  psmash: fileRmp,
  rmpread: fileRmp,
};

/** What the statement is about. */
export function statementFacts(statement: Statement, moment: Moment): string[] {
  const { keyword } = statement;
  return keyword === 'kernel' || keyword === 'vm' ? [] : FACTS[keyword](statement, moment);
}
