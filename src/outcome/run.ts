/** A whole scenario, statement after statement. */
import type { CompiledStatement, Program } from '../language/compile';
import type { TracedEvent } from '../simulator/machine';
import { advance, beginRun, isRunning, startCall } from '../simulator/run';
import { initialState, type State } from '../simulator/state';

/** A statement that ran, between the states before and after it. */
export interface Executed {
  readonly statement: CompiledStatement;
  readonly events: readonly TracedEvent[];
  readonly before: State;
  readonly after: State;
}

/** Runs the statements one by one, pausing after each step of the kernel: null until a statement has run. */
export function* stepScenario({ setup, statements }: Program): Generator<Executed | null> {
  let before = initialState(setup);
  for (const statement of statements) {
    let run = beginRun(startCall(before, statement.call));
    const events: TracedEvent[] = [];
    while (isRunning(run.state)) {
      const next = advance(run);
      run = next.run;
      events.push(...next.events);
      yield null;
    }
    yield { statement, events, before, after: run.state };
    before = run.state;
  }
}

/** Runs the statements of a scenario one by one, each when the next is asked for. */
export function* runScenario(program: Program): Generator<Executed> {
  for (const executed of stepScenario(program)) if (executed !== null) yield executed;
}
