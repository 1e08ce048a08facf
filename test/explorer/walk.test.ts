import fc from 'fast-check';
import { describe, test } from 'vitest';
import { choicesOfTasks, racesOf, slotRaces, snpRaces } from '../generators/orders';
import { walk } from '../generators/walk';

describe('a row of the explorer has the future of the states that it stands for', () => {
  test.each([
    ['a slot that is created and deleted again and again', slotRaces, 40],
    ['a VM without encryption', racesOf('sw-protected'), 40],
    ['an SEV-SNP guest', racesOf('sev-snp'), 30],
    ['an SEV-SNP guest whose pages come and go', snpRaces, 60],
    ['a TDX guest', racesOf('tdx'), 30],
  ] as const)('%s', (_, races, numRuns) => {
    fc.assert(
      fc.property(races, choicesOfTasks, (source, order) => walk(source, order)),
      { numRuns, seed: 1, endOnFailure: false },
    );
  });
});
