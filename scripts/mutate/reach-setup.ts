/** Runs in each test file of a mutation run: records which mutants it reaches, if it is asked to. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect } from 'vitest';

export interface Hits {
  /** From the top of the repository, with `/`. */
  readonly test: string;
  readonly mutants: readonly number[];
}

declare global {
  var mutantReached: ((number: number) => void) | undefined;
}

const folder = process.env.MUTATE_HITS;
if (folder !== undefined) {
  const reached = new Set<number>();
  globalThis.mutantReached = (number) => reached.add(number);
  afterAll(() => {
    const file = expect.getState().testPath ?? '';
    const test = path.relative(process.cwd(), file).split(path.sep).join('/');
    const hits: Hits = { test, mutants: [...reached].sort((one, other) => one - other) };
    writeFileSync(path.join(folder, `${randomUUID()}.json`), JSON.stringify(hits));
  });
}
