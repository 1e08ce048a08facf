/** Where an expression is evaluated: the machine at a moment, the frame that is looked at, and the statement. */
import type { Call } from '../simulator/calls';
import type { TracedEvent } from '../simulator/machine';
import { type HostedVm, hostedVm } from '../simulator/model/vms';
import type { State } from '../simulator/state';
import type { Change } from './changes';

/** The statement that comes next, is on its way or has just returned. */
export interface StatementScene {
  /** Line on which it begins, from 1. */
  readonly line: number;
  readonly call: Call;
}

/** What the statement did so far; where it has not begun, what the one before it did. */
export interface Effects {
  /** Whether they are those of the statement at hand. */
  readonly own: boolean;
  readonly before: State;
  /** The VM that it affects. */
  readonly vmId: number;
  readonly events: () => readonly TracedEvent[];
  readonly returned: boolean;
}

export interface Scene {
  readonly state: State;
  /** The VM that names and addresses are of, where no other is named. */
  readonly vmId: number;
  /** Of the frame: the locals of a procedure, or the arguments of the statement. They go before every other name. */
  readonly locals: Readonly<Record<string, unknown>>;
  readonly statement: StatementScene;
  readonly effects: Effects;
  /** What a data breakpoint was hit by, in its condition. */
  readonly changes: readonly Change[] | null;
}

/** The VM that names and addresses are of, where no other is named. */
export function vmOfScene({ state, vmId }: Pick<Scene, 'state' | 'vmId'>): HostedVm {
  return hostedVm(state, vmId);
}
