/** What two real kernels did when a call ran in the middle of another, as scenarios with their expectations. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze, type Program } from '../../src/language';
import {
  behindRace,
  exploreRace,
  hasRace,
  type Pace,
  type RaceProgram,
  testScenario,
  verdictsOf,
} from '../../src/outcome';

const FOLDER = join(import.meta.dirname, 'kernel-races');

const PATIENT: Pace = {
  slice: 1000,
  limit: Number.POSITIVE_INFINITY,
  now: () => 0,
  pause: async () => {},
  isCancelled: () => false,
};

function explored(program: RaceProgram) {
  const search = exploreRace(program);
  for (let step = search.next(); ; step = search.next()) if (step.done === true) return step.value;
}

/** What is expected of all orders and does not hold. */
function broken(program: RaceProgram) {
  const race = explored(program);
  return verdictsOf(race, behindRace(race)).filter(({ holds }) => holds !== true);
}

/** The failed expectations of a scenario. */
async function failures(program: Program): Promise<readonly string[]> {
  const result = await testScenario(program, PATIENT);
  return result.kind === 'failed' ? result.failures.map(({ message }) => message) : [];
}

describe('as the kernels did', () => {
  const files = readdirSync(FOLDER);

  it.each(files)('%s', async (name) => {
    const { programs, diagnostics } = analyze(readFileSync(join(FOLDER, name), 'utf8'));
    expect(diagnostics).toEqual([]);
    for (const program of programs) {
      if (hasRace(program)) expect(broken(program)).toEqual([]);
      else expect(await failures(program)).toEqual([]);
    }
  });
});
