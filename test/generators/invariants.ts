/** Running a scenario under the invariants. */
import { analyze } from '../../src/language';
import { runScenario } from '../../src/outcome';
import { type Violation, violations } from '../../src/simulator/invariants';

/** Where the invariants are broken for the first time. */
export interface Broken {
  /** Line of the statement, from 1. */
  readonly line: number;
  readonly violations: readonly Violation[];
}

/**
 * Runs a scenario without errors, and looks at the machine after every statement.
 * @param ran Is told of every statement that ran.
 */
export function firstBroken(text: string, ran: () => void = () => undefined): Broken | null {
  for (const { statement, after } of runScenario(analyze(text).programs[0])) {
    ran();
    const found = violations(after);
    if (found.length > 0) return { line: statement.line, violations: found };
  }
  return null;
}
