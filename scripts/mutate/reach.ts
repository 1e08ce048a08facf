/** Which test files run the code around a mutant: those that do not cannot notice it. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Mutant } from './mutants';
import type { Hits } from './reach-setup';

/** The numbers of the mutants that each test file reaches, by its path; a mutant has its place in the list as its number. */
export type Reach = Readonly<Record<string, readonly number[]>>;

/** The text of a file in which reaching a mutant is recorded. `numbers` has the number of each of its mutants. */
export function withProbes(text: string, numbers: ReadonlyMap<Mutant, number>): string {
  const insertions: { readonly at: number; readonly closes: boolean; readonly what: string }[] = [];
  for (const [{ reached }, number] of numbers) {
    if (reached === null) continue;
    const { start, end } = reached;
    const hit = `globalThis.mutantReached?.(${number})`;
    if (start === end) insertions.push({ at: start, closes: false, what: `${hit};` });
    else {
      insertions.push({ at: start, closes: false, what: `(${hit}, ` });
      insertions.push({ at: end, closes: true, what: ')' });
    }
  }
  insertions.sort((one, other) => one.at - other.at || Number(other.closes) - Number(one.closes));
  let result = '';
  let from = 0;
  for (const { at, what } of insertions) {
    result += text.slice(from, at) + what;
    from = at;
  }
  return result + text.slice(from);
}

/** Runs the tests on a tree with probes. What `run` returns, and what its tests reached. */
export async function observeReach<T>(
  folder: string,
  mutants: readonly Mutant[],
  run: (hits: string) => Promise<T>,
): Promise<{ readonly result: T; readonly reach: Reach }> {
  const hits = path.join(folder, '.cache', 'hits');
  rmSync(hits, { recursive: true, force: true });
  mkdirSync(hits, { recursive: true });
  const originals = new Map<string, string>();
  try {
    for (const file of new Set(mutants.map((mutant) => mutant.file))) {
      const target = path.join(folder, file);
      const text = readFileSync(target, 'utf8');
      const numbers = mutants.flatMap((mutant, number) =>
        mutant.file === file ? [[mutant, number] as const] : [],
      );
      originals.set(target, text);
      writeFileSync(target, withProbes(text, new Map(numbers)));
    }
    const result = await run(hits);
    return { result, reach: readHits(hits) };
  } finally {
    for (const [target, text] of originals) writeFileSync(target, text);
  }
}

function readHits(folder: string): Reach {
  const all = readdirSync(folder).map(
    (name): Hits => JSON.parse(readFileSync(path.join(folder, name), 'utf8')),
  );
  return Object.fromEntries(all.map(({ test, mutants }) => [test, mutants]));
}

/** The test files that reach a mutant; null if any may, because it runs when its file is loaded. */
export function testsThatReach(mutant: Mutant, number: number, reach: Reach): ReadonlySet<string> | null {
  if (mutant.reached === null) return null;
  return new Set(Object.keys(reach).filter((test) => reach[test]?.includes(number)));
}
