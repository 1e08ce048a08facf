/** What a person can ask the debugger to stop at besides breakpoints: one entry of the table for each filter. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { CompiledStatement } from '../language';
import { checked, errorCodeNames, gfnText, hex, isUnmet, resultOf, stillOf, unmetText } from '../outcome';
import type { ExitEvent, FaultEvent } from '../simulator/events';
import type { TracedEvent } from '../simulator/machine';
import { PFERR_GUEST_RMP } from '../simulator/model/error-code';
import { pageOf } from '../simulator/units';
import type { Rule, Verdict } from './breakpoints/rule';
import { aroundOf, eventsBetween, eventsOf, hasReturned, type Moment } from './moment';
import type { Exceptional } from './stops';

/** A step, and what is known of the statement that it belongs to. */
interface Step {
  readonly from: Moment;
  readonly to: Moment;
  /** The statement that it belongs to. */
  readonly statement: CompiledStatement;
  /** What a statement did, in words. */
  readonly describe: (statement: number) => string;
}

interface Filter {
  readonly filter: string;
  readonly label: string;
  readonly description: string;
  /** An example of a condition. */
  readonly condition: string;
  /** Whether it is on before the client says anything. */
  readonly default: boolean;
  /** What is exceptional in a step; null where nothing is. */
  readonly find: (step: Step) => Omit<Exceptional, 'filter'> | null;
}

type EventOf<T extends TracedEvent['type']> = Extract<TracedEvent, { readonly type: T }>;

/** The first event of a type that the step emitted. */
function emitted<T extends TracedEvent['type']>({ from, to }: Step, type: T): EventOf<T> | undefined {
  return eventsBetween(from, to).find((event): event is EventOf<T> => event.type === type);
}

function memoryFaultText({ vcpu, gpa, private: isPrivate }: ExitEvent & { readonly reason: 'memory-fault' }) {
  const page = pageOf(gpa);
  return (
    `vCPU ${vcpu} left the guest: its access to gpa ${hex(gpa)} ` +
    `(${gfnText({ start: page, end: page + 1 })}) needs a ${isPrivate ? 'private' : 'shared'} page.`
  );
}

function rmpFaultText({ vcpu, gpa, errorCode }: FaultEvent): string {
  return (
    `The RMP forbids the access of vCPU ${vcpu} to gpa ${hex(gpa)}: ` +
    `error code ${hex(errorCode)} (${errorCodeNames(errorCode)}).`
  );
}

const FILTERS: readonly Filter[] = [
  {
    filter: 'failed',
    label: 'Failed statements',
    description: 'Stop after a statement whose call fails with an errno, or would never end.',
    condition: 'result == EINVAL',
    default: false,
    find: ({ to, describe }) => {
      const result = hasReturned(to) ? resultOf(eventsOf(to)) : 'ok';
      const why = stillOf(eventsOf(to))?.why;
      // To stand still is no failure, if another call can change it.
      const stands = why !== undefined && why !== 'deadlock' && why !== 'returned';
      return result === 'ok' || stands ? null : { what: result, message: describe(to.statement) };
    },
  },
  {
    filter: 'unmet',
    label: 'Outcomes not met',
    description: 'Stop after a statement that does something else than what is claimed of it behind =>.',
    condition: 'statement.kind == punch',
    default: true,
    find: ({ to, statement }) => {
      if (statement.expected === null || !hasReturned(to)) return null;
      const result = checked({ statement, events: eventsOf(to), ...aroundOf(to) });
      return isUnmet(result) ? { what: 'outcome not met', message: unmetText(result) } : null;
    },
  },
  {
    filter: 'memory-fault',
    label: 'Memory fault exits',
    description: 'Stop after a statement in which KVM_RUN left with KVM_EXIT_MEMORY_FAULT.',
    condition: 'statement.gpa >= 0x90000000',
    default: false,
    find: ({ to }) => {
      if (!hasReturned(to)) return null;
      const exit = eventsOf(to).findLast((event) => event.type === 'exit');
      if (exit?.reason !== 'memory-fault') return null;
      return { what: 'KVM_EXIT_MEMORY_FAULT', message: memoryFaultText(exit) };
    },
  },
  {
    filter: 'rmp-fault',
    label: 'RMP faults',
    description: 'Stop behind the step that reports a nested page fault because of the RMP.',
    condition: 'page(statement.gpa).attribute == private',
    default: false,
    find: (step) => {
      const fault = emitted(step, 'fault');
      if (fault === undefined || (fault.errorCode & PFERR_GUEST_RMP) === 0n) return null;
      return { what: 'RMP fault', message: rmpFaultText(fault) };
    },
  },
  {
    filter: 'warn',
    label: 'Kernel warnings',
    description:
      'Stop behind the step in which a WARN_ON_ONCE or a BUG is reached, or the kernel itself faults.',
    condition: 'statement.kind == punch',
    default: true,
    find: (step) => {
      const warn = emitted(step, 'warn') ?? emitted(step, 'oops');
      if (warn === undefined) return null;
      const what = warn.type === 'warn' ? 'kernel warning' : 'kernel fault';
      return { what, message: `${warn.procedure}, ${warn.label}: ${warn.text}` };
    },
  },
];

export const EXCEPTION_FILTERS: readonly DebugProtocol.ExceptionBreakpointsFilter[] = FILTERS.map(
  ({ filter, label, description, condition, default: isDefault }) => ({
    filter,
    label,
    description,
    default: isDefault,
    supportsCondition: true,
    conditionDescription: `An expression, for instance ${condition}`,
  }),
);

/** Filters that are on before the client says anything. */
export const DEFAULT_FILTERS: readonly string[] = FILTERS.filter((filter) => filter.default).map(
  ({ filter }) => filter,
);

/** Something exceptional, and why the filter's condition could not be evaluated. */
export interface ExceptionHit {
  readonly exceptional: Exceptional;
  readonly problem: string | null;
}

export function isFilter(name: string): boolean {
  return FILTERS.some(({ filter }) => filter === name);
}

/**
 * What is exceptional in a step, as far as a filter asks for it; of several, the one that is further down in the table.
 * @param asks Whether the filter that found it is on, and its condition holds.
 */
export function exceptionalIn(
  filters: ReadonlyMap<string, Rule>,
  step: Step,
  asks: (rule: Rule) => Verdict,
): ExceptionHit | null {
  if (filters.size === 0) return null;
  for (const { filter, find } of FILTERS.toReversed()) {
    const rule = filters.get(filter);
    const found = rule === undefined ? null : find(step);
    if (rule === undefined || found === null) continue;
    const verdict = asks(rule);
    if (verdict.does === 'stop') return { exceptional: { filter, ...found }, problem: verdict.problem };
  }
  return null;
}
