/** Runs the checks of a copy of the tree, until one fails. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Ending, run } from './process';
import type { Report } from './reporter';

/** Seconds that each test file took when nothing was changed, by its path. */
export type Times = Readonly<Record<string, number>>;

const minutes = 60_000;
/** A loop that never ends is a test that fails: one that takes this much longer than it did before. */
const patience = { factor: 5, seconds: 30 };

export const compiles = (tree: string) =>
  run(bin(tree, 'tsc', '-b', '--stopBuildOnErrors'), { folder: tree, limit: 5 * minutes });

export const agreesWithRecordings = (tree: string) =>
  run(bin(tree, 'tsx', 'scripts/conformance.ts'), { folder: tree, limit: minutes });

export interface TestRun {
  readonly ending: Ending;
  /** The test file that failed or took too long. */
  readonly by: string | undefined;
  /** Seconds of each file that passed. */
  readonly times: Times;
}

/**
 * Runs unit tests.
 * @param selection all of them, those that import a file, or these files
 * @param order which test files to run first
 * @param times how long they are expected to take; without, they may take as long as they do
 * @param hits folder for what the tests reach (reach.ts)
 */
export async function unitTests(
  tree: string,
  selection: 'all' | { readonly importing: string } | readonly string[],
  order: readonly string[],
  times: Times | null,
  hits?: string,
): Promise<TestRun> {
  const list = path.join(tree, '.cache', 'order.json');
  writeFileSync(list, JSON.stringify(order));
  const begun = new Map<string, number>();
  const taken: Record<string, number> = {};
  let by: string | undefined;
  const command =
    selection === 'all'
      ? ['run']
      : 'importing' in selection
        ? ['related', '--run', selection.importing]
        : ['run', ...selection];
  const config = [
    '--config',
    'scripts/mutate/vitest.config.mts',
    '--reporter',
    './scripts/mutate/reporter.ts',
  ];
  const ending = await run(bin(tree, 'vitest', ...command, ...config), {
    folder: tree,
    limit: 60 * minutes,
    env: { MUTATE_ORDER: list, ...(hits === undefined ? {} : { MUTATE_HITS: hits }) },
    onLine: (line) => {
      if (!line.startsWith('@[')) return undefined;
      const [what, test] = JSON.parse(line.slice(1)) as Report;
      if (what === 'begin') {
        begun.set(test, Date.now());
        return undefined;
      }
      taken[test] = (Date.now() - (begun.get(test) ?? Date.now())) / 1000;
      begun.delete(test);
      if (what === 'passed') return undefined;
      by = test;
      return 'failed';
    },
    onSecond: () => {
      if (times === null) return undefined;
      for (const [test, since] of begun) {
        const allowed = (times[test] ?? 0) * patience.factor + patience.seconds;
        if ((Date.now() - since) / 1000 < allowed) continue;
        by = test;
        return 'late';
      }
      return undefined;
    },
  });
  return { ending, by, times: taken };
}

function bin(tree: string, program: string, ...args: readonly string[]): readonly string[] {
  return [path.join(tree, 'node_modules', '.bin', program), ...args];
}
