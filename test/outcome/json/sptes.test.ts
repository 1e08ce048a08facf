import { expect, test } from 'vitest';
import { outcomeOf } from '../../../src/outcome';
import { runText } from '../../simulator/running';

test('of many page-table entries, the JSON has the first, and the number of the others', () => {
  const { events } = runText('vm default\nslot 0 gpa 1G size 300M\nprefault vcpu 0 gpa 1G size 300M');
  const { sptes, sptesCut } = outcomeOf(events.at(-1) ?? []);
  expect(sptes).toHaveLength(65_536);
  // A leaf for each page, a table for each 2 MiB, and the tables for 1 GiB and 512 GiB.
  expect(sptesCut).toBe(76_800 + 150 + 2 - 65_536);
});
