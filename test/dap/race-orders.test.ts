import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Moment } from '../../src/dap/moment';
import { choicesBefore, learnRace } from '../../src/dap/race/choices';
import { tasksAt } from '../../src/dap/race/status';
import { withTurn } from '../../src/dap/race/steer';
import { taskAt } from '../../src/dap/race/tasks';
import { type DebuggedScenario, loadScenario } from '../../src/dap/scenario';
import { atStatement, stepIn, toTheEnd } from '../../src/dap/stepping/goals';
import { stepOfRacer } from '../../src/dap/stepping/race-goals';
import { runBackTo, runForward, type Slice } from '../../src/dap/stepping/slices';
import { suspendedAt } from '../../src/simulator';
import { sameState } from '../../src/simulator/same-state';
import { stateOf } from '../../src/simulator/schedule';

const QUIET = { forward: () => null, back: () => null };

const THREE = `vm sw-protected vcpus 2
gmem A size 64K
slot 0 gpa 0x80000000 size 64K gmem A offset 0
convert gpa 0x80000000 size 64K private
race {
  task guest { fault vcpu 0 write gpa 0x80000000 }
  task other { fault vcpu 0 read gpa 0x80001000 fault vcpu 1 read gpa 0x80000000 }
  task vmm { punch A offset 0 size 4K convert gpa 0x80000000 size 8K shared }
}
fault vcpu 1 read gpa 0x80002000
punch A offset 0 size 64K
`;

const SCENARIOS = [
  ['three tasks', THREE],
  ...[
    'fault-and-hole',
    'prefault-and-delete-of-another-slot',
    'two-invalidations',
    'conversion-and-fault',
    'tdx-accept-and-hole',
    'notifier-and-new-slot',
    'close-and-delete',
    'a-vcpu-that-runs',
  ].map((name) => [name, readFileSync(`examples/exploring/${name}.gmem`, 'utf8')] as const),
] as const;

const move = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      task: fc.nat(2),
      step: fc.constantFrom('in', 'in', 'over', 'out'),
      times: fc.nat(12),
    }),
  },
  { weight: 1, arbitrary: fc.constant('default') },
  { weight: 2, arbitrary: fc.constant('back') },
  { weight: 1, arbitrary: fc.record({ tick: fc.nat(500) }) },
);
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

function toStop(slice: Slice): void {
  while (slice() === null);
}

function atRace(text: string): DebuggedScenario {
  const scenario = loadScenario('x.gmem', text);
  const first = scenario.told.findIndex((one) => one.race === 'in');
  toStop(runForward(scenario.timeline, atStatement(first), QUIET));
  return scenario;
}

/** One step of a task that can make one. */
function stepped(scenario: DebuggedScenario, index: number, step: 'in' | 'over' | 'out'): DebuggedScenario {
  const able = tasksAt(scenario, scenario.timeline.current).filter(({ wait }) => wait === null);
  const status = able[index % Math.max(1, able.length)];
  if (status === undefined) return scenario;
  const next = withTurn(scenario, status);
  const goal = stepOfRacer(next, step, status.task, status.moment, status.begins !== null);
  toStop(runForward(next.timeline, goal, QUIET));
  return next;
}

function moved(scenario: DebuggedScenario, one: Move): DebuggedScenario {
  const { timeline } = scenario;
  if (one === 'back') toStop(runBackTo(timeline, stepIn()));
  else if (one === 'default') toStop(runForward(timeline, stepIn(), QUIET));
  else if ('tick' in one) timeline.moveTo(timeline.at(one.tick % (timeline.lastTick + 1)));
  else {
    let now = scenario;
    for (let time = 0; time <= one.times; time++) now = stepped(now, one.task, one.step);
    return now;
  }
  return scenario;
}

/** The moments of a run up to its current one. */
function momentsOf({ timeline }: DebuggedScenario): readonly Moment[] {
  const moments = [timeline.at(0)];
  while (moments.length <= timeline.current.tick) moments.push(timeline.following(moments.at(-1)!));
  return moments;
}

function same(a: Moment, b: Moment): boolean {
  return (
    a.tick === b.tick &&
    a.phase === b.phase &&
    a.scheduled === b.scheduled &&
    sameState(stateOf(a), stateOf(b))
  );
}

/** No task makes a call before its last one has returned, and each call begins once. */
function checkOrder(scenario: DebuggedScenario): void {
  const { race, program } = scenario;
  const begun: (readonly number[])[] = race!.tasks.map(() => []);
  for (const moment of momentsOf(scenario)) {
    const running = suspendedAt(moment).flatMap(({ scheduled }) => race!.taskOf.get(scheduled) ?? []);
    expect(new Set(running).size).toBe(running.length);
    const task = taskAt(race, program, moment);
    if (task === null || moment.phase !== 'running') continue;
    if (begun[task]!.at(-1) !== moment.statement) begun[task] = [...begun[task]!, moment.statement];
  }
  for (const [task, statements] of begun.entries()) {
    const calls = statements.map((at) => program.statements[at]);
    const own = race!.tasks[task]!;
    expect(calls).toEqual(calls.map((_, at) => own.calls[at % own.calls.length]));
    if (!own.repeats) expect(calls.length).toBeLessThanOrEqual(own.calls.length);
  }
}

describe.each(SCENARIOS)('the tasks of %s', (_, text) => {
  it('can step in any order, and every moment of it is restored exactly', () => {
    const property = fc.property(fc.array(move, { maxLength: 12 }), fc.nat(1000), (moves, tick) => {
      let scenario = atRace(text);
      for (const one of moves) {
        const before = momentsOf(scenario);
        const next = moved(scenario, one);
        // What comes before a new turn stays as it was.
        const now = momentsOf(next);
        for (const [at, moment] of before.slice(0, Math.max(0, now.length - 1)).entries()) {
          expect(same(now[at]!, moment)).toBe(true);
        }
        scenario = next;
      }
      checkOrder(scenario);
      const { timeline } = scenario;
      toStop(runForward(timeline, toTheEnd(), QUIET));
      checkOrder(scenario);
      const there = timeline.at(tick % (timeline.lastTick + 1));
      timeline.moveTo(timeline.at(0));
      for (let at = 0; at < there.tick; at++) timeline.forward();
      expect(same(timeline.current, there)).toBe(true);
    });
    fc.assert(property, { seed: 7, numRuns: 30 });
  });

  it('take orders that the search knows, step for step', () => {
    const property = fc.property(fc.array(move, { maxLength: 12 }), (moves) => {
      const scenario = moves.reduce(moved, atRace(text));
      const learning = learnRace(scenario);
      let learnt = learning.next();
      while (learnt.done !== true) learnt = learning.next();
      const known = learnt.value!;
      toStop(runForward(scenario.timeline, toTheEnd(), QUIET));
      const { follower } = choicesBefore(scenario, known);
      expect(follower.walk.order()).not.toBeNull();
    });
    fc.assert(property, { seed: 8, numRuns: 20 });
  });

  it('end with the statements behind the race, unless they wait for each other', () => {
    const property = fc.property(fc.array(move, { maxLength: 12 }), (moves) => {
      const scenario = moves.reduce(moved, atRace(text));
      const { timeline, program } = scenario;
      toStop(runForward(timeline, toTheEnd(), QUIET));
      const stuck = suspendedAt(timeline.current);
      if (stuck.length > 0) {
        expect(stuck.map(({ why }) => why)).toContain('deadlock');
        return;
      }
      const last = momentsOf(scenario).filter(({ phase }) => phase === 'over');
      expect(new Set(last.map(({ statement }) => statement)).size).toBe(program.statements.length);
    });
    fc.assert(property, { seed: 9, numRuns: 30 });
  });
});
