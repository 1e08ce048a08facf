/** Which tests to run first: those that are quick, that belong to the changed layer, and that have caught mutants. */
import type { Times } from './tests';

/** `src/outcome/run.ts` belongs to `outcome`, and so do the tests in `test/outcome`. */
export function layerOf(file: string): string {
  return file.split('/')[1] ?? '';
}

/** @param caught how many mutants of the layer each test file has caught */
export function orderFor(file: string, times: Times, caught: ReadonlyMap<string, number>): readonly string[] {
  const near = `test/${layerOf(file)}/`;
  const cost = (test: string) => {
    const chance = 1 + 8 * (caught.get(test) ?? 0) + (test.startsWith(near) ? 3 : 0);
    return ((times[test] ?? 0) + 0.2) / chance;
  };
  return Object.keys(times).sort((one, other) => cost(one) - cost(other));
}

/** Share of the time of all tests that the quick ones take together. */
const QUICK_SHARE = 0.12;

/** The tests that reach a mutant, in the given order: the quick ones, and those that are left. */
export function quickFirst(
  order: readonly string[],
  reaching: ReadonlySet<string>,
  times: Times,
): readonly [quick: readonly string[], left: readonly string[]] {
  const all = Object.values(times).reduce((sum, time) => sum + time, 0);
  const quick: string[] = [];
  const left: string[] = [];
  let spent = 0;
  for (const test of order.filter((one) => reaching.has(one))) {
    spent += times[test] ?? 0;
    (spent <= all * QUICK_SHARE ? quick : left).push(test);
  }
  return [quick, left];
}
