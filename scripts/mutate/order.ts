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
