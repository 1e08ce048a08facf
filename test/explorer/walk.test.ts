import fc from 'fast-check';
import { describe, test } from 'vitest';
import { racesOf, slotRaces, snpRaces } from '../generators/orders';
import { walk } from './walk';

/** Random choices of who moves next; a task often makes many steps in a row. */
const choices = fc
  .array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 40 })), { minLength: 5, maxLength: 40 })
  .map((turns) => turns.flatMap(([task, steps]) => new Array<number>(steps).fill(task)));

describe('a row of the explorer has the future of the states that it stands for', () => {
  test.each([
    ['a slot that is created and deleted again and again', slotRaces, 60],
    ['a VM without encryption', racesOf('sw-protected'), 60],
    ['an SEV-SNP guest', racesOf('sev-snp'), 40],
    ['an SEV-SNP guest whose pages come and go', snpRaces, 80],
    ['a TDX guest', racesOf('tdx'), 40],
  ] as const)('%s', (_, races, numRuns) => {
    fc.assert(
      fc.property(races, choices, (source, order) => walk(source, order)),
      { numRuns, seed: 1, endOnFailure: false },
    );
  });
});
