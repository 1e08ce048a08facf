import { describe, expect, test } from 'vitest';
import {
  hasChildren,
  itemsOfRace,
  type OutcomeItem,
  raceItems,
  stepItems,
} from '../../../src/extension/outcomes/items';
import type { OrderView, RacesView, RaceView } from '../../../src/lsp';

const RACE: RaceView = {
  line: 6,
  title: null,
  text: 'STALE gfn 0x80000 in some order · 93 states',
  searching: false,
  failed: [
    { expected: 'never STALE', text: 'STALE gfn 0x80000 in some order', line: 13, order: 1 },
    { expected: 'sometimes WARN', text: 'WARN in no order', line: 13, order: null },
  ],
  columns: ['mapped', 'A'],
  outcomes: [
    { values: ['0x80000', 'page 0x0'], states: 1, order: 2 },
    { values: ['none', ''], states: 1200, order: 3 },
  ],
};

const ORDER: OrderView = {
  text: 'vm sw-protected\n',
  line: 2,
  steps: [
    {
      task: 'vmm',
      call: 'punch A offset 0 size 4K',
      procedure: 'fallocate(2)',
      label: 'FL1',
      text: 'call it',
    },
    { task: 'vcpu0', call: 'fault vcpu 0', procedure: 'ioctl(KVM_RUN)', label: 'VR1', text: 'enter' },
  ],
};

const view = (...races: readonly RaceView[]): RacesView => ({ version: 1, races });

function told(items: readonly OutcomeItem[]): string[] {
  return items.map(({ kind, label, description }) => `${kind} | ${label} | ${description}`);
}

const [ROOT] = raceItems(view(RACE)) as [OutcomeItem];

describe('the Outcomes view', () => {
  test('has an item for each race', () => {
    const titled = { ...RACE, title: 'a $(zap) race', text: null };
    expect(told(raceItems(view(RACE, titled)))).toEqual([
      'race | race in line 6 | STALE gfn 0x80000 in some order · 93 states',
      'race | a \\$(zap) race | not explored: the scenario has an error',
    ]);
    expect(raceItems(view())).toEqual([]);
  });

  test('has what does not hold, then the outcomes', () => {
    expect(told(itemsOfRace(ROOT, RACE))).toEqual([
      'failed | never STALE | STALE gfn 0x80000 in some order · line 13',
      'failed | sometimes WARN | WARN in no order · line 13',
      'outcome | mapped: 0x80000 · A: page 0x0 | 1 final state',
      'outcome | mapped: none · A: - | 1,200 final states',
    ]);
    const [only] = itemsOfRace(ROOT, {
      ...RACE,
      failed: [],
      columns: [],
      outcomes: [{ values: [], states: 1, order: 1 }],
    });
    expect(only?.label).toBe('the only outcome');
  });

  test('has the steps of an order, with their tasks', () => {
    const [failed] = itemsOfRace(ROOT, RACE) as [OutcomeItem];
    const steps = stepItems(failed, ORDER);
    expect(told(steps)).toEqual(['step | vmm FL1 | call it', 'step | vcpu0 VR1 | enter']);
    expect(steps.map(({ order, race, parent }) => [order, race, parent])).toEqual([
      [1, 0, failed],
      [1, 0, failed],
    ]);
  });

  test('expands what has an order', () => {
    const items = [ROOT, ...itemsOfRace(ROOT, RACE)];
    expect(items.map(hasChildren)).toEqual([true, true, false, true, true]);
    expect(stepItems(ROOT, ORDER).map(hasChildren)).toEqual([false, false]);
  });

  test('says in words what an item is', () => {
    const items = itemsOfRace(ROOT, RACE);
    expect([ROOT, items[0]!, items[2]!, stepItems(items[2]!, ORDER)[1]!].map(({ spoken }) => spoken)).toEqual(
      [
        'Race, race in line 6, STALE gfn 0x80000 in some order · 93 states',
        'Failed expectation in line 13, never STALE, but STALE gfn 0x80000 in some order',
        'Outcome, mapped: 0x80000, A: page 0x0, 1 final state',
        'Step 2 of 2, vcpu0, VR1, enter',
      ],
    );
  });
});
