/** The exception filters: one table entry each. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { CompiledStatement } from '../language';
import {
  aroundAt,
  checked,
  errorCodeNames,
  failedExpectationText,
  gfnText,
  hasFailedExpectation,
  hex,
  resultOf,
  suspensionOf,
} from '../outcome';
import {
  type ExitEvent,
  eventsBetween,
  eventsOf,
  type FaultEvent,
  hasReturned,
  PFERR_GUEST_RMP,
  pageOf,
  type TracedEvent,
} from '../simulator';
import type { HitDecision, Rule } from './breakpoints/rule';
import type { Moment } from './moment';
import type { Exceptional } from './stops';

/** A step, with its statement. */
interface Step {
  readonly from: Moment;
  readonly to: Moment;
  /** The statement it belongs to. */
  readonly statement: CompiledStatement;
  /** The outcome text of a statement. */
  readonly describe: (statement: number) => string;
}

interface Filter {
  readonly filter: string;
  readonly label: string;
  readonly description: string;
  /** An example of a condition. */
  readonly condition: string;
  /** Whether it is enabled by default. */
  readonly default: boolean;
  /** Why the filter stops at a step; null if it does not. */
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
    description: 'Stop after a statement whose call fails with an errno or never returns.',
    condition: 'result == EINVAL',
    default: false,
    find: ({ to, describe }) => {
      const result = hasReturned(to) ? resultOf(eventsOf(to)) : 'ok';
      const why = suspensionOf(eventsOf(to))?.why;
      // A suspended call has not failed if another call can resume it.
      const suspended = why !== undefined && why !== 'deadlock' && why !== 'returned';
      return result === 'ok' || suspended ? null : { what: result, message: describe(to.statement) };
    },
  },
  {
    filter: 'failed-expectation',
    label: 'Failed expectations',
    description: 'Stop after a statement whose outcome does not match its expectation (=>).',
    condition: 'statement.kind == punch',
    default: true,
    find: ({ to, statement }) => {
      if (statement.expected === null || !hasReturned(to)) return null;
      const result = checked({ statement, events: eventsOf(to), ...aroundAt(to) });
      return hasFailedExpectation(result)
        ? { what: 'failed expectation', message: failedExpectationText(result) }
        : null;
    },
  },
  {
    filter: 'memory-fault',
    label: 'Memory fault exits',
    description: 'Stop after a statement in which KVM_RUN exits with KVM_EXIT_MEMORY_FAULT.',
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
    description: 'Stop after the step that reports a nested page fault caused by the RMP.',
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
      'Stop after the step that hits a WARN_ON_ONCE or BUG, or in which the kernel itself faults, unless the statement expects it.',
    condition: 'statement.kind == punch',
    default: true,
    find: (step) => {
      const { expected } = step.statement;
      const warned = expected?.warn === true ? undefined : emitted(step, 'warn');
      const warn = warned ?? (expected?.result === 'oops' ? undefined : emitted(step, 'oops'));
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
    conditionDescription: `An expression, such as ${condition}`,
  }),
);

/** Filters that are enabled by default. */
export const DEFAULT_FILTERS: readonly string[] = FILTERS.filter((filter) => filter.default).map(
  ({ filter }) => filter,
);

/** An exception, and the error if the filter's condition could not be evaluated. */
export interface ExceptionHit {
  readonly exceptional: Exceptional;
  readonly problem: string | null;
}

export function isFilter(name: string): boolean {
  return FILTERS.some(({ filter }) => filter === name);
}

/**
 * The exception in a step that an enabled filter reports; if several do, the one further down in the table.
 * @param asks Applies the rule of the filter that found it.
 */
export function exceptionalIn(
  filters: ReadonlyMap<string, Rule>,
  step: Step,
  asks: (rule: Rule) => HitDecision,
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
