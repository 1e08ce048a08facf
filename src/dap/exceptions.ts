/** What a person can ask the debugger to stop at besides breakpoints. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { gfnText, hex, resultOf } from '../outcome';
import { pageOf } from '../simulator/units';
import { eventsOf, hasReturned, type Moment } from './moment';
import type { Exceptional } from './stops';

export const FAILED = 'failed';
export const MEMORY_FAULT = 'memory-fault';
export const WARN = 'warn';

export const EXCEPTION_FILTERS: readonly DebugProtocol.ExceptionBreakpointsFilter[] = [
  {
    filter: FAILED,
    label: 'Failed statements',
    description: 'Stop after a statement whose call fails with an errno, or would never end.',
    default: false,
  },
  {
    filter: MEMORY_FAULT,
    label: 'Memory fault exits',
    description: 'Stop after a statement in which KVM_RUN left with KVM_EXIT_MEMORY_FAULT.',
    default: false,
  },
  {
    filter: WARN,
    label: 'Kernel warnings',
    description:
      'Stop behind the step in which a WARN_ON_ONCE or a BUG is reached, or the kernel itself faults.',
    default: true,
  },
];

/** Filters that are on before the client says anything. */
export const DEFAULT_FILTERS: readonly string[] = EXCEPTION_FILTERS.filter((filter) => filter.default).map(
  ({ filter }) => filter,
);

function warning(from: Moment, to: Moment): Exceptional | null {
  if (to.trail === from.trail) return null;
  const warn = to.trail?.events.find((event) => event.type === 'warn' || event.type === 'oops');
  if (warn === undefined) return null;
  const what = warn.type === 'warn' ? 'kernel warning' : 'kernel fault';
  return { filter: WARN, what, message: `${warn.procedure}, ${warn.label}: ${warn.text}` };
}

function memoryFault(moment: Moment): Exceptional | null {
  const exit = eventsOf(moment).findLast((event) => event.type === 'exit');
  if (exit?.reason !== 'memory-fault') return null;
  const page = pageOf(exit.gpa);
  const wanted = exit.private ? 'private' : 'shared';
  const message =
    `vCPU ${exit.vcpu} left the guest: its access to gpa ${hex(exit.gpa)} ` +
    `(${gfnText({ start: page, end: page + 1 })}) needs a ${wanted} page.`;
  return { filter: MEMORY_FAULT, what: 'KVM_EXIT_MEMORY_FAULT', message };
}

function failure(moment: Moment, describe: (statement: number) => string): Exceptional | null {
  const result = resultOf(eventsOf(moment));
  if (result === 'ok') return null;
  return { filter: FAILED, what: result, message: describe(moment.statement) };
}

/**
 * What is exceptional in the step from one moment to the next, as far as a filter asks for it.
 * @param describe What the statement of that index did, in words.
 */
export function exceptionalIn(
  filters: ReadonlySet<string>,
  describe: (statement: number) => string,
  from: Moment,
  to: Moment,
): Exceptional | null {
  const warn = filters.has(WARN) ? warning(from, to) : null;
  if (warn !== null || !hasReturned(to)) return warn;
  const fault = filters.has(MEMORY_FAULT) ? memoryFault(to) : null;
  return fault ?? (filters.has(FAILED) ? failure(to, describe) : null);
}
