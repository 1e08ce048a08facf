import { type CallKeyword, isSilent, type Statement } from '../../language';
import { lockText } from '../../outcome';
import { nextStep } from '../../simulator/machine';
import { slotById } from '../../simulator/model/state-parts';
import type { HostedVm } from '../../simulator/model/vms';
import type { State } from '../../simulator/state';
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
 * The machine around a statement: statements that make something are told as they leave it, others as they
 * find it.
 */
export interface Moment {
  readonly before: HostedVm;
  /** Null where the statement did not run. */
  readonly after: HostedVm | null;
  /** Errno and reason, where KVM refused it. */
  readonly refusal: string | null;
}

type Facts = (statement: Statement, moment: Moment) => string[];

function slotOf(statement: Statement, at: HostedVm): string[] {
  const id = statement.numbers.slot?.value;
  return id === null || id === undefined ? [] : slotFacts(id, at);
}

/**
 * A slot as its statement leaves it. Where KVM refuses that, or the statement did not run: what it asks for, why it
 * does not get it, and the slot of that id as it stays, if there is one.
 */
function changedSlot(asked: (statement: Statement, at: HostedVm) => string[]): Facts {
  return (statement, { before, after, refusal }) => {
    if (after !== null && refusal === null) return slotOf(statement, after);
    const id = statement.numbers.slot?.value;
    const there = id !== null && id !== undefined && slotById(before.vm, Number(id)) !== undefined;
    return [
      ...asked(statement, before),
      ...(refusal === null ? [] : [`**KVM refuses it**: ${refusal}`]),
      ...(there ? ['As it stays:', ...slotFacts(id, before)] : []),
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

/** A call that has a name: where it stands, and what it holds. */
export function callFacts(name: string, state: State): string[] {
  const task = state.tasks.findLast(({ title }) => title === name);
  if (task === undefined) return [`\`${name}\` has returned, or has not begun`];
  const { procedure, label } = nextStep(state, task);
  const held = state.locks.filter((lock) => lock.task === task.id).map(({ lock }) => lockText(lock, state));
  return [
    `**\`${name}\`** stands still before ${label} of \`${procedure}\``,
    held.length === 0 ? 'holds no lock' : `holds ${held.join(', ')}`,
  ];
}

/** The same behind the statement that begins the call. */
export function begunCallFacts(name: string, after: State): string[] {
  const stands = after.tasks.some(({ title }) => title === name);
  return stands ? callFacts(name, after) : [`\`${name}\` returns here: it does not stand still`];
}

/** What the statement is about. */
export function statementFacts(statement: Statement, moment: Moment): string[] {
  const { keyword } = statement;
  if (keyword === 'continue') return callFacts(statement.names.call?.text ?? '', moment.before.state);
  return isSilent(keyword) || keyword === 'vm' ? [] : FACTS[keyword](statement, moment);
}
