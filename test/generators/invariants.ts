/** Running a scenario under the invariants. */
import { analyze } from '../../src/language';
import { type Executed, runScenario } from '../../src/outcome';
import { violations } from '../../src/simulator/invariants';
import type { Violation } from '../../src/simulator/violation';
import { brokenBy } from './oracle';

/** Where the invariants are broken for the first time. */
export interface Broken {
  /** Line of the statement, from 1. */
  readonly line: number;
  readonly violations: readonly Violation[];
}

const SMALL_ENTRIES = ['no 2M leaf maps 4K RMP entries'];
const OTHER_OWNERS = [
  ...SMALL_ENTRIES,
  "a file's pages belong to its own VM",
  'private mappings map assigned pages',
  'no guest maps the private page of another',
  'the host can write to its own pages',
];

/** Rules that KVM cannot keep from here on, as the host changes the RMP, or its CPU, behind KVM's back. */
function forgiven({ statement: { call }, after }: Executed): readonly string[] {
  const keeps = after.setup.knobs['direct-map'] === 'keep' ? ['the host can write to its own pages'] : [];
  if (call.kind === 'psmash') return [...keeps, ...SMALL_ENTRIES];
  if (call.kind !== 'rmpupdate') return keeps;
  // A 2M entry takes in pages that the file does not have; what is immutable, KVM cannot take back.
  const beyondFile = call.to !== null && (call.to.immutable || call.size > 4096n);
  const unfiled = beyondFile ? ['assigned pages are in a file'] : [];
  return [...keeps, ...OTHER_OWNERS, ...unfiled];
}

/**
 * Runs a scenario without errors, and looks at every statement and at the machine after it.
 * @param ran Is told of every statement that ran.
 */
export function firstBroken(text: string, ran: (done: Executed) => void = () => undefined): Broken | null {
  const unasked = new Set<string>();
  for (const done of runScenario(analyze(text).programs[0])) {
    ran(done);
    for (const rule of forgiven(done)) unasked.add(rule);
    const found = [...violations(done.after), ...brokenBy(done)].filter(({ rule }) => !unasked.has(rule));
    if (found.length > 0) return { line: done.statement.line, violations: found };
  }
  return null;
}
