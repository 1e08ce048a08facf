import { type CallKeyword, isSilent, type Statement } from '../../language';
import { lockText, markdownCode, markdownText } from '../../outcome';
import { type HostedVm, nextStep, type State, slotById } from '../../simulator';
import {
  acceptanceFacts,
  addressFacts,
  askedMoveFacts,
  askedSlotFacts,
  fileFacts,
  fileRangeFacts,
  guestRangeFacts,
  memoryFacts,
  slotFacts,
  vmFacts,
} from './facts';
import { fileRmpFacts, guestRmpFacts } from './rmp-facts';

/**
 * The machine before and after a statement. Statements that create something are described by the state after them,
 * others by the state before.
 */
export interface StatementRun {
  readonly before: HostedVm;
  /** Null if the statement did not run. */
  readonly after: HostedVm | null;
  /** Errno and reason if KVM refused it; otherwise null. */
  readonly refusal: string | null;
}

type Facts = (statement: Statement, moment: StatementRun) => string[];

function slotOf(statement: Statement, at: HostedVm): string[] {
  const id = statement.numbers.slot?.value;
  return id === null || id === undefined ? [] : slotFacts(id, at);
}

/**
 * The slot after its statement. If KVM refused it or the statement did not run: the request, the reason, and the
 * existing slot of that id, if any.
 */
function changedSlot(asked: (statement: Statement, at: HostedVm) => string[]): Facts {
  return (statement, { before, after, refusal }) => {
    if (after !== null && refusal === null) return slotOf(statement, after);
    const id = statement.numbers.slot?.value;
    const there = id !== null && id !== undefined && slotById(before.vm, Number(id)) !== undefined;
    return [
      ...asked(statement, before),
      ...(refusal === null ? [] : [`**KVM refuses it**: ${refusal}`]),
      ...(there ? ['Unchanged:', ...slotFacts(id, before)] : []),
    ];
  };
}

function fileOf(statement: Statement, { state }: HostedVm): string[] {
  const name = statement.names.file?.text;
  return name === undefined ? [] : fileFacts(name, state);
}

function addressOf(statement: Statement, at: HostedVm): string[] {
  const gpa = statement.numbers.gpa?.value;
  return gpa === null || gpa === undefined ? [] : addressFacts(gpa, at);
}

const guestRmp: Facts = (statement, { before }) => [
  ...guestRangeFacts(statement, before),
  ...guestRmpFacts(statement, before),
];

const fileRmp: Facts = (statement, { before }) => [
  ...fileRangeFacts(statement, before.state),
  ...fileRmpFacts(statement, before.state),
];

const FACTS: Readonly<Record<Exclude<CallKeyword, 'vm' | 'continue'>, Facts>> = {
  gmem: (statement, { before, after }) => fileOf(statement, after ?? before),
  slot: changedSlot(askedSlotFacts),
  move: changedSlot(askedMoveFacts),
  delete: (statement, { before }) => slotOf(statement, before),
  convert: (statement, { before }) => guestRangeFacts(statement, before),
  prefault: (statement, { before }) => guestRangeFacts(statement, before),
  fault: (statement, { before }) => [
    ...addressOf(statement, before),
    ...guestRmpFacts(statement, before),
    ...acceptanceFacts(statement, before),
  ],
  allocate: (statement, { before }) => fileRangeFacts(statement, before.state),
  punch: (statement, { before }) => fileRangeFacts(statement, before.state),
  truncate: (statement, { before }) => fileOf(statement, before),
  close: (statement, { before }) => fileOf(statement, before),
  poison: fileRmp,
  discard: (statement, { before }) => memoryFacts(statement, before),
  host: (statement, moment) =>
    statement.names.file === undefined ? memoryFacts(statement, moment.before) : fileRmp(statement, moment),
  switch: (_statement, { before, after }) => vmFacts((after ?? before).vm),
  'launch-update': (statement, { before }) => guestRangeFacts(statement, before),
  'launch-finish': (_statement, { before }) => vmFacts(before.vm),
  psc: guestRmp,
  pvalidate: guestRmp,
  rmpadjust: guestRmp,
  rmpquery: guestRmp,
  rmpupdate: fileRmp,
  psmash: fileRmp,
  rmpread: fileRmp,
  accept: (statement, { before }) => [
    ...guestRangeFacts(statement, before),
    ...acceptanceFacts(statement, before),
  ],
};

/** A named call: where it is suspended, and the locks it holds. */
export function callFacts(name: string, state: State): string[] {
  const task = state.tasks.findLast(({ title }) => title === name);
  if (task === undefined) return [`${markdownCode(name)} has returned, or has not begun`];
  const { procedure, label } = nextStep(state, task);
  const held = state.locks.filter((lock) => lock.task === task.id).map(({ lock }) => lockText(lock, state));
  return [
    `**${markdownCode(name)}** is suspended before ${label} of ${markdownCode(procedure)}`,
    held.length === 0 ? 'holds no lock' : markdownText(`holds ${held.join(', ')}`),
  ];
}

/** A named call after the statement that starts it. */
export function begunCallFacts(name: string, after: State): string[] {
  const suspended = after.tasks.some(({ title }) => title === name);
  return suspended ? callFacts(name, after) : [`${markdownCode(name)} returns here: it is not suspended`];
}

/** Facts about the objects of a statement. */
export function statementFacts(statement: Statement, moment: StatementRun): string[] {
  const { keyword } = statement;
  if (keyword === 'continue') return callFacts(statement.names.call?.text ?? '', moment.before.state);
  return isSilent(keyword) || keyword === 'vm' ? [] : FACTS[keyword](statement, moment);
}
