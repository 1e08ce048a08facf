import { type CompiledStatement, explainFailure, explainRefusal } from '../language';
import { checked, type Executed } from '../outcome';
import type { Errno } from '../simulator/errno';
import type { RefusedEvent } from '../simulator/events';
import type { TracedEvent } from '../simulator/machine';

/** What the writer of a scenario should know about a statement that ran. */
export interface Remark {
  readonly kind: 'refused' | 'livelock' | 'warn' | 'unmet';
  /** Which statement of the program, from 0. */
  readonly index: number;
  readonly message: string;
  /** Why KVM refuses; null for the other kinds. */
  readonly reason: RefusedEvent['reason'] | null;
  /** The slot in the way, with the statement that made it. */
  readonly other: Origin | null;
}

/** A statement, by its index, that gave a slot its place. */
export interface Origin {
  readonly slot: number;
  readonly index: number;
}

/** What the call returned if it failed, with the refusal that led to it if there was one. */
function failureOf(events: readonly TracedEvent[]): { errno: Errno; refused: RefusedEvent | null } | null {
  const result = events.findLast((event) => event.type === 'return')?.result ?? 'ok';
  if (result === 'ok') return null;
  const refusals = events.filter((event) => event.type === 'refused');
  return { errno: result, refused: refusals.findLast(({ errno }) => errno === result) ?? null };
}

function refusalRemark(
  index: number,
  { call }: CompiledStatement,
  events: readonly TracedEvent[],
  origins: readonly Origin[],
): Remark[] {
  const failure = failureOf(events);
  if (failure === null) return [];
  const { errno, refused } = failure;
  if (refused === null) {
    const message = explainFailure(call, errno);
    return message === null ? [] : [{ kind: 'refused', index, message, reason: null, other: null }];
  }
  const other = origins.findLast(({ slot }) => slot === refused.otherSlot) ?? null;
  const message = explainRefusal(call, errno, refused);
  return [{ kind: 'refused', index, message, reason: refused.reason, other }];
}

/** Claims that are not so. */
function unmetRemarks(index: number, executed: Executed): Remark[] {
  if (executed.statement.expected === null) return [];
  return checked(executed).unmet.map((unmet) => {
    const message = `claimed is \`${unmet.expected}\`; what happens is \`${unmet.actual}\``;
    return { kind: 'unmet', index, message, reason: null, other: null };
  });
}

/** Remarks on a statement that ran. `origins` are those of the slots before it. */
export function remarksOn(index: number, executed: Executed, origins: readonly Origin[]): Remark[] {
  const { statement, events } = executed;
  const plain = (kind: Remark['kind'], message: string): Remark => {
    return { kind, index, message, reason: null, other: null };
  };
  const noted = events.flatMap((event) => {
    if (event.type === 'warn') return [plain('warn', event.text)];
    if (event.type === 'oops') return [plain('warn', `the kernel stops: ${event.text}`)];
    if (event.type !== 'livelock') return [];
    return [plain('livelock', 'the kernel would retry for ever: the call never returns')];
  });
  const unmet = unmetRemarks(index, executed);
  // What is claimed needs no warning: whoever wrote the scenario knows.
  if (statement.expected !== null) return unmet;
  return [...noted, ...refusalRemark(index, statement, events, origins)];
}

/** The slots that a statement gave their place. */
export function originsIn(index: number, events: readonly TracedEvent[]): Origin[] {
  return events.flatMap((event) =>
    event.type === 'slot' && event.change !== 'deleted' ? [{ slot: event.slot, index }] : [],
  );
}
