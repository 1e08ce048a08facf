import assert from 'node:assert/strict';
import fc from 'fast-check';
import { explored, findings } from '../../../test/generators/exploring';
import { racesOf, slotRaces, snpRaces } from '../../../test/generators/orders';

/** States of a search of every step that is worth its time. */
const MOST_STATES = 60_000;

export const orders = {
  name: 'orders',
  holds: 'the search of every order finds the same with and without its reduction',
  property: fc.property(
    fc.oneof(racesOf('sw-protected'), racesOf('sev-snp'), racesOf('tdx'), slotRaces, snpRaces),
    (text) => {
      const full = explored(text, { full: true, maxStates: MOST_STATES });
      if (full.result.complete) assert.deepEqual(findings(explored(text)), findings(full));
      return true;
    },
  ),
};
