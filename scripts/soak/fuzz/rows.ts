import fc from 'fast-check';
import { choicesOfTasks, racesOf, slotRaces, snpRaces } from '../../../test/generators/orders';
import { walk } from '../../../test/generators/walk';

export const rows = {
  name: 'rows',
  holds: 'in every order, a row of the explorer and the state that it stands for do the same',
  property: fc.property(
    fc.oneof(racesOf('sw-protected'), racesOf('sev-snp'), racesOf('tdx'), slotRaces, snpRaces),
    choicesOfTasks,
    (text, choices) => {
      walk(text, choices);
      return true;
    },
  ),
};
