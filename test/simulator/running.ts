import { analyze } from '../../src/language';
import { runScenario } from '../../src/outcome';
import type { TracedEvent } from '../../src/simulator/machine';
import { initialState, type State } from '../../src/simulator/state';

export interface Ran {
  readonly state: State;
  /** Events of each statement. */
  readonly events: readonly (readonly TracedEvent[])[];
}

/** Runs a scenario that has no errors. */
export function runText(text: string): Ran {
  const {
    programs: [program],
    diagnostics,
  } = analyze(text);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  const executed = [...runScenario(program)];
  return {
    state: executed.at(-1)?.after ?? initialState(program.setup),
    events: executed.map(({ events }) => events),
  };
}
