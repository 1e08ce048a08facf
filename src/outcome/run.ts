/** A whole scenario, statement after statement. */
import type { CompiledStatement, Program } from '../language/compile';
import type { TracedEvent } from '../simulator/machine';
import { runCall } from '../simulator/run';
import { initialState, type State } from '../simulator/state';

/** A statement that ran, between the states before and after it. */
export interface Executed {
  readonly statement: CompiledStatement;
  readonly events: readonly TracedEvent[];
  readonly before: State;
  readonly after: State;
}

/** Runs the statements one by one, each when the next is asked for. */
export function* runScenario({ setup, statements }: Program): Generator<Executed> {
  let before = initialState(setup);
  for (const statement of statements) {
    const { state: after, events } = runCall(before, statement.call);
    yield { statement, events, before, after };
    before = after;
  }
}
