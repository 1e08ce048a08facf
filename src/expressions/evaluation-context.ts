/** What an expression is evaluated against: the machine at a moment, the selected frame, and the statement. */
import { type Call, type HostedVm, hostedVm, type State, type TracedEvent } from '../simulator';
import type { Change } from './changes';

/** The statement that comes next, has begun or has just returned. */
export interface StatementContext {
  /** Line on which it begins, from 1. */
  readonly line: number;
  readonly call: Call;
}

/** The effects of the statement so far; if it has not begun, those of the previous one. */
export interface Effects {
  /** Whether they belong to the current statement. */
  readonly own: boolean;
  readonly before: State;
  /** The VM that it affects. */
  readonly vmId: number;
  readonly events: () => readonly TracedEvent[];
  readonly returned: boolean;
}

export interface EvaluationContext {
  readonly state: State;
  /** The current VM: names and addresses refer to it unless they name another. */
  readonly vmId: number;
  /** The locals of a procedure or the arguments of the statement. They take precedence over all other names. */
  readonly locals: Readonly<Record<string, unknown>>;
  readonly statement: StatementContext;
  readonly effects: Effects;
  /** The changes that hit a data breakpoint, in its condition. */
  readonly changes: readonly Change[] | null;
}

/** The VM that names and addresses refer to unless another VM is named. */
export function currentVmOf({ state, vmId }: Pick<EvaluationContext, 'state' | 'vmId'>): HostedVm {
  return hostedVm(state, vmId);
}
