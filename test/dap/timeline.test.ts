import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { depthOf, type Moment } from '../../src/dap/moment';
import { loadScenario } from '../../src/dap/scenario';
import { stepBackTo, stepIn, stepOver, toTheEnd } from '../../src/dap/stepping/goals';
import { runBack, runBackTo, runForward, type Slice } from '../../src/dap/stepping/slices';
import type { Interruptions } from '../../src/dap/stops';
import { Timeline } from '../../src/dap/timeline';
import { runScenario } from '../../src/outcome';
import { sameState } from '../../src/simulator/same-state';
import { eventsOf, stateOf } from '../../src/simulator/schedule';
import { HOLE, manyFaults, REFUSED } from './scenarios';

const QUIET: Interruptions = { forward: () => null, back: () => null };

/** The step back from the innermost entry of the call stack. */
function stepBack(timeline: Timeline): Slice {
  return runBackTo(timeline, stepBackTo(depthOf(timeline.current)));
}

function toStop(slice: Slice) {
  for (;;) {
    const stop = slice();
    if (stop !== null) return stop;
  }
}

function load(text: string) {
  return loadScenario('test.gmem', text);
}

/** Every moment of a run, in order. */
function allMoments(text: string): readonly Moment[] {
  const timeline = new Timeline(load(text).program);
  const moments = [timeline.current];
  while (!timeline.atEnd()) moments.push(timeline.forward());
  return moments;
}

function expectSame(actual: Moment, expected: Moment): void {
  expect(actual.tick).toBe(expected.tick);
  expect(actual.statement).toBe(expected.statement);
  expect(sameState(stateOf(actual), stateOf(expected))).toBe(true);
  expect(eventsOf(actual)).toEqual(eventsOf(expected));
}

describe.each([
  ['a hole across two slots', HOLE],
  ['a refused binding', REFUSED],
  ['many faults', manyFaults(40)],
])('the timeline of %s', (_, text) => {
  const moments = allMoments(text);

  it('gives every earlier moment exactly', () => {
    const timeline = new Timeline(load(text).program);
    while (!timeline.atEnd()) timeline.forward();
    for (const expected of moments.toReversed()) expectSame(timeline.at(expected.tick), expected);
  });

  it('emits the events that a run without a debugger emits', () => {
    const { program } = load(text);
    const expected = [...runScenario(program)].map(({ events }) => events);
    const last = new Map(moments.map((moment) => [moment.statement, moment]));
    expect([...last.values()].map(eventsOf)).toEqual(expected);
  });

  it('comes back to the same moment after any steps forward and back', () => {
    const property = fc.property(
      fc.integer({ min: 0, max: moments.length - 1 }),
      fc.array(fc.constantFrom('in', 'over', 'back'), { maxLength: 30 }),
      (tick, steps) => {
        const { timeline } = load(text);
        while (timeline.current.tick < tick) timeline.forward();
        for (const step of steps) {
          if (step === 'back') toStop(stepBack(timeline));
          else {
            const goal = step === 'in' ? stepIn() : stepOver(timeline.current);
            toStop(runForward(timeline, goal, QUIET));
          }
          expectSame(timeline.current, moments[timeline.current.tick]!);
        }
      },
    );
    fc.assert(property, { seed: 7, numRuns: 40 });
  });

  it('undoes each step over of a statement by a step back', () => {
    const { timeline } = load(text);
    const starts: number[] = [];
    while (!timeline.atEnd()) {
      starts.push(timeline.current.tick);
      toStop(runForward(timeline, stepOver(timeline.current), QUIET));
    }
    for (const tick of starts.toReversed()) {
      toStop(stepBack(timeline));
      expectSame(timeline.current, moments[tick]!);
    }
    expect(toStop(stepBack(timeline))).toEqual({ kind: 'start' });
  });
});

describe('a long run', () => {
  const scenario = load(manyFaults(1000));
  const { timeline } = scenario;
  const forward = runForward(timeline, toTheEnd(), QUIET);
  while (forward() === null);

  it('keeps a bounded number of checkpoints', () => {
    expect(timeline.current.tick).toBeGreaterThan(20_000);
    expect(timeline.checkpointCount).toBeLessThanOrEqual(256);
  });

  it('goes back to its start slice by slice', () => {
    const back = runBack(timeline, QUIET.back);
    let slices = 1;
    while (back() === null) slices++;
    expect(slices).toBeGreaterThan(10);
    expect(timeline.current.tick).toBe(0);
  });

  it('runs again from its start, and describes nothing twice', () => {
    const again = runForward(timeline, toTheEnd(), QUIET);
    while (again() === null);
    expect(timeline.outcomes.length).toBe(scenario.program.statements.length);
  });
});
