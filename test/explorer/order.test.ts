import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Order, orderOf, orderTo } from '../../src/explorer';
import type { ExploredRace } from '../../src/outcome';
import { witnessOfOrder } from '../../src/outcome/races/witness';
import { explored, raceText } from '../generators/exploring';
import { choicesOfTasks, racesOf, slotRaces, snpRaces } from '../generators/orders';

/** The first steps of an order: each choice says which of the tasks that can run does so. */
function chosen({ result: { steps } }: ExploredRace, choices: readonly number[]): readonly number[] {
  const row = steps.start();
  const movers: number[] = [];
  for (const choice of choices) {
    const able = [...steps.race.tasks.keys()].filter((task) => steps.next(row, task)?.kind === 'step');
    const task = able[choice % Math.max(1, able.length)];
    const step = task === undefined ? null : steps.next(row, task);
    if (task === undefined || step?.kind !== 'step') break;
    steps.apply(row, step);
    movers.push(task);
  }
  return movers;
}

/** Orders that begin with some steps of one task, while the others have not begun. */
function beginnings({ result: { steps } }: ExploredRace): readonly (readonly number[])[] {
  return [...steps.race.tasks.keys()].flatMap((task) => {
    const row = steps.start();
    let count = 0;
    for (let step = steps.next(row, task); step?.kind === 'step' && count < 60; count++) {
      steps.apply(row, step);
      step = steps.next(row, task);
    }
    return Array.from({ length: count }, (_, at) => new Array<number>(at + 1).fill(task));
  });
}

/** The first steps of an order until a task is at a label. */
function until({ result: { steps } }: ExploredRace, task: number, label: string): readonly number[] {
  const row = steps.start();
  const movers: number[] = [];
  while (steps.label(row, task) !== label) {
    const step = steps.next(row, task);
    if (step?.kind !== 'step') throw new Error(`blocked before ${label}`);
    steps.apply(row, step);
    movers.push(task);
  }
  return movers;
}

/** Each task returns from each of its calls; one that repeats them stops between two rounds. */
function expectAllCalls({ result: { steps } }: ExploredRace, order: Order, about: string): void {
  expect(order.endless, about).toEqual([]);
  for (const [task, { calls, repeats }] of steps.race.tasks.entries()) {
    const returned = order.steps.filter((step) => step.task === task && step.next === null).length;
    if (repeats) expect(returned % calls.length, `${about} task ${task}`).toBe(0);
    else expect(returned, `${about} task ${task}`).toBe(calls.length);
  }
}

const CANNOT_END: readonly string[] = ['livelock', 'deadlock', 'error'];

describe('an order that has begun makes all calls', () => {
  test.each([
    ['a VM without encryption', racesOf('sw-protected'), 30],
    ['slots that are created and deleted', slotRaces, 5],
    ['an SEV-SNP guest', racesOf('sev-snp'), 20],
    ['an SEV-SNP guest whose pages come and go', snpRaces, 15],
    ['a TDX guest', racesOf('tdx'), 30],
  ] as const)('%s', (_, races, numRuns) => {
    fc.assert(
      fc.property(races, choicesOfTasks, fc.nat(200), (text, choices, length) => {
        const race = explored(text, { maxStates: 20_000 });
        const { result } = race;
        fc.pre(result.complete && !result.found.some(({ what }) => CANNOT_END.includes(what)));
        for (const movers of [chosen(race, choices.slice(0, length)), ...beginnings(race)]) {
          expectAllCalls(race, orderOf(result, movers), `${text} after ${movers.join('')}`);
        }
        for (const { node } of result.returned.slice(0, 5)) {
          expectAllCalls(race, orderTo(result, { node, task: null }), `${text} at ${node}`);
        }
      }),
      { numRuns, seed: 1, endOnFailure: false },
    );
  });
});

describe('an order in which a call retries while another one has to move on', () => {
  const ABOVE = `kernel linux-7.3
vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
fault vcpu 0 write gpa 0x80000000`;

  test('makes the calls behind the one that retries', () => {
    const text = raceText(ABOVE, [
      ['fault vcpu 0 write gpa 0x80000000', 'fault vcpu 0 read gpa 0x80001000'],
      ['punch A offset 0 size 4K', 'allocate A offset 0 size 4K'],
      ['fault vcpu 0 write gpa 0x80003000'],
    ]);
    const race = explored(text);
    const order = orderOf(race.result, until(race, 1, 'PH3'));
    expectAllCalls(race, order, text);
    const witness = witnessOfOrder(text, race.program, order);
    expect(witness.text.slice(witness.text.indexOf('punch'))).toMatchInlineSnapshot(`
      "punch A offset 0 size 4K => zapped slot 0 gfn 0x80000, freed A page 0x0, flush
      allocate A offset 0 size 4K
      fault vcpu 0 write gpa 0x80003000 => mapped 4K gfn 0x80003 rwx
      fault vcpu 0 write gpa 0x80000000 => mapped 4K gfn 0x80000 rwx
      fault vcpu 0 read gpa 0x80001000 => mapped 4K gfn 0x80001 rwx
      "
    `);
  });
});

/** Whether some order leads from a node to an end, as a search that knows nothing finds it. */
function canEnd({ result: { steps, row } }: ExploredRace, node: number): boolean {
  const open = [row(node)];
  const known = new Set<string>();
  const tasks = [...steps.race.tasks.keys()];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const from = at;
    if (tasks.every((task) => steps.isDone(from, task))) return true;
    for (const task of tasks) {
      const step = steps.next(from, task);
      if (step?.kind !== 'step') continue;
      const after = Int32Array.from(from);
      steps.apply(after, step);
      steps.settle(after);
      const key = after.join(' ');
      if (!known.has(key)) open.push(after);
      known.add(key);
    }
  }
  return false;
}

describe('an order of a race with a livelock', () => {
  test.each(['linux-6.12', 'linux-7.3'])('ends from wherever it can, on %s', (kernel) => {
    const above = `kernel ${kernel}
vm default
slot 0 gpa 0x80000000 size 8K
slot 1 gpa 0x90000000 size 8K
fault vcpu 0 write gpa 0x80000000`;
    const race = explored(raceText(above, [['prefault vcpu 0 gpa 0x80000000 size 4K'], ['delete slot 1']]));
    const { result } = race;
    const ended = { yes: 0, no: 0 };
    for (let node = 0; node < result.states; node++) {
      const { endless } = orderTo(result, { node, task: null });
      expect(endless.length === 0, `node ${node}`).toBe(canEnd(race, node));
      ended[endless.length === 0 ? 'yes' : 'no']++;
    }
    expect(ended.yes).toBeGreaterThan(0);
    expect(ended.no).toBeGreaterThan(0);
  });
});
