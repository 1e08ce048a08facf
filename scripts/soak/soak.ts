/** Runs random scenarios under the invariants, until enough statements have run. */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { analyze } from '../../src/language';
import { RELEASED_KERNELS } from '../../src/simulator';
import { firstBroken } from '../../test/generators/invariants';
import { snpScenarios } from '../../test/generators/snp';

const STATEMENTS = 100_000;
const KERNELS = [...RELEASED_KERNELS, 'linux-6.12 with rmp-conversion at-fallocate'];
/** Scenarios between two progress checks. */
const BATCH = 50;
const MOST_STATEMENTS_EACH = 60;
/** Milliseconds between two lines of progress. */
const PROGRESS_EVERY = 2000;

export interface Options {
  readonly statements: number;
  readonly seed: number;
  /** The text after `kernel`. */
  readonly kernels: readonly string[];
}

function count(text: string, what: string): number {
  const value = Number(text.replaceAll(/[_,]/g, ''));
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`${what} must be a positive number, not ${text}`);
  return value;
}

/** @throws Error if the arguments are invalid. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { seed: { type: 'string' }, kernel: { type: 'string', multiple: true } },
  });
  const [statements, ...more] = positionals;
  if (more.length > 0)
    throw new Error(`unexpected arguments after the number of statements: ${more.join(' ')}`);
  for (const kernel of values.kernel ?? []) {
    const [error] = analyze(`kernel ${kernel}\n`).programs[0].errors;
    if (error !== undefined) throw new Error(`--kernel "${kernel}": ${error.message}`);
  }
  return {
    statements: statements === undefined ? STATEMENTS : count(statements, 'the number of statements'),
    seed: values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : count(values.seed, '--seed'),
    kernels: values.kernel ?? KERNELS,
  };
}

/** A failing scenario up to the failure, and the violation. */
function report(text: string): readonly string[] {
  try {
    const broken = firstBroken(text);
    const line = broken?.line ?? Number.POSITIVE_INFINITY;
    const found = broken?.violations ?? [];
    return [
      `${text.split('\n').slice(0, line).join('\n')}\n`,
      ...found.map(({ rule, detail }) => `after line ${line}: ${rule}: ${detail}`),
    ];
  } catch (error) {
    return [text, (error instanceof Error ? error.stack : undefined) ?? String(error)];
  }
}

/** Whether no violation was found. */
export function soak({ statements, seed, kernels }: Options, print: (line: string) => void): boolean {
  const started = performance.now();
  let told = started;
  let ran = 0;
  let scenarios = 0;
  const progress = () => {
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    return `${ran.toLocaleString('en')} statements in ${scenarios.toLocaleString('en')} scenarios, ${seconds} s`;
  };
  print(`seed ${seed}, kernels ${kernels.join(', ')}`);
  const options = { kernels, maxStatements: MOST_STATEMENTS_EACH };
  const arbitrary = fc.oneof(snpScenarios(options), snpScenarios({ ...options, meddling: true }));
  for (let batch = 0; ran < statements; batch++) {
    // After a failure come the attempts to minimize it, which do not count.
    let counting = true;
    const property = fc.property(arbitrary, (text) => {
      const holds = firstBroken(text, () => (ran += counting ? 1 : 0)) === null;
      counting &&= holds;
      return holds;
    });
    const details = fc.check(property, { seed: seed + batch, numRuns: BATCH });
    scenarios += details.numRuns;
    if (details.failed) {
      print(`\nfound with seed ${details.seed}, after ${progress()}:\n`);
      for (const line of report(details.counterexample?.[0] ?? '')) print(line);
      return false;
    }
    if (performance.now() - told < PROGRESS_EVERY) continue;
    told = performance.now();
    print(progress());
  }
  print(`${progress()}: no violations`);
  return true;
}
